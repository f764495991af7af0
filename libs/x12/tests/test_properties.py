"""Whatever can be written reads back equal."""

import string
from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from claimstream_x12 import Adjustment, Amount, Dated, Party, Procedure, Reference, X12Reader, transliterate
from claimstream_x12.claim_837 import (
    BilledClaim,
    Claim,
    ClaimSet,
    Diagnosis,
    Guide,
    InstitutionalCode,
    NationalDrug,
    Note,
    OtherCoverage,
    PriorPayment,
    ServiceLine,
    read_claims,
)
from claimstream_x12.elements import ALLOWED
from claimstream_x12.remittance_835 import GUIDE, DateMark, Remark, balance, read_remittance, write_remittance
from hypothesis import given, settings
from hypothesis import strategies as st

from .builders import (
    NPI,
    a_billing_provider,
    a_dependent,
    a_file,
    a_header,
    a_payer,
    an_inpatient_claim,
    billed,
    in_envelope,
)
from .remittance_builders import a_claim_payment, a_provider_adjustment, a_remittance, a_service_payment

CODES = st.text(string.ascii_uppercase + string.digits, min_size=5, max_size=5)
WORDS = st.text(sorted(ALLOWED), min_size=1, max_size=30).map(lambda text: text.strip() or "X")
CENTS = st.integers(0, 9_999_999).map(lambda cents: Decimal(cents) / 100)
SIGNED_CENTS = st.integers(-9_999_999, 9_999_999).map(lambda cents: Decimal(cents) / 100)
UNITS = st.integers(1, 999_999).map(lambda thousandths: Decimal(thousandths) / 1000)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
REASONS = st.sampled_from(["1", "2", "3", "45", "97", "253", "A1"])


@st.composite
def adjustments(draw, amounts=SIGNED_CENTS):
    """Reasons of each group together, six a group at most."""
    groups = draw(st.lists(st.sampled_from(["CO", "OA", "PI", "PR"]), unique=True, max_size=3))
    return tuple(
        Adjustment(group, reason, draw(amounts), draw(st.none() | UNITS))
        for group in groups
        for reason in draw(st.lists(REASONS, min_size=1, max_size=6))
    )


@st.composite
def procedures(draw):
    modifiers = draw(st.lists(st.sampled_from(["25", "59", "RT", "XU"]), max_size=4, unique=True))
    return Procedure(draw(CODES), tuple(modifiers), description=draw(st.sampled_from(["", "OUR OWN LABEL"])))


prior_payments = st.builds(
    PriorPayment,
    payer_id=st.just("P0001"), paid=CENTS, procedure=procedures(), quantity=UNITS, adjustments=adjustments(),
    bundled_line=st.none() | st.integers(1, 50), decided_on=DAYS, remaining_liability=st.none() | CENTS,
)  # fmt: skip
providers = st.builds(
    Party, st.sampled_from(["82", "DQ"]), st.just("1"), WORDS, WORDS, id_qualifier=st.just("XX"), id=st.just(NPI)
)
lines = st.builds(
    ServiceLine,
    charge=CENTS, quantity=UNITS, procedure=procedures(), unit=st.sampled_from(["UN", "MJ"]),
    place_of_service=st.sampled_from(["", "22"]), diagnosis_pointers=st.sampled_from([(1,), (2, 1)]),
    emergency=st.booleans(), epsdt=st.booleans(), family_planning=st.booleans(), copay_exempt=st.booleans(),
    dates=st.tuples(st.builds(Dated, st.just("472"), DAYS, st.none() | DAYS)),
    references=st.tuples(st.builds(Reference, st.just("6R"), CODES)),
    amounts=st.just(()) | st.tuples(st.builds(Amount, st.just("T"), CENTS)),
    notes=st.just(()) | st.tuples(st.builds(Note, st.just("ADD"), WORDS)),
    drug=st.none() | st.builds(NationalDrug, st.just("00002143380"), UNITS, st.just("ML"), st.none() | st.just(Reference("XZ", "RX1"))),
    providers=st.lists(providers, max_size=2).map(tuple),
    prior_payments=st.lists(prior_payments, max_size=2).map(tuple),
)  # fmt: skip
coverages = st.builds(
    OtherCoverage,
    responsibility=st.sampled_from(["P", "S", "T"]), relationship=st.sampled_from(["18", "19"]),
    subscriber=st.builds(Party, st.just("IL"), st.just("1"), WORDS, WORDS, id_qualifier=st.just("MI"), id=CODES),
    payer=st.just(replace(a_payer(), references=(Reference("F8", "PAYER77"),))),
    group_number=WORDS, filing_indicator=st.just("CI"), adjustments=adjustments(), paid=st.none() | CENTS,
    remaining_liability=st.none() | CENTS, non_covered=st.none() | CENTS, decided_on=st.none() | DAYS,
)  # fmt: skip


