"""Events with sensible defaults; a test spells out only what matters to it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from claimstream_schemas import ClaimAssembled, ClaimSubmitted, EraReceived
from claimstream_schemas.claim_assembled import AssembledLine
from claimstream_schemas.values.claim import (
    BillingProvider,
    ClaimPatient,
    ClaimPayer,
    Expected,
    SubmissionPerson,
    SubmittedLine,
)
from claimstream_schemas.values.encounter import Diagnosis
from claimstream_schemas.values.identifiers import (
    claim_id,
    control_number,
    encounter_id,
    id_of,
    line_control_number,
    submission_id,
)
from claimstream_schemas.values.payment import (
    Adjustment,
    ClaimPayment,
    LinePayment,
    ProviderAdjustment,
    RemittanceHeader,
)
from claimstream_schemas.values.people import Address, PersonName, Subscriber

PRACTICE = "bay-state"
DAY = date(2026, 3, 2)
OFFICE = Address(line1="1 Main Street", city="Boston", state="MA", postal_code="021081234")


def claim_of(encounter: str = "E1") -> UUID:
    return claim_id(PRACTICE, encounter_id(PRACTICE, "ehr", encounter), "professional")


def line_of(encounter: str = "E1", number: int = 1) -> UUID:
    return id_of("line", PRACTICE, encounter, number)


def an_assembled(encounter: str = "E1", *, charges: tuple[str, ...] = ("120.00",), **changes) -> ClaimAssembled:
    claim = claim_of(encounter)
    lines = tuple(
        AssembledLine(
            line_id=line_of(encounter, number), ordinal=number, service_on=DAY, procedure="99213", charge=charge
        )
        for number, charge in enumerate(charges, start=1)
    )
    values = {
        "practice_id": PRACTICE,
        "account_id": claim,
        "encounter_id": encounter_id(PRACTICE, "ehr", encounter),
        "encounter_version": 1,
        "claim_id": claim,
        "control_number": control_number(claim),
        "kind": "professional",
        "state": "released",
        "payers": ("blue",),
        "lines": lines,
        "total_charge": sum(Decimal(charge) for charge in charges),
    }
    return ClaimAssembled.model_validate(values | changes)


def a_submission(
    encounter: str = "E1",
    *,
    charges: tuple[str, ...] = ("120.00",),
    allowed: tuple[str | None, ...] = ("80.00",),
    ordinal: int = 1,
    sequence: str = "P",
    next_payers: tuple[str, ...] = (),
    procedures: tuple[str, ...] = ("99213", "82947", "J1885"),
    payer: str = "blue",
) -> ClaimSubmitted:
    claim = claim_of(encounter)
    control = control_number(claim)
    lines = tuple(
        SubmittedLine(
            line_id=line_of(encounter, number),
            ordinal=number,
            service_from=DAY,
            procedure=procedures[number - 1],
            units="1",
            charge=charge,
            line_control_number=line_control_number(control, ordinal, number),
            expected=Expected(allowed=allowed[number - 1] if number <= len(allowed) else None),
        )
        for number, charge in enumerate(charges, start=1)
    )
    return ClaimSubmitted(
        practice_id=PRACTICE,
        claim_id=claim,
        encounter_id=encounter_id(PRACTICE, "ehr", encounter),
        control_number=control,
        submission_id=submission_id(PRACTICE, claim, ordinal),
        submission_ordinal=ordinal,
        payer_sequence=sequence,
        frequency_code="1",
        kind="professional",
        billing_provider=BillingProvider(
            name="Bay State", npi="1234567893", tin="123456789", taxonomy="207Q00000X", address=OFFICE,
            contact_name="Billing", contact_phone="6175550100", submitter_id="BAYSTATE",
        ),
        payer=ClaimPayer(payer_id=payer, name=payer, x12_id=payer.upper(), receiver_id="HUB", claim_filing_indicator="BL"),
        diagnoses=(Diagnosis(code="E119"),),
        lines=lines,
        statement_from=DAY,
        statement_to=DAY,
        total_charge=sum(Decimal(charge) for charge in charges),
        next_payers=next_payers,
        person=SubmissionPerson(
            patient=ClaimPatient(last="Castellan", first="Mira", birth_date=date(1980, 5, 4), sex="F"),
            subscriber=Subscriber(member_id="W1", name=PersonName(last="Castellan", first="Mira")),
        ),
    )  # fmt: skip


def adjustments(*said: str) -> tuple[Adjustment, ...]:
    """``CO-45 40.00`` and so on."""
    parts = [text.replace("-", " ", 1).split() for text in said]
    return tuple(Adjustment(group=group, carc=carc, amount=amount) for group, carc, amount in parts)


def a_line_payment(charge: str, paid: str, *said: str, line: UUID | None = None, **changes) -> LinePayment:
    values = {
        "procedure": "99213", "charge": charge, "paid": paid, "units": "1", "service_from": DAY, "line_id": line,
        "adjustments": adjustments(*said),
    }  # fmt: skip
    return LinePayment.model_validate(values | changes)


def a_payment(
    encounter: str = "E1", *lines: LinePayment, ordinal: int = 1, submission: int | None = 1, **changes
) -> ClaimPayment:
    """What a payer decided; by default 64.00 of 120.00 with 40.00 contractual and 16.00 coinsurance."""
    of_claim = lines or (a_line_payment("120.00", "64.00", "CO-45 40.00", "PR-2 16.00", line=line_of(encounter)),)
    claim = claim_of(encounter)
    values = {
        "ordinal": ordinal,
        "control_number": control_number(claim),
        "status": "1",
        "charge": sum(line.charge for line in of_claim),
        "paid": sum(line.paid for line in of_claim),
        "payer_claim_number": "ICN1",
        "lines": of_claim,
        "claim_id": claim,
        "submission_ordinal": submission,
    }
    return ClaimPayment.model_validate(values | changes)


def reversed_(payment: ClaimPayment, ordinal: int) -> ClaimPayment:
    """The same payment taken back."""

    def turned(said):
        return tuple(each.model_copy(update={"amount": -each.amount}) for each in said)

    lines = tuple(
        line.model_copy(update={"charge": -line.charge, "paid": -line.paid, "adjustments": turned(line.adjustments)})
        for line in payment.lines
    )
    return payment.model_copy(
        update={
            "ordinal": ordinal,
            "status": "22",
            "charge": -payment.charge,
            "paid": -payment.paid,
            "adjustments": turned(payment.adjustments),
            "lines": lines,
        }
    )


def an_era(
    *payments: ClaimPayment,
    plb: tuple[tuple[str, str], ...] = (),
    amount: str | None = None,
    trace: str = "T1",
    digest: str = "d1",
    payer: str = "BLUE",
    **changes,
) -> EraReceived:
    provider = tuple(ProviderAdjustment(provider="1234567893", reason=reason, amount=value) for reason, value in plb)
    total = sum((payment.paid for payment in payments), Decimal("0.00"))
    net = total - sum((each.amount for each in provider), Decimal("0.00"))
    values = {
        "practice_id": PRACTICE,
        "remittance_id": id_of("remittance", PRACTICE, trace, digest),
        "body_digest": digest,
        "header": RemittanceHeader(
            payer_name="Blue", payer_x12_id=payer, payee_name="Bay State", payee_npi="1234567893",
            amount=amount if amount is not None else net, credit_or_debit="C", handling="I", payment_method="ACH",
            paid_on=date(2026, 4, 1), trace_number=trace, trace_originator="1999999999",
        ),
        "provider_adjustments": provider,
        "payment_count": len(payments),
        "payments_total": total,
        "chunk": 1,
        "chunks": 1,
        "payments": payments,
        "file_name": "one.835",
        "file_digest": "f",
        "set_control_number": "0001",
    }  # fmt: skip
    return EraReceived.model_validate(values | changes)
