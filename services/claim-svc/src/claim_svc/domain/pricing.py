"""What we expect a payer to allow and pay for a line, from the practice's contract with it.

Without a contract, or outside what one covers, the expectation is unknown, never 0 and never the charge.
"""

from decimal import ROUND_HALF_UP, Decimal

from claimstream_schemas.values.claim import Expected
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.money import CENT
from claimstream_schemas.values.practice import FeeSchedule


def expected_for(line: ChargeLine, schedule: FeeSchedule | None) -> Expected:
    """Allowed and paid for one line; the allowed amount is never more than the charge (lesser-of clause)."""
    allowed = _allowed(line, schedule)
    if allowed is None or schedule is None:
        return Expected()
    paid = (allowed * schedule.payer_share_percent / 100).quantize(CENT, ROUND_HALF_UP)
    return Expected(allowed=allowed, paid=paid)


def _allowed(line: ChargeLine, schedule: FeeSchedule | None) -> Decimal | None:
    if schedule is None:
        return None
    fee = _fee(line, schedule)
    if fee is not None:
        return min(line.charge, (fee * line.units).quantize(CENT, ROUND_HALF_UP))
    if schedule.percent_of_charge is not None:
        return (line.charge * schedule.percent_of_charge / 100).quantize(CENT, ROUND_HALF_UP)
    return None


def _fee(line: ChargeLine, schedule: FeeSchedule) -> Decimal | None:
    fees = [fee for fee in schedule.fees if fee.procedure == line.procedure]
    with_modifier = [fee for fee in fees if fee.modifier in line.modifiers]
    plain = [fee for fee in fees if fee.modifier is None]
    chosen = (with_modifier or plain)[:1]
    return chosen[0].allowed if chosen else None


def contract_version(schedule: FeeSchedule | None) -> str | None:
    """The contract's name and version, as each submission keeps it."""
    return f"{schedule.id} {schedule.version}" if schedule else None
