"""Sets of services review read and written: `records.py` says where everything stands.

reader = ServicesReviewReader(one_set)
for reviewed in reader.events(): reviewed.requester, reviewed.subscriber, reviewed.dependent, reviewed.event
reader.header, reader.findings
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.loop_records import SetReader, found_in, read_whole, write_whole
from claimstream_x12.services_review_278.records import (
    GUIDE,
    Dependent,
    PatientEvent,
    Requester,
    ReviewOrganization,
    ServicesReview,
    Subscriber,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One patient event with what stands above; a level that is refused may have nothing below."""

    organization: ReviewOrganization
    requester: Requester | None
    subscriber: Subscriber | None
    dependent: Dependent | None  # None: the subscriber is the patient
    event: PatientEvent | None


class ServicesReviewReader(SetReader[ServicesReview]):
    """Reads one 278, request or response, event by event."""

    def __init__(self, one_set: TransactionSet) -> None:
        super().__init__(one_set, ServicesReview, PatientEvent)

    def events(self) -> Iterator[Reviewed]:
        """Each patient event, its services with it."""
        for path in self.paths():
            organization = found_in(path, ReviewOrganization)
            if organization is not None:
                yield Reviewed(
                    organization,
                    found_in(path, Requester),
                    found_in(path, Subscriber),
                    found_in(path, Dependent),
                    found_in(path, PatientEvent),
                )


def read_278(one_set: TransactionSet) -> tuple[ServicesReview, tuple[Finding, ...]]:
    """A whole 278 at once."""
    return read_whole(one_set, ServicesReview)


def write_278(
    review: ServicesReview, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """A 278 from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    return write_whole(review, "278", GUIDE, control_number, delimiters, checked=checked)
