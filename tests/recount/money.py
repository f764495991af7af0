"""What the posted payments did to each claim that was sent: paid, adjusted, patient, denied, undecided, and what lies between.

The rules are the issue's: CO-45 is adjusted down to the expected allowed only, OA-23 counts nowhere, the patient's share waits while
another payer is to be asked, and whatever else lowers a payment is a denial unless it is one of the few that never are.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .claims import SentClaim
from .remittances import Adjustment, PaidLine, Payment, Remittance

ZERO = Decimal(0)
PATIENTS_SHARE = frozenset({"1", "2", "3", "142", "178"})
SEQUESTRATION = "253"
ABOVE_THE_CONTRACT = "45"
PRIOR_PAYER = "23"
VOID = "8"
MEDICAIDS_COPAY = frozenset({"142", "178"})
QMB = frozenset({"N781", "N782", "N783"})


@dataclass
class Balance:
    """Where the charge of a claim went."""

    charged: Decimal
    paid: Decimal = ZERO
    adjusted: Decimal = ZERO
    patient: Decimal = ZERO
    denied: Decimal = ZERO
    undecided: Decimal = ZERO
    """Lines that the first payer said nothing of."""
    waiting: Decimal = ZERO
    """The patient's share, while another payer is to be asked."""
    beyond_contract: Decimal = ZERO
    """CO-45 beyond the expected."""
    unbillable: Decimal = ZERO
    """The patient's share that the law keeps from the patient's bill."""
    credit: Decimal = ZERO
    """Below zero: what came beyond what was owed."""
    cases: int = 0

    def settle(self) -> None:
        """Nobody owes less than nothing: what is below zero is owed back."""
        for name in ("patient", "denied", "undecided", "waiting", "beyond_contract"):
            below = min(ZERO, getattr(self, name))
            setattr(self, name, getattr(self, name) - below)
            self.credit += below

    @property
    def place(self) -> str:
        """What a decision made of the claim, by the money alone."""
        explained = (self.adjusted, self.patient, self.waiting, self.unbillable, self.denied, self.beyond_contract)
        if self.denied > 0 and self.paid <= 0:
            return "denied"
        if self.undecided > 0:
            return "partly_answered" if self.paid or any(explained) else "undecided"
        if self.denied > 0:
            return "partially_paid"
        if self.beyond_contract > 0:
            return "underpaid"
        if self.waiting > 0:
            return "awaiting_next_payer"
        return "paid" if self.paid > 0 else "zero_expected"


@dataclass
class Posted:
    """All claims' balances, and what the posted sets say beside them."""

    balances: dict[str, Balance]
    decided: set[str]
    cases_opened: int
    underpayments_opened: int = 0
    voided: set[str] = field(default_factory=set)
    """Claims whose void every payer has answered by taking its decision back."""
    first: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """What was charged, and what refused, in the first decision on what left first; it may have been taken back since."""
    cash: Decimal = ZERO
    provider: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """By PLB03-1."""
    suspense: Decimal = ZERO


@dataclass
class _Decision:
    payment: Payment
    sent: SentClaim
    cases: int = 0
    underpayments: int = 0
    balance: Balance = field(default_factory=lambda: Balance(ZERO))


def post(remittances: Iterable[Remittance], sent: Iterable[SentClaim], expected: dict[str, Decimal]) -> Posted:
    """Post every payment of the balanced sets. `expected` has the allowed amount of a line by its REF*6R."""
    submissions: dict[str, list[SentClaim]] = defaultdict(list)
    for claim in sent:
        submissions[claim.number].append(claim)
    found = Posted({}, set(), 0)
    standing: dict[str, list[_Decision]] = defaultdict(list)
    reversals: list[Payment] = []
    for remittance in remittances:
        found.cash += remittance.paid
        for reason, amount in remittance.provider_adjustments:
            found.provider[reason] += amount
        for payment in remittance.payments:
            if payment.number not in submissions:
                found.suspense += payment.paid
            elif payment.is_reversal:
                reversals.append(payment)
            else:
                claim = _answered(payment, remittance.payer, submissions[payment.number])
                decision = _decide(payment, claim, expected)
                found.cases_opened += decision.cases
                found.underpayments_opened += decision.underpayments
                found.suspense += sum((line.paid for line in payment.lines if line.number not in claim.lines), ZERO)
                standing[payment.number].append(decision)
    found.first = {number: _first_word(decisions) for number, decisions in standing.items() if decisions}
    for reversal in reversals:
        found.suspense += _take_back(reversal, standing[reversal.number])
    for number, claims in submissions.items():
        _settle(number, claims, standing[number], found)
    return found


def _first_word(decisions: list[_Decision]) -> tuple[Decimal, Decimal]:
    """Of what left first the first decision: what it charged and what it refused."""
    first = min(decisions, key=lambda each: each.sent.ordinal)
    return first.payment.charge, first.balance.denied


