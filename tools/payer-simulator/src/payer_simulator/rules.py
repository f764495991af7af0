"""The payers' own rules, from a JSON file: fee schedules, what is not covered, what happens to which member id."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Money = Annotated[Decimal, Field(ge=0, decimal_places=2)]
Percent = Annotated[Decimal, Field(ge=0, le=100)]
EVERYONE_ELSE = "*"


class Rules(BaseModel):
    """A part of the rules file; unknown words are refused, so that a typing error is found."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Denial(Rules):
    """With which words a line is refused."""

    group: Literal["CO", "PR", "OA", "PI"]
    carc: str
    remark: str = ""


class NotCovered(Denial):
    """Codes that this payer does not cover."""

    codes: frozenset[str]


class ModifierNeeded(Rules):
    """A code that needs one of these modifiers when another code was done on the same day."""

    codes: frozenset[str]
    with_codes: frozenset[str]
    one_of: frozenset[str]


class Underpayment(Rules):
    """One claim in `every` (chosen by the seed) is paid `percent` of the fee schedule."""

    every: int = Field(ge=1)
    percent: Percent


class Payer(Rules):
    """One payer's rules."""

    name: str = ""
    percent_of_charge: Percent = Decimal(60)
    fees: dict[str, Money] = {}
    copay: dict[str, Money] = {}
    deductible: Money = Decimal(0)
    coinsurance_percent: Percent = Decimal(20)
    secondary_percent: Percent = Decimal(80)
    filing_days: int = Field(default=400, ge=1)
    not_covered: tuple[NotCovered, ...] = ()
    authorization_needed: frozenset[str] = frozenset()
    modifier_needed: tuple[ModifierNeeded, ...] = ()
    underpay: Underpayment | None = None
    takes_replacements: bool = True


class Triggers(Rules):
    """How a member id begins for which something out of the ordinary happens."""

    refused_by_277ca: dict[str, Literal["A3", "A6", "A7", "A8"]] = {}
    unanswered: str | None = None
    underpaid: str | None = None
    interest: str | None = None
    reversed: str | None = None
    dropped_twice: str | None = None
    unbalanced: str | None = None
    pays_a_stranger: str | None = None
    set_rejected: str | None = None
    interchange_rejected: str | None = None

    def refusal(self, member: str) -> str | None:
        """The 277CA category that refuses this member's claims; the longest prefix that fits decides."""
        fitting = [prefix for prefix in self.refused_by_277ca if member.startswith(prefix)]
        return self.refused_by_277ca[max(fitting, key=len)] if fitting else None


class Surprises(Rules):
    """By how much the triggers change things."""

    interest: Money = Decimal("3.21")
    left_to_patient: Money = Decimal("15.00")
    unbalanced_by: Money = Decimal("7.77")
    stranger_charge: Money = Decimal("90.00")
    stranger_paid: Money = Decimal("45.00")
    underpaid_percent: Percent = Decimal(85)


class Timing(Rules):
    """How long this partner takes, in seconds; and how many claims it pays together."""

    acknowledge_after: float = 0.2
    pay_after: float = 1.2
    again_after: float = 2.0
    claims_a_remittance: int = Field(default=25, ge=1)


class RuleFile(Rules):
    """The whole file."""

    about: str = ""
    payers: dict[str, Payer]
    triggers: Triggers = Triggers()
    surprises: Surprises = Surprises()
    timing: Timing = Timing()

    def payer(self, payer_id: str) -> Payer:
        """The rules of the payer with this id; what it does not say of itself, the rules for everyone else say."""
        general = self.payers.get(EVERYONE_ELSE) or Payer()
        own = self.payers.get(payer_id)
        return (
            general.model_copy(update={name: getattr(own, name) for name in own.model_fields_set}) if own else general
        )


def read_rules(path: Path) -> RuleFile:
    """The rules of a file.

    Raises:
        ValueError: the file does not fit; the message names the place.
    """
    return RuleFile.model_validate(json.loads(path.read_text(), parse_float=Decimal))
