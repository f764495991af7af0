"""Sets of eligibility read and written: `records.py` says where everything stands.

reader = EligibilityResponseReader(one_set)
for answered in reader.subscribers(): answered.source, answered.receiver, answered.subscriber
reader.header, reader.findings
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.eligibility_270_271.records import (
    GUIDE,
    AskedSource,
    AskedSubscriber,
    AskingReceiver,
    CoveredSubscriber,
    EligibilityInquiry,
    EligibilityResponse,
    InformedReceiver,
    InformingSource,
)
from claimstream_x12.loop_records import SetReader, found_in, read_whole, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet


@dataclass(frozen=True, slots=True)
class Asked:
    """One subscriber of a 270 with who is asked and who asks; a level that ends earlier has nothing below."""

    source: AskedSource
    receiver: AskingReceiver | None
    subscriber: AskedSubscriber | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One subscriber of a 271 with who answers and whom; a level that is refused may have nothing below."""

    source: InformingSource
    receiver: InformedReceiver | None
    subscriber: CoveredSubscriber | None


class EligibilityInquiryReader(SetReader[EligibilityInquiry]):
    """Reads one 270, subscriber by subscriber."""

    def __init__(self, one_set: TransactionSet) -> None:
        super().__init__(one_set, EligibilityInquiry, AskedSubscriber)

    def subscribers(self) -> Iterator[Asked]:
        """Each subscriber, its dependents with it."""
        for path in self.paths():
            source = found_in(path, AskedSource)
            if source is not None:
                yield Asked(source, found_in(path, AskingReceiver), found_in(path, AskedSubscriber))


class EligibilityResponseReader(SetReader[EligibilityResponse]):
    """Reads one 271, subscriber by subscriber."""

    def __init__(self, one_set: TransactionSet) -> None:
        super().__init__(one_set, EligibilityResponse, CoveredSubscriber)

    def subscribers(self) -> Iterator[Answered]:
        """Each subscriber, its dependents with it."""
        for path in self.paths():
            source = found_in(path, InformingSource)
            if source is not None:
                yield Answered(source, found_in(path, InformedReceiver), found_in(path, CoveredSubscriber))


def read_270(one_set: TransactionSet) -> tuple[EligibilityInquiry, tuple[Finding, ...]]:
    """A whole 270 at once."""
    return read_whole(one_set, EligibilityInquiry)


def read_271(one_set: TransactionSet) -> tuple[EligibilityResponse, tuple[Finding, ...]]:
    """A whole 271 at once."""
    return read_whole(one_set, EligibilityResponse)


def write_270(
    inquiry: EligibilityInquiry, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """A 270 from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    return write_whole(inquiry, "270", GUIDE, control_number, delimiters, checked=checked)


def write_271(
    response: EligibilityResponse, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """A 271 from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    return write_whole(response, "271", GUIDE, control_number, delimiters, checked=checked)
