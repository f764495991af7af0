"""What we write is valid in the eyes of pyx12, reads back equal, and is refused when it should be."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from claimstream_x12 import Adjustment, Dated, Delimiters, NotWritable, Party, Procedure, Reference, X12Reader
from claimstream_x12.acknowledgment_999 import GUIDE as GUIDE_999
from claimstream_x12.acknowledgment_999 import read_999, write_999
from claimstream_x12.claim_837 import (
    Claim,
    ClaimSet,
    Demographics,
    Diagnosis,
    Guide,
    OtherCoverage,
    PriorPayment,
    check_claim,
    npi_is_valid,
    read_claims,
    write_claims,
)
from claimstream_x12.claim_status_277ca import GUIDE as GUIDE_277CA
from claimstream_x12.claim_status_277ca import read_277ca, write_277ca
from claimstream_x12.remittance_835 import GUIDE as GUIDE_835
from claimstream_x12.remittance_835 import read_remittance, write_remittance
from claimstream_x12.testing import pyx12_errors

from .builders import (
    DAY,
    HOME,
    NPI,
    a_billing_provider,
    a_claim,
    a_dependent,
    a_file,
    a_header,
    a_line,
    a_payer,
    a_subscriber,
    an_inpatient_claim,
    billed,
    in_envelope,
)
from .remittance_builders import (
    a_277ca,
    a_999,
    a_claim_acknowledgment,
    a_claim_payment,
    a_provider_adjustment,
    a_rejected_set,
    a_remittance,
    a_service_payment,
    a_status,
)


def a_secondary_claim() -> Claim:
    prior = PriorPayment(
        "P0001", Decimal("80.5"), Procedure("99213"), Decimal(1),
        adjustments=(Adjustment("CO", "45", Decimal("29.5")), Adjustment("PR", "3", Decimal(10))),
        decided_on=date(2026, 9, 20),
    )  # fmt: skip
    primary = OtherCoverage(
        "P", "18",
        Party("IL", "1", "DOE", "JANE", id_qualifier="MI", id="M000001", address=HOME),
        Party("PR", "2", "FIRST PAYER", id_qualifier="PI", id="P0001", references=(Reference("F8", "PAYER77"),)),
        filing_indicator="CI", paid=Decimal("80.5"), remaining_liability=Decimal(10),
    )  # fmt: skip
    return a_claim(a_line(prior_payments=(prior,)), other_coverages=(primary,))


PROFESSIONAL_FILES = {
    "the subscriber's own claim": [billed()],
    "a dependent's claim": [billed(patient=a_dependent())],
    "own and dependent's claims of one subscriber": [billed(), billed(patient=a_dependent()), billed()],
    "two providers": [billed(), billed(billing=a_billing_provider(name="HILL CLINIC"))],
    "many lines": [billed(a_claim(*[a_line(code=f"9921{n % 6}") for n in range(50)]))],
    "twelve diagnoses": [billed(a_claim(diagnoses=tuple(Diagnosis(f"E11{n}") for n in range(12))))],
    "a secondary payer": [
        billed(a_secondary_claim(), subscriber=a_subscriber(responsibility="S", payer=a_payer("NEXT", "P2")))
    ],
    "a replacement": [
        billed(a_claim(frequency="7", references=(Reference("F8", "PAYER77"), Reference("G1", "AUTH1"))))
    ],
    "an accident": [billed(a_claim(related_causes=("AA",), accident_state="MA", dates=(Dated("439", DAY),)))],
    "providers of every role": [
        billed(
            a_claim(
                providers=(
                    Party("DN", "1", "REFERRER", "RITA", id_qualifier="XX", id=NPI),
                    Party("82", "1", "RENDER", "ROY", id_qualifier="XX", id=NPI, taxonomy="207Q00000X"),
                    Party("77", "2", "HILL SITE", id_qualifier="XX", id=NPI, address=HOME),
                    Party("DQ", "1", "SUPER", "SUE", id_qualifier="XX", id=NPI),
                )
            )
        )
    ],
}


@pytest.mark.parametrize("claims", PROFESSIONAL_FILES.values(), ids=PROFESSIONAL_FILES.keys())
def test_a_professional_file_is_valid_to_pyx12_and_reads_back_equal(claims):
    data = a_file(*claims)

    assert pyx12_errors(data) == []
    assert read_back(data) == ClaimSet(a_header(), tuple(claims))


def test_an_institutional_file_is_valid_to_pyx12_and_reads_back_equal():
    claims = (billed(an_inpatient_claim()), billed(an_inpatient_claim(), patient=a_dependent()))

    data = a_file(*claims, guide=Guide.INSTITUTIONAL)

    assert pyx12_errors(data) == []
    assert read_back(data) == ClaimSet(a_header(Guide.INSTITUTIONAL), claims)


def test_pyx12_would_have_said_so_if_a_file_were_wrong():
    assert pyx12_errors(a_file().replace(b"*CI~", b"*QQ~"))


def test_the_same_records_give_the_same_bytes():
    assert a_file(billed(), billed(patient=a_dependent())) == a_file(billed(), billed(patient=a_dependent()))


def test_other_delimiters_change_nothing_but_themselves():
    delimiters = Delimiters(segment="\n", element="|", component=">", repetition="!")
    whole = ClaimSet(a_header(), (billed(),))

    text = write_claims(whole, "0001", delimiters).decode()

    assert text.translate(str.maketrans("\n|>!", "~*:^")).encode() == write_claims(whole, "0001")


REFUSED = {
    "too-many-lines": billed(a_claim(*[a_line()] * 51)),
    "too-many-diagnoses": billed(a_claim(diagnoses=tuple(Diagnosis(f"E1{n}") for n in range(10, 23)))),
    "total": billed(a_claim(charge=Decimal("119.99"))),
    "pointers": billed(a_claim(a_line(diagnosis_pointers=(2,)))),
    "original-reference": billed(a_claim(frequency="7")),
    "frequency": billed(a_claim(frequency="2")),
    "not-cents": billed(a_claim(a_line(charge="1.005"))),
    "npi": billed(billing=a_billing_provider(id="1999999985")),
    "zip-plus-four": billed(billing=a_billing_provider(address=HOME.__class__("1 A ST", "BOSTON", "MA", "02110"))),
    "missing-tax-id": billed(billing=a_billing_provider(references=())),
    "patient": replace(billed(), patient=a_dependent()),
    "missing-person": billed(subscriber=a_subscriber(person=Demographics())),
    "character": billed(subscriber=a_subscriber(group_name="Núñez")),
    "length": billed(a_claim(number="A" * 21)),
    "cas-reasons": billed(
        a_claim(
            a_line(
                prior_payments=(
                    PriorPayment(
                        "P1", Decimal(0), Procedure("99213"), Decimal(1), decided_on=DAY,
                        adjustments=tuple(Adjustment("CO", str(n), Decimal(1)) for n in range(7)),
                    ),
                )
            )
        )
    ),
}  # fmt: skip


@pytest.mark.parametrize(("code", "claim"), REFUSED.items(), ids=REFUSED.keys())
def test_a_claim_that_is_not_valid_is_refused_with_its_reason(code, claim):
    with pytest.raises(NotWritable) as refused:
        a_file(claim)

    assert code in {finding.code for finding in refused.value.findings}
    assert check_claim(a_header(), claim) != ()


def test_a_claim_that_is_valid_has_nothing_against_it():
    assert check_claim(a_header(), billed()) == ()


def test_a_delimiter_inside_data_is_refused():
    with pytest.raises(NotWritable):
        a_file(billed(subscriber=a_subscriber(group_name="A*B")))
    with pytest.raises(NotWritable):
        a_file(billed(a_claim(a_line(code="99213:25"))))


@pytest.mark.parametrize(("npi", "valid"), [(NPI, True), ("1999999985", False), ("199999998", False), ("", False)])
def test_an_npi_is_known_by_its_check_digit(npi, valid):
    assert npi_is_valid(npi) is valid


def test_a_remittance_is_valid_to_pyx12_and_reads_back_equal():
    denied = a_service_payment(paid=Decimal(0), adjustments=(Adjustment("CO", "97", Decimal(120)),))
    reversal = a_claim_payment(
        a_service_payment(charge=Decimal(-120), paid=Decimal("-80.5"), adjustments=(Adjustment("CO", "45", Decimal("-39.5")),)),
        status="22", patient_responsibility=None,
    )  # fmt: skip
    remittance = a_remittance(
        a_claim_payment(a_service_payment(), denied), reversal, adjustments=(a_provider_adjustment(),), paid="1.25"
    )

    data = in_envelope(write_remittance(remittance, "0001"), "HP", GUIDE_835)

    assert pyx12_errors(data) == []
    assert [read_remittance(one) for one in X12Reader(data).sets()] == [(remittance, ())]


def test_a_negative_payment_is_refused():
    with pytest.raises(NotWritable, match="PLB FB"):
        write_remittance(a_remittance(paid="-1"), "0001")


def test_a_999_is_valid_to_pyx12_and_reads_back_equal():
    accepted = a_999().sets[0]
    group = replace(a_999(accepted, a_rejected_set(), status="P", accepted=1), included=2, received=2)

    data = in_envelope(write_999(group, "0001"), "FA", GUIDE_999)

    assert pyx12_errors(data) == []
    assert [read_999(one) for one in X12Reader(data).sets()] == [(group, ())]
    assert (group.accepts("1"), group.accepts("0002")) == (True, False)


def test_a_277ca_is_valid_to_pyx12_and_reads_back_equal():
    refused = a_claim_acknowledgment("OTHER", a_status("A7", "164", "IL", "U"), references=())
    status_set = a_277ca(
        a_claim_acknowledgment(), refused, provider_status=replace(a_status("A1", "19"), effective=None)
    )

    data = in_envelope(write_277ca(status_set, "0001"), "HN", GUIDE_277CA)

    assert pyx12_errors(data) == []
    assert [read_277ca(one) for one in X12Reader(data).sets()] == [(status_set, ())]


def test_a_277ca_with_a_category_of_adjudication_is_refused():
    with pytest.raises(NotWritable, match="RFI 2203"):
        write_277ca(a_277ca(a_claim_acknowledgment("X", a_status("F1"))), "0001")


def read_back(data: bytes) -> ClaimSet:
    (one,) = [read_claims(one_set) for one_set in X12Reader(data).sets()]
    claims, findings = one
    assert findings == ()
    return claims
