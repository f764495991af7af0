"""Signs, pairs and identifiers in the shapes in which they go wrong, and beside them what only looks like it and is right."""

import pytest
from claimstream_x12.checking import Checker

from ..checked import found_in
from ..whole_files import (
    BENEFITS,
    CLAIM_ACKNOWLEDGMENT,
    DENTAL,
    INSTITUTIONAL,
    PROFESSIONAL,
    REMITTANCE,
    REVIEW_REQUEST,
    SECONDARY,
    STATUS_REQUEST,
    STATUS_RESPONSE,
    WholeFile,
)

P, S, D, R, CA = PROFESSIONAL, SECONDARY, DENTAL, REMITTANCE, CLAIM_ACKNOWLEDGMENT
I = INSTITUTIONAL  # noqa: E741 — the guide's own letter


def with_ambulance(miles: str) -> WholeFile:
    """A claim for a ride of so many miles."""
    return P.add("CLM*OWN0001", f"CR1****A*DH*{miles}").drop("REF*G1")


SIGNS = {
    "a claim's charge": (P.edit("CLM*OWN0001", "*200*", "*-200*"), "amount-negative"),
    "an institutional claim's charge": (I.edit("CLM*", "*5400*", "*-5400*"), "amount-negative"),
    "a professional line's charge": (P.edit("SV1*HC:36415", "*80*", "*-80*"), "amount-negative"),
    "an institutional line's charge": (I.edit("SV2*0450", "*600*", "*-600*"), "amount-negative"),
    "an institutional line's non covered charge": (I.edit("SV2*0450", "UN*1", "UN*1**-5"), "amount-negative"),
    "a dental line's charge": (D.edit("SV3*AD:D1110", "*50*", "*-50*"), "amount-negative"),
    "what the patient paid": (P.add("CLM*OWN0001", "AMT*F5*-10"), "amount-negative"),
    "what an earlier payer paid": (S.edit("AMT*D", "130", "-130"), "amount-negative"),
    "what an earlier payer paid for a line": (S.edit("SVD*P0002*60", "*60*", "*-60*"), "amount-negative"),
    "a refused claim's charge in an acknowledgment": (CA.edit("STC*A7", "U*50", "U*-50"), "amount-negative"),
    "a professional line's units": (P.edit("SV1*HC:36415", "UN*1", "UN*-0.5"), "quantity-negative"),
    "an institutional line's units": (I.edit("SV2*0450", "UN*1", "UN*-1"), "quantity-negative"),
    "a dental line's procedures": (D.edit("SV3*AD:D1110", "****1", "****-1"), "quantity-negative"),
    "a drug's quantity": (P.add("REF*6R*OWN2", "LIN**N4*00002143380", "CTP****-10*ML"), "quantity-negative"),
    "units that an earlier payer paid": (S.edit("SVD*P0002*60", "**1", "**-1"), "quantity-negative"),
    "the miles of a ride": (with_ambulance("-12"), "quantity-negative"),
    "the charge of a claim that is asked for": (STATUS_REQUEST.edit("AMT*T3", "120", "-120"), "amount-negative"),
    "the charge of a claim that is answered": (STATUS_RESPONSE.edit("STC*F1", "**120*", "**-120*"), "amount-negative"),
    "visits that are asked for": (REVIEW_REQUEST.add("HI*ABK", "HSD*VS*-3"), "quantity-negative"),
    "accepted claims in an acknowledgment": (CA.edit("QTY*90", "1", "-1"), "quantity-negative"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_what_counts_or_charges_is_never_less_than_zero(name):
    file, code = SIGNS[name]

    assert found_in(file)[code]


REVERSED = (
    "CLP*OWN0001*22*-120*-80.5**12*PAYER77*11*1",
    "NM1*QC*1*DOE*JANE****MI*M000001",
    "SVC*HC:99213*-120*-80.5**-1",
    "DTM*472*20260901",
    "CAS*CO*45*-29.5*-1",
    "CAS*PR*3*-10",
)
CORRECTED = ("CLP*OWN0001*1*120*80.5*10*12*PAYER79*11*1", *REVERSED[1:])
CORRECTION = tuple(segment.replace("*-", "*") for segment in CORRECTED)
BACK_AND_FORTH = R.add("LQ*HE", *REVERSED, *CORRECTION)
ADJUSTED_UP = S.edit("CAS*CO*45*30", "CO*45*30", "CO*45*40*1*59*-10*-1")

SIGNED = {
    "a reversal with its signs turned": BACK_AND_FORTH,
    "an adjustment that adds, with its quantity": ADJUSTED_UP,
    "a provider adjustment that adds": R.edit("PLB*", "*9", "*-9").edit("BPR*", "131.5", "149.5"),
    "a line that is free": P.edit("SV1*HC:36415", "*80*", "*0*").edit("CLM*OWN0001", "*200*", "*120*"),
    "an earlier payer that paid nothing": S.edit("AMT*D", "130", "0").edit("SVD*P0002*90", "90", "0").edit("SVD*P0002*60", "60", "0").edit("CAS*CO*45*30", "30", "100*1").edit("CAS*CO*45*20", "20", "80").edit("CAS*CO*45*100*1", "100*1", "120").edit("CAS*PR*1*20", "PR*1*20", "PR*1*0"),
    "a ride": with_ambulance("12.5"),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in SIGNED if name != "an earlier payer that paid nothing"])
def test_a_sign_that_the_guide_lets_stand_is_no_fault(name):
    assert found_in(SIGNED[name]) == {}


def test_a_payer_that_paid_nothing_has_no_wrong_sign():
    assert not {"amount-negative", "quantity-negative"} & found_in(SIGNED["an earlier payer that paid nothing"]).keys()


PAIRS = {
    "a reason with a quantity alone, at a line": R.edit("CAS*CO*45*29.5", "29.5", "29.5**97**1"),
    "a reason alone, at a line": R.edit("CAS*CO*45*29.5", "29.5", "29.5**97"),
    "an amount without its reason, at a line": R.edit("CAS*CO*45*29.5", "29.5", "20***9.5"),
    "a reason with a quantity alone, at a claim": R.edit("CAS*PR*1*20", "20", "20**2**1"),
    "an amount without its reason, at a claim": R.edit("CAS*PR*1*20", "20", "15***5"),
    "a third reason without its amount": R.edit("CAS*CO*45*29.5", "29.5", "20**97*9.5**B7**1"),
    "an earlier payer's reason, at a claim": S.edit("CAS*PR*1*20", "20", "20**2**1"),
    "an earlier payer's reason, at a line": S.edit("CAS*CO*45*30", "30", "30**59**1"),
    "an earlier payer's amount without its reason": S.edit("CAS*CO*45*30", "30", "20***10"),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_a_reason_and_its_amount_go_together(name):
    assert found_in(PAIRS[name]).get("element-pair")


def test_a_reason_without_its_amount_is_told_once():
    report = Checker().check(PAIRS["a reason with a quantity alone, at a line"].data())

    assert [finding.place.element for finding in report.sets[0].findings] == [6]


def test_reasons_with_amounts_are_right_with_quantities_and_without():
    file = R.edit("CAS*CO*45*29.5", "29.5", "20*1*97*9*1*B7*.5").edit("CAS*PR*1*20", "20", "15**2*5")

    assert found_in(file) == {}


IDENTIFIERS = {
    "a tax number with a hyphen": (P.edit("REF*EI", "123456789", "12-3456789"), "tax-number"),
    "a tax number of eight digits": (P.edit("REF*EI", "123456789", "12345678"), "tax-number"),
    "a tax number with letters": (P.edit("REF*EI", "123456789", "12345678X"), "tax-number"),
    "a tax number with blanks": (P.edit("REF*EI", "123456789", "12 3456789"), "tax-number"),
    "a social security number with hyphens": (P.edit("REF*EI*123456789", "EI*123456789", "SY*123-45-6789"), "tax-number"),
    "the subscriber's social security number": (P.add("DMG*D8*19800517", "REF*SY*123-45-6789"), "tax-number"),
    "an institution's tax number": (I.edit("REF*EI", "123456789", "12-3456789"), "tax-number"),
    "a dentist's tax number": (D.edit("REF*EI", "123456789", "1234567890"), "tax-number"),
    "a payee's tax number": (R.edit("REF*TJ", "123456789", "12-3456789"), "tax-number"),
    "a payee known by its tax number alone": (R.edit("N1*PE", "XX*1999999984", "FI*12-3456789").drop("REF*TJ"), "tax-number"),
    "a patient known by a social security number": (R.edit("NM1*QC", "MI*M000001", "34*123-45-6789"), "tax-number"),
    "a drug with hyphens": (P.add("REF*6R*OWN2", "LIN**N4*00002-1433-80", "CTP****10*ML"), "drug-code"),
    "a drug of ten digits": (P.add("REF*6R*OWN2", "LIN**N4*0002143380", "CTP****10*ML"), "drug-code"),
    "a hospital's drug with hyphens": (I.add("SV2*0120", "LIN**N4*00002-1433-80", "CTP****10*ML"), "drug-code"),
    "tooth 33": (D.edit("TOO*JP", "12", "33"), "tooth"),
    "tooth 0": (D.edit("TOO*JP", "12", "0"), "tooth"),
    "tooth U": (D.edit("TOO*JP", "12", "U"), "tooth"),
    "a tooth in words": (D.edit("TOO*JP", "12", "UPPER LEFT"), "tooth"),
    "a missing tooth 99": (D.add("CLM*", "DN2*99*M****JP").drop("DTP*472").add("CLM*", "DTP*472*D8*20260901"), "tooth"),
    "a tooth that is to be pulled": (D.add("DTP*472", "DN2*Z*E****JP"), "tooth"),
}  # fmt: skip


@pytest.mark.parametrize("name", IDENTIFIERS)
def test_an_identifier_has_the_form_of_its_list(name):
    file, code = IDENTIFIERS[name]

    assert found_in(file)[code]


@pytest.mark.parametrize("tooth", ["1", "01", "9", "19", "32", "A", "T", "51", "82", "AS", "TS"])
def test_a_tooth_of_the_universal_numbering_is_right(tooth):
    assert found_in(D.edit("TOO*JP", "12", tooth).add("DTP*472", f"DN2*{tooth}*M****JP")) == {}


RIGHT_IDENTIFIERS = {
    "a social security number": P.edit("REF*EI*123456789", "EI", "SY"),
    "a drug of eleven digits": P.add("REF*6R*OWN2", "LIN**N4*00002143380", "CTP****10*ML"),
    "a product with another number": P.add("REF*6R*OWN2", "LIN**UP*012345-678", "CTP****10*UN"),
    "a number of another kind with a hyphen": P.edit("REF*G1", "AUTHORIZED1", "AUTH-1"),
    "a payee known by its tax number": R.edit("N1*PE", "XX*1999999984", "FI*123456789").drop("REF*TJ"),
    "a member id with a hyphen": P.edit("NM1*IL*1*DOE", "M000001", "M-000001"),
    "a tooth status without a numbering": D.add("DTP*472", "DN2*UL*M"),
}


@pytest.mark.parametrize("name", RIGHT_IDENTIFIERS)
def test_an_identifier_of_another_kind_is_left_alone(name):
    assert found_in(RIGHT_IDENTIFIERS[name]) == {}


def test_a_benefit_names_no_payer_that_is_refused_for_its_number():
    assert found_in(BENEFITS) == {}
