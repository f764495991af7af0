"""Sets of claim status read and written: `records.py` says where everything stands.

reader = ClaimStatusResponseReader(one_set)
for answered in reader.subscribers(): answered.source, .receiver, .provider, .subscriber
reader.header, reader.findings
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.claim_status_276_277.records import (
    GUIDE,
    AskedSource,
    AskedSubscriber,
    AskingProvider,
    AskingReceiver,
    ClaimStatusInquiry,
    ClaimStatusResponse,
    InformedProvider,
    InformedReceiver,
    InformedSubscriber,
    InformingSource,
)
from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.loop_records import SetReader, found_in, read_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet


@dataclass(frozen=True, slots=True)
class Asked:
    """One subscriber of a 276 with what stands above; a level that ends earlier has nothing below."""

    source: AskedSource
    receiver: AskingReceiver | None
    provider: AskingProvider | None
    subscriber: AskedSubscriber | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One subscriber of a 277 with what stands above; a level with a status of its own may have nothing below."""

    source: InformingSource
    receiver: InformedReceiver | None
    provider: InformedProvider | None
    subscriber: InformedSubscriber | None


class ClaimStatusInquiryReader(SetReader[ClaimStatusInquiry]):
    """Reads one 276, subscriber by subscriber."""

    def __init__(self, one_set: TransactionSet) -> None:
        super().__init__(one_set, ClaimStatusInquiry, AskedSubscriber)

    def subscribers(self) -> Iterator[Asked]:
        """Each subscriber, its dependents with it."""
        for path in self.paths():
            source = found_in(path, AskedSource)
            if source is not None:
                receiver, provider = found_in(path, AskingReceiver), found_in(path, AskingProvider)
                yield Asked(source, receiver, provider, found_in(path, AskedSubscriber))


class ClaimStatusResponseReader(SetReader[ClaimStatusResponse]):
    """Reads one 277, subscriber by subscriber."""

    def __init__(self, one_set: TransactionSet) -> None:
        super().__init__(one_set, ClaimStatusResponse, InformedSubscriber)

    def subscribers(self) -> Iterator[Answered]:
        """Each subscriber, its dependents with it."""
        for path in self.paths():
            source = found_in(path, InformingSource)
            if source is not None:
                receiver, provider = found_in(path, InformedReceiver), found_in(path, InformedProvider)
                yield Answered(source, receiver, provider, found_in(path, InformedSubscriber))


def read_276(one_set: TransactionSet) -> tuple[ClaimStatusInquiry, tuple[Finding, ...]]:
    """A whole 276 at once."""
    return read_whole(one_set, ClaimStatusInquiry)


def read_277(one_set: TransactionSet) -> tuple[ClaimStatusResponse, tuple[Finding, ...]]:
    """A whole 277 at once."""
    return read_whole(one_set, ClaimStatusResponse)


def write_276(
    inquiry: ClaimStatusInquiry, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """A 276 from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    return write_whole(inquiry, "276", GUIDE, control_number, delimiters, checked=checked)


def write_277(
    response: ClaimStatusResponse, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """A 277 from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    return write_whole(response, "277", GUIDE, control_number, delimiters, checked=checked)
