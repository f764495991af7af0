"""The 277CA: each claim of an 837 that the 999 lets pass, accepted or refused with its reasons."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from claimstream_x12 import X12Reader
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from claimstream_x12.claim_status_277ca import claim_outcomes, read_277ca

from ..whole_files import DENTAL, INSTITUTIONAL, PROFESSIONAL, REMITTANCE, SECONDARY, WholeFile

NOW = datetime(2026, 9, 17, 9, 0)  # noqa: DTZ001 — X12 has no zones
P = PROFESSIONAL


def acknowledgments_of(file: WholeFile):
    """Every 277CA that answers a file, read."""
    data = answer(Checker(today=date(2026, 9, 16), remember_claims=True).check(file.data()), now=NOW)
    found = []
    for one in X12Reader(data).sets():
        if one.code == "277":
            status_set, findings = read_277ca(one)
            assert findings == ()
            found.append(status_set)
    return found


def outcomes_of(file: WholeFile):
    """Each claim's number, whether it goes on, and why not."""
    return [
        (
            one.claim.control_number,
            one.accepted,
            [(code.category, code.status) for status in one.statuses for code in status.codes],
        )
        for status_set in acknowledgments_of(file)
        for one in claim_outcomes(status_set)
    ]


GOES_ON = [("A2", "20")]


def test_claims_that_are_right_are_accepted():
    assert outcomes_of(P) == [("OWN0001", True, GOES_ON), ("CHILD0001", True, GOES_ON)]


@pytest.mark.parametrize("file", [SECONDARY, INSTITUTIONAL, DENTAL], ids=["837P to a second payer", "837I", "837D"])
def test_every_kind_of_claim_is_acknowledged(file):
    assert [accepted for _, accepted, _ in outcomes_of(file)] == [True]


def test_a_claim_that_does_not_add_up_is_refused_and_its_neighbour_is_not():
    assert outcomes_of(P.edit("CLM*OWN0001", "*200*", "*201*")) == [
        ("OWN0001", False, [("A8", "178")]),
        ("CHILD0001", True, GOES_ON),
    ]


