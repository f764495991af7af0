"""What a payer decides about one claim: a decision a line, each balanced (charge - adjustments = paid)."""

from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from claimstream_x12 import Adjustment, Amount, Dated, Procedure, Reference
from claimstream_x12.claim_837 import BilledClaim, ServiceLine
from claimstream_x12.remittance_835 import DateMark, Remark, ServicePayment

from .coordination import second_payment
from .rules import Denial, Payer

CENT = Decimal("0.01")
ZERO = Decimal(0)
LATE = Denial(group="CO", carc="29")
DUPLICATE = Denial(group="OA", carc="18")
MODIFIER_MISSING = Denial(group="CO", carc="4")
NOT_AUTHORIZED = Denial(group="CO", carc="197", remark="M62")
UNIT_DATES = "472"
INTERIM = frozenset({"2", "3", "4"})
"""The first, a continuing and the last bill of one stay: each is a claim of its own."""
NEW_CLAIMS = frozenset({"1", "9"}) | INTERIM
"""What may be late or a duplicate; a replacement is neither: it repeats on purpose."""


class History(Protocol):
    """What this payer has seen before."""

    def billed_elsewhere(self, key: str, control_number: str) -> bool:
        """Whether the same service was billed under another claim."""

    def bill(self, key: str, control_number: str) -> None:
        """The service counts from now on as billed under this claim."""

    def deductible_used(self, payer: str, patient: str, year: int) -> Decimal:
        """What the patient has paid of the year's deductible."""

    def use_deductible(self, payer: str, patient: str, year: int, amount: Decimal) -> None:
        """The patient pays this much more of it."""


@dataclass(frozen=True)
class Circumstances:
    """What a decision depends on beside the claim and the payer's rules."""

    payer_id: str
    received_on: date
    history: History
    fee_percent: Decimal = Decimal(100)
    left_to_patient: Decimal = ZERO


@dataclass(frozen=True)
class DeductibleUse:
    """What a patient paid of a year's deductible."""

    patient: str
    year: int
    amount: Decimal


@dataclass
class Decision:
    """One claim's lines as decided, and what the decision used up: a payer that takes it back gives that back too."""

    lines: list[ServicePayment] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    deductibles: list[DeductibleUse] = field(default_factory=list)

    @property
    def paid(self) -> Decimal:
        """What is paid for all lines."""
        return sum((line.paid for line in self.lines), ZERO)

    @property
    def patient_responsibility(self) -> Decimal:
        """What is left to the patient."""
        adjustments = (one for line in self.lines for one in line.adjustments if one.group == "PR")
        return sum((one.amount for one in adjustments), ZERO)


def adjudicate(billed: BilledClaim, payer: Payer, around: Circumstances) -> Decision:
    """Decide each line."""
    decision = Decision()
    left = around.left_to_patient
    for line in billed.claim.lines:
        if billed.subscriber.responsibility != "P":
            adjustments, remarks = second_payment(billed, line, payer)
        else:
            denial = _denial(billed, line, payer, around)
            if denial not in {LATE, DUPLICATE}:
                key = service_key(billed, line, around.payer_id)
                around.history.bill(key, billed.claim.control_number)
                decision.services.append(key)
            adjustments, remarks = (
                _refused(line, denial) if denial else (_paid(billed, line, payer, around, decision), ())
            )
        paid = line.charge - sum((one.amount for one in adjustments), ZERO)
        shifted = min(left, paid)
        if shifted:
            adjustments, paid, left = _shift(adjustments, shifted), paid - shifted, left - shifted
        decision.lines.append(_line_payment(line, paid, adjustments, remarks))
    return decision


def patient_key(billed: BilledClaim) -> str:
    """The person that was treated: a member, or a dependent under a member's id."""
    person = billed.patient.party.first if billed.patient else ""
    return f"{billed.subscriber.party.id}/{person}"


def service_key(billed: BilledClaim, line: ServiceLine, payer_id: str) -> str:
    """What makes a service the same when it is billed twice."""
    day = line.service_dates[0].isoformat() if line.service_dates else _statement_period(billed)
    code = line.procedure.code if line.procedure else f"revenue {line.revenue_code}"
    modifiers = ",".join(sorted(line.procedure.modifiers)) if line.procedure else ""
    parts = [payer_id, billed.subscriber.responsibility, patient_key(billed), day, code, modifiers]
    if billed.claim.frequency in INTERIM:
        parts.append(billed.claim.frequency)
    return "|".join(parts)


def _statement_period(billed: BilledClaim) -> str:
    statement = _statement(billed)
    days = (statement.start, statement.end or statement.start) if statement else ()
    return "-".join(day.isoformat() for day in days if day)


def _statement(billed: BilledClaim) -> Dated | None:
    return next((one for one in billed.claim.dates if one.qualifier == "434"), None)


