"""denial.changed."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.money import Money


class DenialChanged(Event):
    """A case was opened or moved: of a refusal, or of an underpayment."""

    topic: ClassVar[str] = "denial.changed"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    case_id: UUID
    remittance_id: UUID
    state: Literal["open", "withdrawn", "closed"] = Field(
        description="withdrawn: the payer took the decision back; closed: money came, or a newer decision stands in its place"
    )
    closed_because: Literal["paid", "decided_anew"] | None = None
    cause: str
    route: str = Field(description="R, C, A, I, P, O or W: what to do, see the catalogue")
    group: str
    carc: str
    remarks: tuple[str, ...] = ()
    amount: Money
    may_appeal: bool = Field(default=True, description="False: a hard stop of the catalogue stands against an appeal")
    hard_stop: str | None = Field(default=None, description="Why there is no appeal")
    answer_by: date
    actor: str
