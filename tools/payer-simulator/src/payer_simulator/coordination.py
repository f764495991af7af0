"""How a later payer pays: from what the payers before it left to the patient."""

from decimal import ROUND_HALF_UP, Decimal

from claimstream_x12 import Adjustment
from claimstream_x12.claim_837 import BilledClaim, ServiceLine
from claimstream_x12.remittance_835 import Remark

from .rules import Payer

ZERO = Decimal(0)
CENT = Decimal("0.01")


def second_payment(
    billed: BilledClaim, line: ServiceLine, payer: Payer
) -> tuple[tuple[Adjustment, ...], tuple[Remark, ...]]:
    """The adjustments of a line: OA-23 for all that is not left to the patient, PR-2 for what this payer leaves to it."""
    if not line.charge:
        return (), ()
    left = left_to_patient(billed, line)
    if left is None:
        return (Adjustment("CO", "16", line.charge),), (Remark("HE", "N4"),)
    paid = (left * payer.secondary_percent / 100).quantize(CENT, ROUND_HALF_UP)
    reasons = (("OA", "23", line.charge - left), ("PR", "2", left - paid))
    return tuple(Adjustment(group, carc, amount) for group, carc, amount in reasons if amount), ()


def left_to_patient(billed: BilledClaim, line: ServiceLine) -> Decimal | None:
    """What the payers before this one left to the patient on a line: the least of them; None when none has decided it."""
    if line.prior_payments:
        return min(_patient_share(prior.adjustments) for prior in line.prior_payments)
    decided = [one for one in billed.claim.other_coverages if one.paid is not None]
    if not decided or not billed.claim.charge:
        return None
    # Decided as a whole: the line has its part by its charge, the last line what rounding leaves.
    whole = min(_patient_share(one.adjustments) for one in decided)
    before = ZERO
    for other in billed.claim.lines:
        part = (whole * other.charge / billed.claim.charge).quantize(CENT, ROUND_HALF_UP)
        if other is line:
            return min(line.charge, whole - before if other is billed.claim.lines[-1] else part)
        before += part
    return None


def _patient_share(adjustments: tuple[Adjustment, ...]) -> Decimal:
    return max(ZERO, sum((one.amount for one in adjustments if one.group == "PR"), ZERO))