def _denial(billed: BilledClaim, line: ServiceLine, payer: Payer, around: Circumstances) -> Denial | None:
    claim, code = billed.claim, line.procedure.code if line.procedure else ""
    if claim.frequency in NEW_CLAIMS:
        if _service_day(billed, line) and (around.received_on - _service_day(billed, line)).days > payer.filing_days:
            return LATE
        if around.history.billed_elsewhere(service_key(billed, line, around.payer_id), claim.control_number):
            return DUPLICATE
    for rule in payer.not_covered:
        if code in rule.codes:
            return rule
    if code in payer.authorization_needed and not _authorization(billed, line):
        return NOT_AUTHORIZED
    others = {other.procedure.code for other in claim.lines if other.procedure and other is not line}
    modifiers = set(line.procedure.modifiers) if line.procedure else set()
    for needed in payer.modifier_needed:
        if code in needed.codes and others & needed.with_codes and not modifiers & needed.one_of:
            return MODIFIER_MISSING
    return None


def _service_day(billed: BilledClaim, line: ServiceLine) -> date:
    """The line's day; an institutional line without one has the statement's last day."""
    if line.service_dates:
        return line.service_dates[1]
    statement = _statement(billed)
    return (statement.end or statement.start or date.max) if statement else date.max


def _authorization(billed: BilledClaim, line: ServiceLine) -> bool:
    references = (*line.references, *billed.claim.references)
    return any(one.qualifier == "G1" and one.value for one in references)


def _refused(line: ServiceLine, denial: Denial) -> tuple[tuple[Adjustment, ...], tuple[Remark, ...]]:
    if not line.charge:
        return (), ()
    remarks = (Remark("HE", denial.remark),) if denial.remark else ()
    return (Adjustment(denial.group, denial.carc, line.charge),), remarks


def allowed_amount(line: ServiceLine, payer: Payer, fee_percent: Decimal = Decimal(100)) -> Decimal:
    """The fee schedule's amount, never more than the charge."""
    code = line.procedure.code if line.procedure else ""
    fee = payer.fees.get(code)
    amount = fee * line.quantity if fee is not None else line.charge * payer.percent_of_charge / 100
    return min(line.charge, cents(amount * fee_percent / 100))


def _paid(
    billed: BilledClaim, line: ServiceLine, payer: Payer, around: Circumstances, decision: Decision
) -> tuple[Adjustment, ...]:
    allowed = allowed_amount(line, payer, around.fee_percent)
    code = line.procedure.code if line.procedure else ""
    copay = min(payer.copay.get(code, ZERO), allowed)
    use = _take_deductible(billed, line, payer, around, allowed - copay)
    deductible = use.amount if use else ZERO
    decision.deductibles += [use] if use else []
    rest = allowed - copay - deductible
    coinsurance = ZERO if code in payer.copay else cents(rest * payer.coinsurance_percent / 100)
    reasons = (
        ("CO", "45", line.charge - allowed),
        ("PR", "1", deductible),
        ("PR", "2", coinsurance),
        ("PR", "3", copay),
    )
    return tuple(Adjustment(group, carc, amount) for group, carc, amount in reasons if amount)


def _take_deductible(
    billed: BilledClaim, line: ServiceLine, payer: Payer, around: Circumstances, at_most: Decimal
) -> DeductibleUse | None:
    if not payer.deductible:
        return None
    patient, year = patient_key(billed), _service_day(billed, line).year
    left = payer.deductible - around.history.deductible_used(around.payer_id, patient, year)
    taken = max(ZERO, min(left, at_most))
    if not taken:
        return None
    around.history.use_deductible(around.payer_id, patient, year, taken)
    return DeductibleUse(patient, year, taken)


def _shift(adjustments: tuple[Adjustment, ...], amount: Decimal) -> tuple[Adjustment, ...]:
    """Leave more to the patient as deductible, joined with what is there: one reason once a group."""
    already = sum((one.amount for one in adjustments if (one.group, one.reason) == ("PR", "1")), ZERO)
    others = tuple(one for one in adjustments if (one.group, one.reason) != ("PR", "1"))
    return (*others, Adjustment("PR", "1", already + amount))


def _line_payment(
    line: ServiceLine, paid: Decimal, adjustments: tuple[Adjustment, ...], remarks: tuple[Remark, ...]
) -> ServicePayment:
    procedure = line.procedure or Procedure(line.revenue_code, qualifier="NU")
    kept_back = ("45", "18", "29", "4", "197", "96", "204", "16", "23")
    allowed = line.charge - sum((one.amount for one in adjustments if one.reason in kept_back), ZERO)
    days = line.service_dates
    dates: tuple[DateMark, ...] = ()
    if days:
        dates = (
            (DateMark(UNIT_DATES, days[0]),)
            if days[0] == days[1]
            else (DateMark("150", days[0]), DateMark("151", days[1]))
        )
    return ServicePayment(
        procedure=Procedure(procedure.code, procedure.modifiers, procedure.qualifier),
        charge=line.charge,
        paid=paid,
        revenue_code=line.revenue_code if line.procedure else "",
        quantity=line.quantity,
        dates=dates,
        adjustments=adjustments,
        references=tuple(Reference("6R", line.control_number) for _ in (1,) if line.control_number),
        amounts=(Amount("B6", allowed),) if allowed else (),
        remarks=remarks,
    )


def cents(amount: Decimal) -> Decimal:
    """To the cent, half up."""
    return amount.quantize(CENT, ROUND_HALF_UP)