def _settle(number: str, claims: list[SentClaim], standing: list[_Decision], found: Posted) -> None:
    if max(claims, key=lambda each: each.ordinal).frequency == VOID and not standing:
        found.voided.add(number)
        return
    found.balances[number] = _balance(claims, standing)
    if standing:
        found.decided.add(number)


def _answered(payment: Payment, payer: str, submissions: list[SentClaim]) -> SentClaim:
    """The submission that a payment answers: its lines name it, else the payer does."""
    for line in payment.lines:
        for claim in submissions:
            if line.number in claim.lines:
                return claim
    return next((claim for claim in reversed(submissions) if claim.payer == payer), submissions[-1])


def _decide(payment: Payment, sent: SentClaim, expected: dict[str, Decimal]) -> _Decision:
    decision = _Decision(payment, sent)
    for line in payment.lines:
        if line.number in sent.lines:
            decision.balance.paid += line.paid
            for adjustment in line.adjustments:
                _place(adjustment, decision, line, expected.get(line.number))
    if not payment.lines:
        decision.balance.paid += payment.paid
    for adjustment in payment.adjustments:
        _place(adjustment, decision, None, None)
    return decision


def _place(adjustment: Adjustment, decision: _Decision, line: PaidLine | None, expected: Decimal | None) -> None:
    balance, amount = decision.balance, adjustment.amount
    if adjustment.reason == PRIOR_PAYER and adjustment.group == "OA":
        return
    if adjustment.reason == ABOVE_THE_CONTRACT and adjustment.group != "PR":
        allowed_less = ZERO
        if line is not None and expected is not None:
            lowered = sum((each.amount for each in line.adjustments if each.reason == ABOVE_THE_CONTRACT), ZERO)
            allowed_less = max(ZERO, min(amount, expected - (line.charge - lowered)))
            if expected > 0 and lowered == line.charge:
                balance.denied += amount
                decision.cases += 1
                return
        balance.adjusted += amount - allowed_less
        balance.beyond_contract += allowed_less
        decision.underpayments += allowed_less > 0
    elif amount > 0 and _is_refusal(adjustment):
        balance.denied += amount
        decision.cases += 1
    elif adjustment.group == "PR" and decision.sent.has_next_payer:
        balance.waiting += amount
    elif adjustment.group == "PR" and _is_not_billable(adjustment, decision, line):
        balance.unbillable += amount
    elif adjustment.group == "PR":
        balance.patient += amount
    else:
        balance.adjusted += amount


def _is_refusal(adjustment: Adjustment) -> bool:
    if adjustment.group == "PR":
        return adjustment.reason not in PATIENTS_SHARE
    return adjustment.reason not in {SEQUESTRATION, PRIOR_PAYER}


def _is_not_billable(adjustment: Adjustment, decision: _Decision, line: PaidLine | None) -> bool:
    """Medicaid's patient owes its copay alone, who was hurt at work nothing, and a qualified beneficiary none of Medicare's share."""
    if decision.sent.filing_code == "MC":
        return adjustment.reason not in MEDICAIDS_COPAY
    remarks = {*decision.payment.remarks, *(line.remarks if line else ())}
    return decision.sent.filing_code == "WC" or bool(remarks & QMB)


def _take_back(reversal: Payment, standing: list[_Decision]) -> Decimal:
    """A reversal ends the decision whose amounts it negates; what fits none stays in suspense."""
    for decision in reversed(standing):
        if decision.payment.amounts() == reversal.amounts(-1):
            standing.remove(decision)
            return ZERO
    return reversal.paid


def _balance(claims: list[SentClaim], decisions: list[_Decision]) -> Balance:
    primary = max((claim for claim in claims if claim.sequence == "P"), key=lambda each: each.ordinal)
    total = Balance(charged=primary.charge)
    decided: set[str] = set()
    for decision in decisions:
        part = decision.balance
        total.paid += part.paid
        total.adjusted += part.adjusted
        total.patient += part.patient
        total.denied += part.denied
        total.beyond_contract += part.beyond_contract
        total.unbillable += part.unbillable
        total.waiting += part.waiting
        total.cases += decision.cases
        if decision.sent.sequence == "P":
            lines = {line.number for line in decision.payment.lines} or set(primary.lines)
            decided |= {number[-3:] for number in lines}
        else:
            # A later payer decides on what the one before left to the patient.
            total.waiting -= (
                part.paid
                + part.adjusted
                + part.patient
                + part.unbillable
                + part.denied
                + part.beyond_contract
                + part.waiting
            )
    total.undecided = sum((charge for number, charge in primary.lines.items() if number[-3:] not in decided), ZERO)
    total.settle()
    return total


def cents(amount: Decimal) -> int:
    """An amount in cents."""
    whole = amount * 100
    if whole != whole.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(whole)
