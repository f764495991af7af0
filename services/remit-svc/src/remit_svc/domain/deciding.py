"""What a payer's decision does to a claim's account: each amount of each line goes to one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import Adjustment, ClaimPayment, LinePayment

from .account import ExpectedLine, SubmissionFacts
from .guardrails import Guardrails
from .ledger import DENIED, NEXT_PAYER, PAID, PATIENT, VARIANCE, Entry, merged, source_of

PRIOR_PAYER = "23"
"""OA-23: what a payer before us decided; it counts nowhere, for its own decision is posted already."""

FORWARDED = ("19", "20", "21")


@dataclass(frozen=True)
class Refusal:
    """An adjustment that opens a case."""

    line_id: UUID | None
    adjustment: Adjustment
    remarks: tuple[str, ...]
    amount_cents: int


@dataclass(frozen=True)
class LineResult:
    """What became of one line."""

    payment: LinePayment
    ours: ExpectedLine
    paid_cents: int
    patient_cents: int
    denied_cents: int
    allowed_cents: int
    variance_cents: int | None
    """Allowed minus expected; None where nothing was expected."""


@dataclass
class Decision:
    """A claim payment, taken apart."""

    entries: list[Entry] = field(default_factory=list)
    lines: list[LineResult] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unmatched: list[LinePayment] = field(default_factory=list)
    paid_cents: int = 0
    patient_cents: int = 0
    suspense_cents: int = 0
    """What was paid on lines that are not ours; with ``paid_cents`` it is what the claim was paid (CLP04)."""

    @property
    def denied_cents(self) -> int:
        """What opened a case."""
        return sum(each.amount_cents for each in self.refusals)


def decide(
    payment: ClaimPayment, submission: SubmissionFacts, matched: list[ExpectedLine | None], guardrails: Guardrails
) -> Decision:
    """Take a payment apart. Amounts leave the account that holds them: open charges, or what waited for this payer.

    Lines say what was paid on each before the claim's own adjustments (CLP03 - ΣCAS of claim and lines = CLP04): what these
    take off, or what was paid on no line at all, is paid on the claim itself, so that lines and claim add up to CLP04.
    """
    taker = _Taker(submission, guardrails)
    for line, ours in zip(payment.lines, matched, strict=True):
        if ours is None:
            taker.decision.unmatched.append(line)
        else:
            taker.take_line(line, ours)
    paid, unmatched = cents(payment.paid), taker.decision.unmatched
    is_all_unmatched = bool(payment.lines) and len(unmatched) == len(payment.lines)
    taker.decision.suspense_cents = paid if is_all_unmatched else sum(cents(each.paid) for each in unmatched)
    taker.pay(paid - taker.decision.suspense_cents - taker.decision.paid_cents, None)
    taker.take_claim_level(payment)
    taker.decision.entries = list(merged(taker.decision.entries))
    return taker.decision


class _Taker:
    def __init__(self, submission: SubmissionFacts, guardrails: Guardrails) -> None:
        self.decision = Decision()
        self._submission = submission
        self._guardrails = guardrails
        self._from = source_of(submission.payer_sequence)
        self._share_to = NEXT_PAYER if submission.next_payers else PATIENT

    def take_line(self, line: LinePayment, ours: ExpectedLine) -> None:
        paid = cents(line.paid)
        self.pay(paid, ours.line_id)
        contractual = sum(cents(each.amount) for each in line.adjustments if self._contractual(each))
        allowed = cents(line.charge) - contractual
        before = (self.decision.patient_cents, self.decision.denied_cents)
        for adjustment in line.adjustments:
            if self._contractual(adjustment):
                self._take_contractual(adjustment, ours, contractual, allowed, line.remarks)
            else:
                self._take_other(adjustment, ours.line_id, line.remarks)
        self.decision.lines.append(
            LineResult(
                payment=line,
                ours=ours,
                paid_cents=paid,
                patient_cents=self.decision.patient_cents - before[0],
                denied_cents=self.decision.denied_cents - before[1],
                allowed_cents=allowed,
                variance_cents=None if ours.allowed_cents is None else allowed - ours.allowed_cents,
            )
        )

    def take_claim_level(self, payment: ClaimPayment) -> None:
        for adjustment in payment.adjustments:
            if self._contractual(adjustment):
                self._move(f"adjustment.{adjustment.group}", cents(adjustment.amount), None, adjustment)
            else:
                self._take_other(adjustment, None, payment.remarks)

    def pay(self, paid: int, line_id: UUID | None) -> None:
        self.decision.paid_cents += paid
        self._entry(PAID, paid, line_id, None)
        self._entry(self._from, -paid, line_id, None)

    def _contractual(self, adjustment: Adjustment) -> bool:
        return self._guardrails.is_contractual(adjustment.group, adjustment.carc)

    def _take_contractual(
        self, adjustment: Adjustment, ours: ExpectedLine, contractual: int, allowed: int, remarks: tuple[str, ...]
    ) -> None:
        """CO-45 is adjusted down to the expected allowed; beyond that it stays open; all of a charge opens a case."""
        amount = cents(adjustment.amount)
        expected = ours.allowed_cents
        if expected is None or allowed >= expected or amount <= 0:
            self._move(f"adjustment.{adjustment.group}", amount, ours.line_id, adjustment)
        elif expected > 0 and contractual == ours.cents:
            self._refuse(adjustment, ours.line_id, remarks)
        else:
            beyond = min(amount, expected - allowed)
            self._move(f"adjustment.{adjustment.group}", amount - beyond, ours.line_id, adjustment)
            self._move(VARIANCE, beyond, ours.line_id, adjustment)

    def _take_other(self, adjustment: Adjustment, line_id: UUID | None, remarks: tuple[str, ...]) -> None:
        amount = cents(adjustment.amount)
        if adjustment.carc == PRIOR_PAYER and adjustment.group == "OA":
            return
        if amount > 0 and self._opens_case(adjustment):
            self._refuse(adjustment, line_id, remarks)
        elif adjustment.group == "PR":
            self.decision.patient_cents += amount
            self._move(self._share_to, amount, line_id, adjustment)
        else:
            self._move(f"adjustment.{adjustment.group}", amount, line_id, adjustment)

    def _opens_case(self, adjustment: Adjustment) -> bool:
        has_next = bool(self._submission.next_payers)
        return self._guardrails.opens_case(adjustment.group, adjustment.carc, has_next_payer=has_next)

    def _refuse(self, adjustment: Adjustment, line_id: UUID | None, remarks: tuple[str, ...]) -> None:
        amount = cents(adjustment.amount)
        self.decision.refusals.append(Refusal(line_id, adjustment, remarks, amount))
        self._move(DENIED, amount, line_id, adjustment)

    def _move(self, account: str, amount: int, line_id: UUID | None, adjustment: Adjustment) -> None:
        self._entry(account, amount, line_id, adjustment)
        self._entry(self._from, -amount, line_id, None)

    def _entry(self, account: str, amount: int, line_id: UUID | None, adjustment: Adjustment | None) -> None:
        reason = f"{adjustment.group}-{adjustment.carc}" if adjustment else None
        self.decision.entries.append(Entry(account, amount, line_id, self._submission.payer_id, reason))


def outcome_of(payment: ClaimPayment, decision: Decision) -> str:
    """Derived from what was paid and refused, never from CLP02 alone (X12 RFI 1423, 207)."""
    if payment.status in FORWARDED or payment.forwarded_to:
        return "forwarded"
    if decision.paid_cents == 0:
        return "denied" if decision.denied_cents > 0 else "zero_expected"
    return "partial" if decision.denied_cents > 0 else "paid"


def is_negation(reversal: Iterable[Entry], original: Iterable[Entry]) -> bool:
    """Whether a reversal takes back exactly what was posted."""
    negative = {(each.account, each.line_id, each.reason): -each.cents for each in reversal}
    return negative == {(each.account, each.line_id, each.reason): each.cents for each in original}
