"""Amounts and quantities have the digits that an 837 has room for, and none is below nothing."""

from collections.abc import Iterator
from decimal import Decimal

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_LARGEST_DRUG = Decimal(99_999_999_999)
_DECIMALS = -3


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each number that does not fit."""
    largest = kind_of(content.kind).largest_units
    for line in content.lines:
        if line.units > largest or _decimals(line.units) < _DECIMALS:
            yield rule.finding("more digits than units have room for", f"lines/{line.ordinal}/units")
        drug = line.ndc_quantity
        if drug is not None and (drug > _LARGEST_DRUG or _decimals(drug) < _DECIMALS):
            yield rule.finding("more digits than a drug's quantity has room for", f"lines/{line.ordinal}/ndc_quantity")
    paid = content.facts.patient_paid
    if paid is not None and paid < 0:
        yield rule.finding("what the patient paid is less than nothing", "facts/patient_paid")


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= _DECIMALS:
        return 0
    exponent = number.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
