"""The money: decided claims become 835 transaction sets that balance, and the surprises that the rules ask for."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from claimstream_x12 import Address, Adjustment, Amount, Contact, Party, Procedure, Reference
from claimstream_x12.claim_837 import BilledClaim
from claimstream_x12.remittance_835 import (
    Account,
    ClaimPayment,
    DateMark,
    Payee,
    Payer,
    Payment,
    ProviderAdjustment,
    ProviderGroup,
    Remittance,
    RemittanceHeader,
    ServicePayment,
    Trace,
)

from .adjudication import Decision
from .seeded import Seed

ZERO = Decimal(0)
Signed = TypeVar("Signed", Adjustment, Amount)
PROCESSED_AS = {"P": "1", "S": "2", "T": "3"}
REVERSAL = "22"
INTEREST = "I"
# CLP06 knows fewer kinds of plan than SBR09 does; a commercial insurer (CI) is told as an indemnity plan.
FILING_INDICATORS = frozenset(
    {"12", "13", "14", "15", "16", "17", "AM", "CH", "DS", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"}
)
INDEMNITY, PREFERRED_PROVIDERS, MUTUALLY_DEFINED = "15", "12", "ZZ"
TOLD_AS = {"CI": INDEMNITY, "BL": PREFERRED_PROVIDERS, "": INDEMNITY}
SENDERS_BANK, RECEIVERS_BANK = "011000015", "211000000"


@dataclass(frozen=True)
class Payable:
    """A claim with its payment, ready to be put into a remittance."""

    billed: BilledClaim
    payment: ClaimPayment
    adjustments: tuple[ProviderAdjustment, ...] = ()

    @property
    def addressee(self) -> tuple[str, str]:
        """Which payer pays whom: claims of one remittance have this in common."""
        return self.billed.subscriber.payer.id, self.billed.billing.party.id

    @property
    def is_reversal(self) -> bool:
        """Whether it takes back an earlier decision."""
        return self.payment.status == REVERSAL


def claim_payment(
    billed: BilledClaim, decision: Decision, number: str, received_on: date, *, corrects: str = ""
) -> ClaimPayment:
    """A decision as the 835 tells it; a correction names the payer's claim number of what it `corrects`."""
    claim = billed.claim
    patient = decision.patient_responsibility
    return ClaimPayment(
        control_number=claim.control_number,
        status=PROCESSED_AS.get(billed.subscriber.responsibility, "1"),
        charge=claim.charge,
        paid=decision.paid,
        patient_responsibility=patient or None,
        filing_indicator=_filing_indicator(billed),
        payer_control_number=number,
        facility_code=claim.facility_code,
        frequency=claim.frequency,
        drg=claim.institutional.drg if claim.institutional else "",
        parties=_parties(billed),
        references=(Reference("F8", corrects),) if corrects else (),
        dates=(*_statement(billed), DateMark("050", received_on)),
        lines=tuple(decision.lines),
    )


def _filing_indicator(billed: BilledClaim) -> str:
    told = billed.subscriber.filing_indicator
    return told if told in FILING_INDICATORS else TOLD_AS.get(told, MUTUALLY_DEFINED)


def _parties(billed: BilledClaim) -> tuple[Party, ...]:
    member = billed.subscriber.party
    if billed.patient is None:
        return (Party("QC", "1", member.name, member.first, member.middle, id_qualifier="MI", id=member.id),)
    patient = billed.patient.party
    return (
        Party("QC", "1", patient.name, patient.first, patient.middle),
        Party("IL", "1", member.name, member.first, member.middle, id_qualifier="MI", id=member.id),
    )


def _statement(billed: BilledClaim) -> tuple[DateMark, ...]:
    stay = next((one for one in billed.claim.dates if one.qualifier == "434"), None)
    if stay and stay.start:
        return DateMark("232", stay.start), DateMark("233", stay.end or stay.start)
    days = [line.service_dates for line in billed.claim.lines if line.service_dates]
    if not days:
        return ()
    return DateMark("232", min(day[0] for day in days)), DateMark("233", max(day[1] for day in days))


def reversal(billed: BilledClaim, earlier: ClaimPayment, fiscal_year_end: date) -> Payable:
    """The exact negation of an earlier decision; interest that was paid for it goes back by a PLB L6 of its own."""
    negated = replace(
        earlier,
        status=REVERSAL,
        charge=-earlier.charge,
        paid=-earlier.paid,
        patient_responsibility=-earlier.patient_responsibility if earlier.patient_responsibility else None,
        adjustments=_turned(earlier.adjustments),
        amounts=_turned(earlier.amounts),
        lines=tuple(_negated(line) for line in earlier.lines),
        provider_group=0,
    )
    interest = sum((one.amount for one in earlier.amounts if one.qualifier == INTEREST), ZERO)
    returned = _interest_paid(billed, negated, -interest, fiscal_year_end)
    return Payable(billed, negated, (returned,) if interest else ())


def _negated(line: ServicePayment) -> ServicePayment:
    return replace(
        line,
        charge=-line.charge,
        paid=-line.paid,
        adjustments=_turned(line.adjustments),
        amounts=_turned(line.amounts),
    )


