"""Invented people, providers and payers for the tests."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from claimstream_x12 import Address, Contact, Dated, Envelope, Group, Party, Procedure, Reference, write_interchange
from claimstream_x12.claim_837 import (
    BilledClaim,
    BillingProvider,
    Claim,
    ClaimHeader,
    ClaimSet,
    Demographics,
    Diagnosis,
    Guide,
    InstitutionalInformation,
    Patient,
    ServiceLine,
    Subscriber,
    write_claims,
)

NOW = datetime(2026, 9, 16, 10, 30)  # noqa: DTZ001
DAY = date(2026, 9, 1)
NPI = "1999999984"
HOME = Address("12 ELM STREET", "WORCESTER", "MA", "016010001")


def a_header(guide=Guide.PROFESSIONAL):
    return ClaimHeader(
        guide=guide,
        reference="000000017",
        created=NOW,
        submitter=Party(
            "41", "2", "BAY CLINIC", id_qualifier="46", id="BAYCLINIC",
            contacts=(Contact((("TE", "6175550100"),), name="BILLING OFFICE"),),
        ),
        receiver=Party("40", "2", "FIRST PAYER", id_qualifier="46", id="FIRSTPAYER"),
    )  # fmt: skip


def a_billing_provider(**changes):
    party = Party(
        "85", "2", "BAY CLINIC", id_qualifier="XX", id=NPI, taxonomy="207Q00000X",
        address=Address("1 HARBOR STREET", "BOSTON", "MA", "021101234"), references=(Reference("EI", "123456789"),),
    )  # fmt: skip
    return BillingProvider(replace(party, **changes))


def a_payer(name="FIRST PAYER", payer_id="P0001"):
    return Party("PR", "2", name, id_qualifier="PI", id=payer_id)


def a_subscriber(**changes):
    subscriber = Subscriber(
        party=Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M000001", address=HOME),
        payer=a_payer(),
        filing_indicator="CI",
        person=Demographics(date(1980, 5, 17), "F"),
    )
    return replace(subscriber, **changes)


def a_dependent():
    return Patient(
        Party("QC", "1", "DOE", "JUNE", address=HOME), relationship="19", person=Demographics(date(2015, 3, 2), "F")
    )


def a_line(charge="120.00", code="99213", **changes):
    line = ServiceLine(
        charge=Decimal(charge),
        quantity=Decimal(1),
        procedure=Procedure(code),
        diagnosis_pointers=(1,),
        dates=(Dated("472", DAY),),
        references=_LINE_NUMBER,
    )
    return replace(line, **changes)


_LINE_NUMBER = (Reference("6R", "ABCDEFGH234567670101"),)


def _numbered(line, at):
    """A line with a control number of its own, where the first line's is the usual one."""
    if at == 1 or line.references != _LINE_NUMBER:
        return line
    return replace(line, references=(Reference("6R", f"ABCDEFGH2345676701{at:02}"),))


def a_claim(*lines, number="ABCDEFGH23456767", **changes):
    lines = tuple(_numbered(line, at) for at, line in enumerate(lines or (a_line(),), 1))
    claim = Claim(
        control_number=number,
        charge=sum((line.charge for line in lines), Decimal(0)),
        facility_code="11",
        lines=lines,
        diagnoses=(Diagnosis("E119"),),
    )
    return replace(claim, **changes)


def an_inpatient_claim(**changes):
    line = ServiceLine(
        charge=Decimal("5400.00"), quantity=Decimal(3), revenue_code="0120", unit="DA",
        references=(Reference("6R", "ABCDEFGH234567670101"),),
    )  # fmt: skip
    claim = Claim(
        control_number="INPATIENT2345677",
        charge=Decimal("5400.00"),
        facility_code="11",
        lines=(line,),
        diagnoses=(Diagnosis("I2109", "Y"), Diagnosis("E119", "Y"), Diagnosis("Z370")),
        dates=(
            Dated("096", at=NOW.time()),
            Dated("434", date(2026, 9, 1), date(2026, 9, 4)),
            Dated("435", date(2026, 9, 1), at=NOW.time()),
        ),
        institutional=InstitutionalInformation(
            admission_type="1",
            admission_source="1",
            patient_status="01",
            admitting_diagnosis=Diagnosis("I2109"),
            drg="280",
        ),
        providers=(Party("71", "1", "HEALER", "HELEN", id_qualifier="XX", id=NPI, taxonomy="207RC0000X"),),
    )
    return replace(claim, **changes)


def billed(claim=None, *, billing=None, subscriber=None, patient=None):
    subscriber = subscriber or (
        a_subscriber() if patient is None else a_subscriber(is_patient=False, person=Demographics())
    )
    return BilledClaim(billing or a_billing_provider(), subscriber, claim or a_claim(), patient)


def a_file(*claims, guide=Guide.PROFESSIONAL, header=None, checked=True):
    one_set = write_claims(ClaimSet(header or a_header(guide), claims or (billed(),)), "0001", checked=checked)
    return in_envelope(one_set, "HC", guide.value)


def in_envelope(one_set, code, guide, control=17):
    envelope = Envelope("ZZ", "BAYCLINIC", "ZZ", "FIRSTPAYER", NOW, control)
    return write_interchange(envelope, [Group(code, "BAYCLINIC", "FIRSTPAYER", NOW, control, guide, [one_set])])
