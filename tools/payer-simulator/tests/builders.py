"""Invented people and claims, as 837 files in an exchange folder."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from claimstream_x12 import (
    Address,
    Adjustment,
    Contact,
    Dated,
    Envelope,
    Group,
    Party,
    Procedure,
    Reference,
    write_interchange,
)
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
    OtherCoverage,
    Patient,
    PriorPayment,
    ServiceLine,
    Subscriber,
    write_claims,
)

NOW = datetime(2026, 9, 16, 10, 30)  # noqa: DTZ001 - X12 writes local times
DAY = date(2026, 9, 1)
NPI = "1999999984"
HOME = Address("12 ELM STREET", "WORCESTER", "MA", "016010001")


def a_line(charge="100.00", code="99213", *modifiers, day=DAY, **changes):
    line = ServiceLine(
        charge=Decimal(charge),
        quantity=Decimal(1),
        procedure=Procedure(code, modifiers),
        diagnosis_pointers=(1,),
        dates=(Dated("472", day),),
        references=(Reference("6R", "LINE0101"),),
    )
    return replace(line, **changes)


def _numbered(line, at):
    """A line with a control number of its own, where the first line's is the usual one."""
    if at == 1 or line.references != (Reference("6R", "LINE0101"),):
        return line
    return replace(line, references=(Reference("6R", f"LINE01{at:02}"),))


def a_claim(number, *lines, **changes):
    lines = tuple(_numbered(line, at) for at, line in enumerate(lines or (a_line(),), 1))
    claim = Claim(number, sum((line.charge for line in lines), Decimal(0)), "11", lines, (Diagnosis("E119"),))
    return replace(claim, **changes)


def billed(claim, member="M000001", *, payer="PAYER0001", responsibility="P", patient=None, **changes):
    subscriber = Subscriber(
        party=Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id=member, address=HOME),
        payer=Party("PR", "2", "FIRST PAYER", id_qualifier="PI", id=payer),
        responsibility=responsibility,
        is_patient=patient is None,
        filing_indicator="CI",
        person=Demographics(date(1980, 5, 17), "F") if patient is None else Demographics(),
    )
    billing = BillingProvider(
        Party(
            "85", "2", "BAY CLINIC", id_qualifier="XX", id=NPI, taxonomy="207Q00000X",
            address=Address("1 HARBOR STREET", "BOSTON", "MA", "021101234"), references=(Reference("EI", "123456789"),),
        )
    )  # fmt: skip
    return replace(BilledClaim(billing, subscriber, claim, patient), **changes)


def a_child():
    return Patient(Party("QC", "1", "DOE", "JUNE", address=HOME), "19", Demographics(date(2015, 3, 2), "F"))


def a_stay(number):
    return a_claim(
        number,
        ServiceLine(
            Decimal("5400.00"), Decimal(3), revenue_code="0120", unit="DA", references=(Reference("6R", "STAY01"),)
        ),
        facility_code="11",
        diagnoses=(Diagnosis("I2109", "Y"),),
        dates=(
            Dated("096", at=NOW.time()),
            Dated("434", date(2026, 9, 1), date(2026, 9, 4)),
            Dated("435", DAY, at=NOW.time()),
        ),
        institutional=InstitutionalInformation(
            admission_type="1",
            admission_source="1",
            patient_status="01",
            admitting_diagnosis=Diagnosis("I2109"),
            drg="280",
        ),
        providers=(Party("71", "1", "HEALER", "HELEN", id_qualifier="XX", id=NPI),),
    )


def after_another_payer(charge, paid, patient_share):
    """A line that an earlier payer has decided, and the coverage that says so."""
    contractual = Decimal(charge) - Decimal(paid) - Decimal(patient_share)
    adjustments = (Adjustment("CO", "45", contractual), Adjustment("PR", "2", Decimal(patient_share)))
    prior = PriorPayment(
        "PAYER0001", Decimal(paid), Procedure("99213"), Decimal(1), adjustments=adjustments, decided_on=DAY
    )
    coverage = OtherCoverage(
        "P", "18", Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M000001"),
        Party("PR", "2", "FIRST PAYER", id_qualifier="PI", id="PAYER0001"), filing_indicator="CI", paid=Decimal(paid),
    )  # fmt: skip
    return a_line(charge, prior_payments=(prior,)), coverage


def a_file(*claims, number=17, guide=Guide.PROFESSIONAL, asks_for_ta1=False, partner="BAYCLEAR"):
    header = ClaimHeader(
        guide=guide,
        reference=f"{number:09d}",
        created=NOW,
        submitter=Party(
            "41", "2", "BAY CLINIC", id_qualifier="46", id="BAYCLINIC",
            contacts=(Contact((("TE", "6175550100"),), name="BILLING OFFICE"),),
        ),
        receiver=Party("40", "2", "CLEARING HOUSE", id_qualifier="46", id="BAYCLEAR"),
    )  # fmt: skip
    one_set = write_claims(ClaimSet(header, claims), "0001")
    envelope = Envelope("ZZ", "BAYCLINIC", "ZZ", partner, NOW, number, acknowledgment_requested=asks_for_ta1)
    return write_interchange(envelope, [Group("HC", "BAYCLINIC", partner, NOW, number, guide.value, [one_set])])
