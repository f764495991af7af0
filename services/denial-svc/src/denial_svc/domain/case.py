"""A denial case: one refused adjustment of one line, and by when we must answer."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, Self
from uuid import UUID

from .catalogue import Catalogue


@dataclass(frozen=True)
class Case:
    """What a payer refused to pay, and where our answer stands. There is one per (remittance, claim, line, group, CARC)."""

    practice_id: str
    case_id: UUID
    claim_id: UUID
    control_number: str
    remittance_id: UUID
    payment_ordinal: int
    payer_id: str
    line_id: UUID | None
    procedure: str | None
    group: str
    carc: str
    remarks: tuple[str, ...]
    amount: Decimal
    cause: str
    scenario: str
    route: str
    paid_on: date
    answer_by: date
    payer_claim_number: str | None = None
    state: Literal["open", "withdrawn"] = "open"

    def withdraw(self) -> Self:
        """The payer took its decision back."""
        return replace(self, state="withdrawn")


def answer_by(paid_on: date, appeal_days: int) -> date:
    """The last day to answer: the payer's days, counted from the remittance's date (the notice)."""
    return paid_on + min(timedelta(days=appeal_days), date.max - paid_on)


def cause_of(carc: str, remarks: tuple[str, ...], catalogue: Catalogue) -> tuple[str, str, str]:
    """(cause, scenario, route): a remark that decides goes before the CARC; an unknown CARC is a cause to be read up."""
    for remark in remarks:
        if remark in catalogue.by_remark:
            deciding = catalogue.by_remark[remark]
            return deciding.cause, deciding.scenario, deciding.route
    known = catalogue.by_carc.get(carc)
    if known is None:
        return f"CARC {carc} is not in the catalogue: read the payer's remarks", "unknown", "A"
    return known.cause, known.scenario, known.route