def _turned(those: tuple[Signed, ...]) -> tuple[Signed, ...]:
    return tuple(replace(one, amount=-one.amount) for one in those)


def with_interest(payable: Payable, interest: Decimal, fiscal_year_end: date) -> Payable:
    """Interest is told with the claim (AMT*I) and paid by PLB L6 with the opposite sign; it is no part of CLP04."""
    payment = replace(payable.payment, amounts=(*payable.payment.amounts, Amount(INTEREST, interest)))
    paid = _interest_paid(payable.billed, payment, interest, fiscal_year_end)
    return replace(payable, payment=payment, adjustments=(*payable.adjustments, paid))


def _interest_paid(
    billed: BilledClaim, payment: ClaimPayment, interest: Decimal, fiscal_year_end: date
) -> ProviderAdjustment:
    number = payment.payer_control_number
    return ProviderAdjustment(billed.billing.party.id, fiscal_year_end, "L6", number, -interest)


def stranger(charge: Decimal, paid: Decimal, seed: Seed, mark: str, day: date) -> ClaimPayment:
    """A payment for a claim that its receiver never sent."""
    adjustments = (Adjustment("CO", "45", charge - paid),) if charge != paid else ()
    line = ServicePayment(
        Procedure("99213"), charge, paid, quantity=Decimal(1), dates=(DateMark("472", day),), adjustments=adjustments
    )
    return ClaimPayment(
        control_number=f"STRANGER{seed.code(8, 'stranger', mark)}",
        status="1",
        charge=charge,
        paid=paid,
        filing_indicator=INDEMNITY,
        payer_control_number=seed.code(12, "stranger-number", mark),
        facility_code="11",
        frequency="1",
        parties=(Party("QC", "1", "ELSEWHERE", "PAT", id_qualifier="MI", id=seed.code(9, "stranger-member", mark)),),
        dates=(DateMark("232", day), DateMark("233", day)),
        lines=(line,),
    )


@dataclass(frozen=True)
class Occasion:
    """What a remittance needs beside its claims."""

    seed: Seed
    trace: str
    made: datetime
    carried: Decimal = ZERO
    wrong_by: Decimal = ZERO


def remittance(payables: list[Payable], extras: list[ClaimPayment], occasion: Occasion) -> tuple[Remittance, Decimal]:
    """One 835 for claims of one payer and payee, and what is still owed to the payer after it.

    BPR02 is never negative: what is missing is carried forward (PLB FB) and taken from a later remittance.
    """
    first = payables[0].billed
    claims = [*(payable.payment for payable in payables), *extras]
    adjustments = [one for payable in payables for one in payable.adjustments]
    total = sum((one.paid for one in claims), ZERO) - sum((one.amount for one in adjustments), ZERO)
    forward = max(min(occasion.carried, total), ZERO) or min(total, ZERO)
    if forward:
        year_end = date(occasion.made.year, 12, 31)
        adjustments.append(ProviderAdjustment(first.billing.party.id, year_end, "FB", occasion.trace, forward))
    amount = total - forward + occasion.wrong_by
    header = RemittanceHeader(
        payment=_payment(amount, occasion, first),
        trace=Trace(occasion.trace, _originator(occasion.seed, first.subscriber.payer.id)),
        payer=_payer(first),
        payee=_payee(first),
        produced_on=occasion.made.date(),
    )
    grouped = tuple(replace(one, provider_group=1) for one in claims)
    return Remittance(header, (ProviderGroup(1),), grouped, tuple(adjustments)), occasion.carried - forward


def _originator(seed: Seed, payer_id: str) -> str:
    return "1" + seed.digits(9, "originator", payer_id)


def _payment(amount: Decimal, occasion: Occasion, first: BilledClaim) -> Payment:
    day = occasion.made.date()
    if not amount:
        return Payment(amount, "NON", day, handling="H")
    payer_id = first.subscriber.payer.id
    return Payment(
        amount,
        "ACH",
        day,
        format="CCP",
        sender=Account("01", SENDERS_BANK, "DA", occasion.seed.digits(9, "payers-account", payer_id)),
        originator=_originator(occasion.seed, payer_id),
        receiver=Account("01", RECEIVERS_BANK, "DA", occasion.seed.digits(9, "payees-account", first.billing.party.id)),
    )


def _payer(first: BilledClaim) -> Payer:
    payer = first.subscriber.payer
    address = payer.address or Address("PO BOX 1000", "BOSTON", "MA", "021010001")
    contact = Contact((("TE", "8005550100"),), name="PROVIDER SERVICES", function="BL")
    return Payer(payer.name, address=address, references=(Reference("2U", payer.id),), contacts=(contact,))


def _payee(first: BilledClaim) -> Payee:
    billing = first.billing.party
    tax_number = billing.reference("EI") or billing.reference("SY")
    name = f"{billing.name} {billing.first}".strip()
    if billing.id:
        references = (Reference("TJ", tax_number),) if tax_number else ()
        return Payee(name, "XX", billing.id, references=references)
    return Payee(name, "FI", tax_number)
