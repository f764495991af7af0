"""What a payer has agreed to pay a practice, as events carry it: by its own revisions, and in each by date of service."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from pydantic import Field

from .base import Value
from .encounter import Modifier
from .money import Money
from .practice import FeeSchedule, Key


class NamedContract(Value):
    """A contract of a practice, in the revision that holds."""

    id: Key
    revision: int = Field(ge=1)


class ContractFee(Value):
    """What a contract allows for one procedure."""

    procedure: str = Field(min_length=4, max_length=5)
    modifier: Modifier | None = None
    allowed: Money = Field(ge=0)


class ContractTerms(Value):
    """What holds between two days of service: per-code amounts first, else a percentage of the charge, else unknown."""

    number: int = Field(ge=1, description="Which terms of the contract these are; their fees may be in several chunks")
    version: str = Field(max_length=40)
    effective_from: date
    effective_to: date | None = None
    fees: tuple[ContractFee, ...] = ()
    percent_of_charge: Decimal | None = Field(default=None, gt=0, le=100)
    payer_share_percent: Decimal = Field(default=Decimal(100), ge=0, le=100)


def terms_of(schedules: Iterable[FeeSchedule]) -> tuple[ContractTerms, ...]:
    """The fee schedules of one name, as the terms of one contract."""
    return tuple(
        ContractTerms(number=number, **schedule.model_dump(exclude={"id"}))
        for number, schedule in enumerate(schedules, start=1)
    )
