"""A submission on its way out, and where it is."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.encounter import ClaimKind

SubmissionState = Literal["queued", "prepared", "sent", "refused"]


@dataclass(frozen=True)
class Submission:
    """One submission of a claim to one payer; it travels in one file, once."""

    practice_id: str
    submission_id: UUID
    claim_id: UUID
    ordinal: int
    payer_sequence: PayerSequence
    control_number: str  # CLM01
    payer_x12_id: str
    submitter_id: str
    receiver_id: str
    kind: ClaimKind
    document: Any  # claim.submitted as it was heard: JSON to write, then its value or as much of it as was asked for
    heard_at: datetime
    state: SubmissionState = "queued"
    file_id: UUID | None = None
    set_number: int | None = None
    place: int | None = None

    def prepare(self, file_id: UUID, set_number: int, place: int) -> "Submission":
        """It has its place in a file."""
        return replace(self, state="prepared", file_id=file_id, set_number=set_number, place=place)

    def refuse(self) -> "Submission":
        """It cannot be written: it travels in no file."""
        return replace(self, state="refused")

    def send(self) -> "Submission":
        """Its file is in the folder."""
        return replace(self, state="sent")

    @property
    def line_ids(self) -> dict[str, UUID]:
        """Our lines by the control number that each carries in REF*6R."""
        return {line["line_control_number"]: UUID(line["line_id"]) for line in self.document["lines"]}
