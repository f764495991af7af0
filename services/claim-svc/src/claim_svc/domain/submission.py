"""A submission of a claim to one payer, and how far it came."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Self
from uuid import UUID

from claimstream_schemas.values.claim import PayerSequence


@dataclass(frozen=True)
class Submission:
    """One submission of a claim, and how far it came."""

    practice_id: str
    submission_id: UUID
    claim_id: UUID
    ordinal: int
    payer_sequence: PayerSequence
    payer_id: str
    frequency_code: str
    total_charge: Decimal
    state: str = "queued"
    """queued, sent, accepted by the partner (file_accepted), accepted by the payer (payer_accepted), rejected"""
    is_live: bool = True
    file_name: str | None = None
    payer_claim_number: str | None = None
    rejection: str | None = None
    remedy: str | None = None
    submitted_at: datetime | None = None

    @property
    def corrects(self) -> bool:
        """Whether it replaces or voids what its payer has decided."""
        return self.frequency_code in ("7", "8")

    def sent(self, file_name: str) -> Self:
        """It left in a file."""
        return replace(self, file_name=file_name, state="sent" if self.state == "queued" else self.state)

    def file_accepted(self) -> Self:
        """The partner took the file; says nothing of the claim."""
        return replace(self, state="file_accepted") if self.state in ("queued", "sent") else self

    def accepted(self, *, payer_level: bool, payer_claim_number: str | None) -> Self:
        """A 277CA accepted it at its level; only the payer's own counts as acceptance into adjudication."""
        number = payer_claim_number or self.payer_claim_number
        state = "payer_accepted" if payer_level and self.state != "rejected" else self.state
        return replace(self, state=state, payer_claim_number=number)

    def rejected(self, why: str, remedy: str | None) -> Self:
        """It was refused before adjudication: it never was filed, and goes again with the same frequency."""
        return replace(self, state="rejected", is_live=False, rejection=why, remedy=remedy)
