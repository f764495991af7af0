"""Invented remittances and acknowledgments for the tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from claimstream_x12 import Address, Adjustment, Amount, Contact, Dated, Party, Procedure, Quantity, Reference
from claimstream_x12.acknowledgment_999 import (
    Context,
    ElementError,
    GroupAcknowledgment,
    SegmentError,
    SetAcknowledgment,
)
from claimstream_x12.claim_status_277ca import (
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    LineStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
)
from claimstream_x12.remittance_835 import (
    Account,
    ClaimPayment,
    DateMark,
    Payee,
    Payer,
    Payment,
    ProviderAdjustment,
    ProviderGroup,
    Remark,
    Remittance,
    RemittanceHeader,
    ServicePayment,
    Trace,
)

from .builders import NOW, NPI

PAID_ON = date(2026, 9, 20)


def a_service_payment(**changes):
    line = ServicePayment(
        procedure=Procedure("99213"),
        charge=Decimal(120),
        paid=Decimal("80.5"),
        quantity=Decimal(1),
        dates=(DateMark("472", date(2026, 9, 1)),),
        adjustments=(Adjustment("CO", "45", Decimal("29.5")), Adjustment("PR", "3", Decimal(10))),
        references=(Reference("6R", "ABCDEFGH234567670101"),),
        amounts=(Amount("B6", Decimal("90.5")),),
        remarks=(Remark("HE", "N381"),),
    )
    return replace(line, **changes)


def a_claim_payment(*lines, **changes):
    lines = lines or (a_service_payment(),)
    payment = ClaimPayment(
        control_number="ABCDEFGH23456767",
        status="1",
        charge=sum((line.charge for line in lines), Decimal(0)),
        paid=sum((line.paid for line in lines), Decimal(0)),
        patient_responsibility=Decimal(10),
        filing_indicator="12",
        payer_control_number="PAYER77",
        facility_code="11",
        frequency="1",
        parties=(Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M000001"),),
        dates=(DateMark("232", date(2026, 9, 1)), DateMark("050", date(2026, 9, 17))),
        lines=lines,
        provider_group=1,
    )
    return replace(payment, **changes)


def a_remittance(*claims, paid="80.50", adjustments=()):
    account = Account("01", "011000015", "DA", "1234567")
    return Remittance(
        header=RemittanceHeader(
            payment=Payment(
                Decimal(paid), "ACH", PAID_ON, format="CCP", sender=account, originator="1512345678", receiver=account
            ),
            trace=Trace("EFT0001", "1512345678"),
            payer=Payer(
                "FIRST PAYER",
                address=Address("1 MAIN STREET", "BOSTON", "MA", "021010001"),
                contacts=(Contact((("TE", "8005550100"),), name="EDI", function="BL"),),
            ),
            payee=Payee("BAY CLINIC", "XX", NPI, references=(Reference("TJ", "123456789"),)),
            produced_on=PAID_ON,
        ),
        groups=(ProviderGroup(1),),
        claims=claims or (a_claim_payment(),),
        provider_adjustments=tuple(adjustments),
    )


def a_provider_adjustment(reason="L6", amount="-1.25", reference="ABC"):
    return ProviderAdjustment(NPI, date(2026, 12, 31), reason, reference, Decimal(amount))


def a_999(*sets, status="A", accepted=1):
    sets = sets or (SetAcknowledgment("837", "0001", "A", "005010X222A1"),)
    return GroupAcknowledgment("HC", "17", status, sets, len(sets), len(sets), accepted, guide="005010X222A1")


def a_rejected_set(control="0002"):
    error = SegmentError(
        "CLM", 22, "2300", "8",
        contexts=(Context((("SITUATIONAL TRIGGER",), ("CLM",), ("22",), ("2300",))),),
        elements=(ElementError(2, "7", reference="782", copy="12O.00"),),
    )  # fmt: skip
    return SetAcknowledgment("837", control, "R", "005010X222A1", ("5",), (error,))


def a_status(category="A2", status="20", entity="PR", action="WQ", amount="120"):
    return Status(
        (StatusCode(category, status, entity),),
        effective=date(2026, 9, 17),
        action=action,
        amount=Decimal(amount) if amount else None,
    )


def a_claim_acknowledgment(number="ABCDEFGH23456767", *statuses, **changes):
    claim = ClaimAcknowledgment(
        number,
        statuses or (a_status(),),
        references=(Reference("1K", "PAYER77"),),
        dates=(Dated("472", date(2026, 9, 1)),),
    )
    return replace(claim, **changes)


def a_277ca(*claims, receiver_status=None, provider_status=None):
    claims = claims or (a_claim_acknowledgment(),)
    patient = Party("QC", "1", "DOE", "JANE", id_qualifier="MI", id="M000001")
    provider_level = None
    if provider_status:
        provider_level = LevelStatus(
            "0",
            (provider_status,),
            quantities=(Quantity("QA", Decimal(len(claims))),),
            amounts=(Amount("YU", Decimal(120)),),
        )
    return ClaimStatusSet(
        reference="277000001",
        created=NOW,
        sources=(
            SourceAcknowledgment(
                Party("PR", "2", "FIRST PAYER", id_qualifier="PI", id="P0001"),
                "TRACE1", date(2026, 9, 16), date(2026, 9, 17),
                (
                    ReceiverAcknowledgment(
                        Party("41", "2", "BAY CLINIC", id_qualifier="46", id="BAYCLINIC"),
                        LevelStatus(
                            "000000017",
                            (receiver_status or a_status("A1", "19"),),
                            quantities=(Quantity("90", Decimal(len(claims))),),
                            amounts=(Amount("YU", Decimal(120)),),
                        ),
                        (
                            ProviderAcknowledgment(
                                Party("85", "2", "BAY CLINIC", id_qualifier="XX", id=NPI),
                                provider_level,
                                (PatientAcknowledgment(patient, claims),),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


def a_line_status():
    return LineStatus(
        Procedure("99213"), Decimal(120), (a_status("A7", "454", "", "U", ""),), references=(Reference("FJ", "1"),)
    )
