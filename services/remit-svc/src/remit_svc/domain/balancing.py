"""Whether an 835 balances, at line, claim and transaction level, before anything is posted.

Line: SVC02 - ΣCAS = SVC03. Claim: CLP03 - Σ(claim and line CAS) = CLP04. Transaction: ΣCLP04 - ΣPLB = BPR02
(X12 RFI 358, 2601; BPR02 is never negative, RFI 758 and 1604). AMT and QTY are information and never count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimstream_schemas.values.money import ZERO
from claimstream_schemas.values.payment import Adjustment, ClaimPayment, ProviderAdjustment, RemittanceHeader


@dataclass(frozen=True)
class Imbalance:
    """What does not balance: where, and the amount that is missing (signed: what was said minus what adds up)."""

    place: str
    missing: Decimal

    @property
    def missing_cents(self) -> int:
        """The amount in cents; a sum of amounts may be larger than any of them."""
        return int(self.missing * 100)

    def __str__(self) -> str:
        """For people."""
        return f"{self.place}: {self.missing:+.2f} is missing"


def imbalances(
    header: RemittanceHeader, payments: Sequence[ClaimPayment], provider_adjustments: Iterable[ProviderAdjustment]
) -> list[Imbalance]:
    """All that does not balance in a set; empty when it does."""
    found = []
    for payment in payments:
        found += _claim_imbalances(payment)
    paid = sum((payment.paid for payment in payments), ZERO)
    adjusted = sum((each.amount for each in provider_adjustments), ZERO)
    if paid - adjusted != header.amount:
        found.append(Imbalance("BPR02", header.amount - (paid - adjusted)))
    if header.amount < ZERO:
        found.append(Imbalance("BPR02 is negative", header.amount))
    return found


def _claim_imbalances(payment: ClaimPayment) -> list[Imbalance]:
    found = []
    for number, line in enumerate(payment.lines, start=1):
        expected = line.charge - _sum(line.adjustments)
        if expected != line.paid:
            found.append(Imbalance(f"CLP {payment.ordinal}, SVC {number}", line.paid - expected))
    of_lines = sum((_sum(line.adjustments) for line in payment.lines), ZERO)
    expected = payment.charge - _sum(payment.adjustments) - of_lines
    if expected != payment.paid:
        found.append(Imbalance(f"CLP {payment.ordinal}", payment.paid - expected))
    return found


def _sum(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((each.amount for each in adjustments), ZERO)
