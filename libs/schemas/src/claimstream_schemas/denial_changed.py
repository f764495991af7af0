"""denial.changed."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.money import Money


class DenialChanged(Event):
    """A denial case was opened or moved."""

    topic: ClassVar[str] = "denial.changed"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    case_id: UUID
    remittance_id: UUID
    state: Literal["open", "withdrawn"] = Field(description="withdrawn: the payer took the decision back")
    cause: str
    route: str = Field(description="R, C, A, I, P, O or W: what to do, see the catalogue")
    group: str
    carc: str
    remarks: tuple[str, ...] = ()
    amount: Money
    answer_by: date
    actor: str
