"""What we expect a payer to allow and pay for a line, from the practice's contract with it.

Without a contract, or outside what one covers, the expectation is unknown, never 0 and never the charge.
"""

from decimal import ROUND_HALF_UP, Decimal

from claimstream_schemas.values.claim import Expected
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.money import CENT

from .contracts import Terms


def expected_for(line: ChargeLine, terms: Terms | None) -> Expected:
    """Allowed and paid for one line; the allowed amount is never more than the charge (lesser-of clause)."""
    allowed = _allowed(line, terms)
    if allowed is None or terms is None:
        return Expected()
    paid = (allowed * terms.payer_share_percent / 100).quantize(CENT, ROUND_HALF_UP)
    return Expected(allowed=allowed, paid=paid)


def _allowed(line: ChargeLine, terms: Terms | None) -> Decimal | None:
    if terms is None:
        return None
    fee = terms.fee_for(line.procedure, line.modifiers)
    if fee is not None:
        return min(line.charge, (fee * line.units).quantize(CENT, ROUND_HALF_UP))
    if terms.percent_of_charge is not None:
        return (line.charge * terms.percent_of_charge / 100).quantize(CENT, ROUND_HALF_UP)
    return None


def contract_version(terms: Terms | None) -> str | None:
    """The contract's name and version, as each submission keeps it."""
    return f"{terms.contract_id} {terms.version}" if terms else None