@st.composite
def claims(draw):
    own = tuple(draw(st.lists(lines, min_size=1, max_size=4)))
    return Claim(
        control_number=draw(CODES),
        charge=sum((line.charge for line in own), Decimal(0)),
        facility_code="11",
        lines=own,
        diagnoses=(Diagnosis("E119"), Diagnosis("I10")),
        patient_signature=draw(st.sampled_from(["", "P"])),
        delay_reason=draw(st.sampled_from(["", "3"])),
        dates=draw(st.just(()) | st.tuples(st.builds(Dated, st.just("431"), DAYS))),
        amounts=draw(st.just(()) | st.tuples(st.builds(Amount, st.just("F5"), CENTS))),
        references=draw(st.just(()) | st.tuples(st.builds(Reference, st.just("G1"), WORDS))),
        notes=draw(st.just(()) | st.tuples(st.builds(Note, st.just("ADD"), WORDS))),
        condition_codes=tuple(draw(st.lists(st.sampled_from(["AA", "D9"]), max_size=14))),
        other_coverages=tuple(draw(st.lists(coverages, max_size=2))),
    )


@st.composite
def billed_claims(draw):
    patient = draw(st.none() | st.just(a_dependent()))
    subscriber = billed(patient=patient).subscriber
    subscriber = replace(subscriber, group_number=draw(st.sampled_from(["", "GROUP 1"])))
    billing = draw(st.sampled_from([a_billing_provider(), a_billing_provider(name="HILL CLINIC")]))
    return BilledClaim(billing, subscriber, draw(claims()), patient)


@settings(max_examples=50, deadline=None)
@given(st.lists(billed_claims(), min_size=1, max_size=5))
def test_any_professional_set_that_we_write_reads_back_equal(wanted):
    assert read_back(a_file(*wanted, checked=False)) == ClaimSet(a_header(), tuple(wanted))


institutional_codes = st.builds(InstitutionalCode, st.sampled_from(["11", "42", "A3"]), DAYS)


@settings(max_examples=40, deadline=None)
@given(
    occurrences=st.lists(institutional_codes, max_size=14),
    spans=st.lists(st.builds(InstitutionalCode, st.just("70"), DAYS, DAYS), max_size=3),
    values=st.lists(st.builds(InstitutionalCode, st.just("80"), amount=CENTS), max_size=13),
    others=st.lists(st.builds(Diagnosis, CODES, st.sampled_from(["", "Y", "N", "U", "W"])), max_size=24),
    discharged=st.times().map(lambda moment: time(moment.hour, moment.minute)),
)
def test_any_institutional_set_that_we_write_reads_back_equal(occurrences, spans, values, others, discharged):
    plain = an_inpatient_claim()
    info = replace(
        plain.institutional,
        occurrences=tuple(occurrences), occurrence_spans=tuple(spans), values=tuple(values),
        visit_reasons=(Diagnosis("R079"),), external_causes=(Diagnosis("W19XXXA", "Y"),),
        principal_procedure=InstitutionalCode("02703DZ", date(2026, 9, 2)),
        other_procedures=(InstitutionalCode("5A1D70Z", date(2026, 9, 3)),),
    )  # fmt: skip
    claim = replace(
        plain,
        institutional=info,
        diagnoses=(plain.diagnoses[0], *others),
        dates=(Dated("096", at=discharged), *plain.dates[1:]),
    )

    whole = read_back(a_file(billed(claim), guide=Guide.INSTITUTIONAL, checked=False))

    assert whole == ClaimSet(a_header(Guide.INSTITUTIONAL), (billed(claim),))


service_payments = st.builds(
    a_service_payment,
    procedure=procedures(), charge=SIGNED_CENTS, paid=SIGNED_CENTS, revenue_code=st.sampled_from(["", "0450"]),
    quantity=st.none() | UNITS, submitted_procedure=st.none() | procedures(), submitted_quantity=st.none() | UNITS,
    dates=st.lists(st.builds(DateMark, st.sampled_from(["472", "150"]), DAYS), max_size=2).map(tuple),
    adjustments=adjustments(), remarks=st.lists(st.builds(Remark, st.just("HE"), CODES), max_size=3).map(tuple),
)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(service_payments, max_size=3), min_size=1, max_size=4), st.lists(SIGNED_CENTS, max_size=8))
def test_any_remittance_that_we_write_reads_back_equal_and_balances_or_not_as_before(claims_of_lines, plbs):
    claims = tuple(a_claim_payment(*lines) for lines in claims_of_lines)
    remittance = a_remittance(*claims, adjustments=[a_provider_adjustment(amount=str(amount)) for amount in plbs])

    data = in_envelope(write_remittance(remittance, "0001", checked=False), "HP", GUIDE)
    (read,) = [read_remittance(one) for one in X12Reader(data).sets()]
    back, findings = read

    assert (back, findings) == (remittance, ())
    assert [(one.level, one.missing) for one in balance(back)] == [
        (one.level, one.missing) for one in balance(remittance)
    ]


@given(st.text(max_size=60))
def test_transliterated_text_may_be_sent(text):
    assert set(transliterate(text)) <= ALLOWED


def test_names_keep_their_sound():
    assert transliterate("Núñez-Ößl Łukasz d\u2019Ærø") == "NUNEZ-OSSL LUKASZ D'AERO"


def read_back(data: bytes) -> ClaimSet:
    (one,) = [read_claims(one_set) for one_set in X12Reader(data).sets()]
    whole, findings = one
    assert findings == ()
    return whole
