"""claim.assembled."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.base import Value
from .values.encounter import ClaimKind
from .values.money import Money


class AssembledLine(Value):
    """A charge that goes on the books."""

    line_id: UUID
    ordinal: int
    service_on: date
    procedure: str | None = None
    charge: Money


class ClaimAssembled(Event):
    """Charges and who is asked to pay them, held or not, so that each charge is on the books. Self-pay has no claim."""

    topic: ClassVar[str] = "claim.assembled"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "account_id"

    account_id: UUID = Field(description="The claim's id; for self-pay the encounter's")
    encounter_id: UUID
    encounter_version: int = Field(ge=1)
    claim_id: UUID | None = None
    control_number: str | None = None
    kind: ClaimKind
    state: Literal["released", "held", "self_pay"]
    payers: tuple[str, ...] = Field(default=(), description="Payer ids in the order of billing")
    responsible: Literal["patient", "guarantor"] = "patient"
    lines: tuple[AssembledLine, ...]
    total_charge: Money
    patient_paid: Money | None = Field(
        default=None, description="What the patient paid at the desk: on the books, unapplied until a payer decides"
    )