REASONS = {
    "the sum of the lines": (P.edit("CLM*OWN0001", "*200*", "*201*"), ("A8", "178")),
    "a diagnosis that cannot be one": (P.edit("HI*ABK:E119", "I10", "ZZZZZ"), ("A7", "255")),
    "a procedure that cannot be one": (P.edit("SV1*HC:36415", "36415", "XXXXX"), ("A7", "454")),
    "a pointer to nothing": (P.edit("SV1*HC:99213:25", "***1:2", "***1:3"), ("A7", "477")),
    "a day in the future": (P.edit("DTP*472", "20260901", "20991231"), ("A7", "187")),
    "a replacement of nothing": (P.edit("CLM*OWN0001", "11:B:1", "11:B:7"), ("A6", "464")),
    "an accident without a date": (P.edit("CLM*OWN0001", "*Y*Y", "*Y*Y**OA"), ("A6", "281")),
    "a provider's number with a wrong digit": (P.edit("NM1*82", "1234567893", "1234567890"), ("A7", "562")),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_refused_claim_has_the_reason_in_the_payers_words(name):
    file, reason = REASONS[name]

    assert outcomes_of(file)[0] == ("OWN0001", False, [reason])


def test_several_reasons_are_each_told_once():
    file = P.edit("CLM*OWN0001", "*200*", "*201*").edit("HI*ABK:E119*ABF:I10", "E119*ABF:I10", "ZZZZZ*ABF:ZZZZY")

    assert outcomes_of(file)[0] == ("OWN0001", False, [("A8", "178"), ("A7", "255")])


def test_a_fault_of_the_billing_provider_refuses_all_its_claims():
    file = P.edit("NM1*85", "1999999984", "1999999985")

    assert [accepted for _, accepted, _ in outcomes_of(file)] == [False, False]


def test_a_fault_of_a_subscriber_refuses_the_claims_below_alone():
    file = P.drop("DMG*D8*19800517")

    assert [accepted for _, accepted, _ in outcomes_of(file)] == [False, True]


def test_a_fault_of_one_provider_leaves_the_claims_of_another():
    body = P.segments[P.at("HL*1*") : P.at("HL*3*")]
    moved = tuple(
        segment.replace("HL*1**20*1", "HL*5**20*1")
        .replace("HL*2*1*22*0", "HL*6*5*22*0")
        .replace("1999999984", "1234567893")
        .replace("OWN0001", "OTHER0001")
        for segment in body
    )
    file = P.add("REF*6R*CHILD1", *moved).edit("NM1*85", "1999999984", "1999999985")

    assert [(number, accepted) for number, accepted, _ in outcomes_of(file)] == [
        ("OWN0001", False),
        ("CHILD0001", False),
        ("OTHER0001", True),
    ]


def test_the_batch_counts_and_adds_up_what_was_accepted_and_what_was_refused():
    (status_set,) = acknowledgments_of(P.edit("CLM*OWN0001", "*200*", "*201*"))

    status = status_set.sources[0].receivers[0].status
    assert status.trace == "BATCH0001"
    assert [(one.qualifier, one.quantity) for one in status.quantities] == [("90", 1), ("AA", 1)]
    assert [(one.qualifier, one.amount) for one in status.amounts] == [("YU", Decimal(50)), ("YY", Decimal(201))]
    assert status.statuses[0].amount == Decimal(251)


def test_a_batch_without_a_refused_claim_says_nothing_of_refusal():
    (status_set,) = acknowledgments_of(P)

    status = status_set.sources[0].receivers[0].status
    assert [(one.qualifier, one.quantity) for one in status.quantities] == [("90", 2)]
    assert [(one.qualifier, one.amount) for one in status.amounts] == [("YU", Decimal(250))]


def test_people_and_days_are_those_of_the_claim():
    (status_set,) = acknowledgments_of(P)

    (provider,) = status_set.sources[0].receivers[0].providers
    own, child = provider.patients
    assert (provider.provider.name, provider.provider.id) == ("BAY CLINIC", "1999999984")
    assert (own.patient.name, own.patient.first, own.patient.id) == ("DOE", "JANE", "M000001")
    assert (child.patient.name, child.patient.first, child.patient.id) == ("ROE", "JUNE", "M000002")
    assert own.claims[0].dates[0].start == date(2026, 9, 1)
    assert [own.claims[0].statuses[0].amount, child.claims[0].statuses[0].amount] == [Decimal(200), Decimal(50)]


def test_the_days_of_a_stay_are_the_statements_own():
    (status_set,) = acknowledgments_of(INSTITUTIONAL)

    (claim,) = status_set.sources[0].receivers[0].providers[0].patients[0].claims
    assert (claim.dates[0].start, claim.dates[0].end) == (date(2026, 9, 1), date(2026, 9, 4))


@pytest.mark.parametrize(
    "file",
    [
        P.edit("CLM*OWN0001", "*Y*A*", "*Q*A*"),
        P.drop("GE*"),
        P.edit("ISA*", "*P*:", "*I*:"),
        REMITTANCE,
        P.cut("HL*2*").add("REF*EI", "SE*#*0001", "GE*1*17", "IEA*1*000000017"),
    ],
    ids=["syntax", "group", "interchange", "835", "no claims"],
)
def test_nothing_is_said_of_claims_that_were_not_let_in_or_not_there(file):
    assert acknowledgments_of(file) == []


def test_warnings_refuse_no_claim():
    file = P.edit("PRV*PE", "207Q00000X", "DOCTOR")

    assert [accepted for _, accepted, _ in outcomes_of(file)] == [True, True]


def test_claims_are_answered_only_when_the_checker_was_asked_to_remember_them():
    data = answer(Checker().check(P.data()), now=NOW)

    assert [one.code for one in X12Reader(data).sets()] == ["999"]
