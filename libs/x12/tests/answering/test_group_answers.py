"""The 999: each set of a group accepted or refused, and why."""

from datetime import datetime

import pytest
from claimstream_x12 import X12Reader
from claimstream_x12.acknowledgment_999 import read_999
from claimstream_x12.answering import answer
from claimstream_x12.checking import Checker
from claimstream_x12.claim_status_277ca import claim_outcomes, read_277ca

from ..whole_files import (
    BENEFITS,
    CLAIM_ACKNOWLEDGMENT,
    INQUIRY,
    INSTITUTIONAL,
    PROFESSIONAL,
    REMITTANCE,
    REVIEW_REQUEST,
    STATUS_REQUEST,
    STATUS_RESPONSE,
    WholeFile,
)

NOW = datetime(2026, 9, 17, 9, 0)  # noqa: DTZ001 — X12 has no zones
P, R = PROFESSIONAL, REMITTANCE
I = INSTITUTIONAL  # noqa: E741 — the guide's own letter


def the_999(file: WholeFile):
    """The one 999 that answers a file."""
    (found,) = all_999s(file)
    return found


def all_999s(file: WholeFile):
    """Every 999 that answers a file."""
    data = answer(Checker(remember_claims=True).check(file.data()), now=NOW)
    found = []
    for one in X12Reader(data).sets():
        if one.code == "999":
            acknowledgment, findings = read_999(one)
            assert findings == ()
            found.append(acknowledgment)
    return found


def with_sets(*bodies: WholeFile) -> WholeFile:
    """One group of several sets, each from the body of a file, numbered from 0001."""
    sets = []
    for number, body in enumerate(bodies, 1):
        inside = body.segments[2 : body.at("GE*")]
        sets += [
            segment.replace("*0001*005010", f"*{number:04d}*005010") if segment.startswith("ST*") else segment
            for segment in inside
        ]
        sets[-1] = f"SE*#*{number:04d}"
    return WholeFile((*P.segments[:2], *sets, f"GE*{len(bodies)}*17", "IEA*1*000000017"))


WRONG = P.edit("CLM*OWN0001", "*Y*A*", "*Q*A*")
WARNED = P.edit("REF*G1", "AUTHORIZED1", "AUTHORIZED1*")


@pytest.mark.parametrize(
    ("sets", "status", "accepted"),
    [
        ([P], "A", 1),
        ([P, P], "A", 2),
        ([P, WARNED], "E", 2),
        ([P, WRONG], "P", 1),
        ([WARNED, WRONG, P], "P", 2),
        ([WRONG], "R", 0),
        ([WRONG, WRONG], "R", 0),
    ],
)
def test_a_group_is_accepted_with_errors_partly_or_not_as_its_sets_are(sets, status, accepted):
    group = the_999(with_sets(*sets))

    assert group.status == status
    assert (group.included, group.received, group.accepted_sets) == (len(sets), len(sets), accepted)


def test_each_set_is_answered_by_its_number():
    group = the_999(with_sets(P, WRONG, WARNED))

    assert [(one.set_code, one.control_number, one.guide, one.status) for one in group.sets] == [
        ("837", "0001", "005010X222A1", "A"),
        ("837", "0002", "005010X222A1", "R"),
        ("837", "0003", "005010X222A1", "E"),
    ]


def test_the_group_is_named_as_its_sender_named_it():
    group = the_999(R)

    assert (group.functional_code, group.control_number, group.guide) == ("HP", "17", "005010X221A1")


def test_a_wrong_element_is_told_of_with_its_place_and_a_copy():
    (one,) = the_999(WRONG).sets

    (error,) = one.errors
    (element,) = error.elements
    assert one.codes == ("5",)
    assert (error.segment_id, error.position, error.loop, error.code) == (
        "CLM",
        WRONG.position("CLM*OWN0001"),
        "2300",
        "8",
    )
    assert (element.element, element.component, element.code, element.copy) == (6, None, "7", "Q")


def contexts(file: WholeFile) -> list[tuple[tuple[str, ...], ...]]:
    """The CTX elements beside the first segment in error."""
    (one,) = the_999(file).sets
    return [context.elements for context in one.errors[0].contexts]


def test_the_claim_is_named_beside_the_segment():
    assert contexts(WRONG) == [(("CLM01", "OWN0001"),)]


def test_rfi_2293_a_long_number_is_cut_and_one_with_a_wrong_character_is_not_sent():
    long = "A1234567890123456789012345678901234567"

    assert contexts(WRONG.edit("CLM*", "OWN0001", long)) == [(("CLM01", long[:35]),)]
    assert contexts(WRONG.edit("CLM*", "OWN0001", "OWN\u00a70001")) == []


@pytest.mark.parametrize(
    ("file", "trace"),
    [
        (INQUIRY.edit("DMG*", "19800517", "1980"), "TRACE0001"),
        (BENEFITS.edit("EB*B*", "EB*B*", "EB*ZZ*"), "TRACE0001"),
        (STATUS_REQUEST.edit("AMT*", "120", "12O"), "OWN0001"),
        (STATUS_RESPONSE.edit("STC*", "20260917", "2026"), "OWN0001"),
        (REVIEW_REQUEST.edit("UM*", "HS", "XX"), "REVIEW0001"),
    ],
)
def test_rfi_1312_an_inquiry_is_named_by_its_trace_number(file, trace):
    assert contexts(file) == [(("TRN02", trace),)]


def test_a_level_is_not_searched_to_its_end_for_a_trace():
    late = REVIEW_REQUEST.drop("TRN*").add("HI*", "MSG*FIRST", "TRN*1*REVIEW0001*9512345678", "MSG*SECOND", "MSG*THIRD")
    (one,) = the_999(late).sets

    assert {error.segment_id for error in one.errors} == {"TRN", "MSG"}
    assert [error.contexts for error in one.errors if error.contexts] == []


def test_what_stands_above_the_inquiries_belongs_to_none_and_a_payment_has_no_name_for_it():
    assert contexts(INQUIRY.edit("NM1*1P", "NM1*1P*2", "NM1*1P*7")) == []
    assert contexts(R.edit("CLP*", "*1*", "*99*")) == []


def test_a_wrong_component_is_told_of_by_its_number():
    (one,) = the_999(P.edit("CLM*OWN0001", "11:B:1", "11:Q:1")).sets

    (element,) = one.errors[0].elements
    assert (element.element, element.component, element.code) == (5, 2, "7")


def test_several_faults_of_one_segment_stand_under_one_heading():
    (one,) = the_999(P.change("CLM*OWN0001", "CLM*OWN0001*200***11:B:1*Q*Q*Y*Y")).sets

    (error,) = one.errors
    assert [element.element for element in error.elements] == [6, 7]


SEGMENT_FAULTS = {
    "a segment that another set has": (P.add("REF*G1", "LS*2120"), "LS", "2"),
    "a segment that no set here has": (P.add("REF*G1", "N9*ZZ*1"), "N9", "2"),
    "a segment that has no place here": (P.add("PRV*PE", "N3*1 WRONG STREET"), "N3", "2"),
    "a segment that is missing": (P.drop("N4*BOSTON"), "N4", "3"),
    "a loop that is missing": (P.drop("NM1*PR*2*FIRST"), "NM1", "I7"),
    "a loop that comes too often": (P.add("NM1*40", "NM1*40*2*SECOND PAYER*****46*SECOND"), "NM1", "4"),
    "a segment that comes too often": (P.add("REF*G1", "REF*G1*AGAIN"), "REF", "5"),
    "a segment out of order": (P.add("HI*ABK:E119", "DTP*431*D8*20260801"), "DTP", "7"),
}


@pytest.mark.parametrize("name", SEGMENT_FAULTS)
def test_a_fault_of_a_whole_segment_has_its_code(name):
    file, segment_id, code = SEGMENT_FAULTS[name]

    (one,) = the_999(file).sets

    assert [(error.segment_id, error.code, error.elements) for error in one.errors] == [(segment_id, code, ())]
    assert (one.status, one.codes) == ("R", ("5",))


@pytest.mark.parametrize("segment_id", ["ZZZ", "XXX", "Q", "clm"])
def test_a_segment_that_x12_does_not_have_is_refused_and_not_named(segment_id):
    (one,) = the_999(P.add("REF*G1", f"{segment_id}*1")).sets

    assert (one.status, one.codes, one.errors) == ("R", ("5",), ())


ELEMENT_FAULTS = {
    "missing": (P.change("CLM*OWN0001", "CLM*OWN0001*200***11:B:1**A*Y*Y"), "1"),
    "missing beside its partner": (P.edit("NM1*82", "****XX*1234567893", "*****1234567893"), "2"),
    "one too many": (P.edit("REF*6R*OWN1", "OWN1", "OWN1****MORE"), "3"),
    "too short": (P.edit("NM1*41", "BAYCLINIC", "B"), "4"),
    "too long": (P.edit("REF*G1", "AUTHORIZED1", "A" * 51), "5"),
    "of a strange character": (P.edit("NM1*82", "RENDER", "REN\x07DER"), "6"),
    "no number": (P.edit("SV1*HC:36415", "*80*", "*8O*"), "6"),
    "no day": (P.edit("DTP*472", "20260901", "20260931"), "8"),
    "no time": (P.edit("BHT*", "1030", "1060"), "9"),
    "beside what excludes it": (P.edit("N4*BOSTON", "*021101234", "*021101234*US***NY"), "10"),
    "of a component too many": (P.edit("CLM*OWN0001", "11:B:1", "11:B:1:1"), "13"),
    "not used here": (P.edit("CLM*OWN0001", "*200***", "*200*XX**"), "I10"),
}


@pytest.mark.parametrize("name", ELEMENT_FAULTS)
def test_a_fault_of_an_element_has_its_code(name):
    file, code = ELEMENT_FAULTS[name]

    (one,) = the_999(file).sets

    assert [element.code for error in one.errors for element in error.elements] == [code]


def test_data_that_cannot_be_carried_is_not_copied():
    (one,) = the_999(P.edit("NM1*82", "RENDER", "RENDÉR")).sets

    assert one.errors[0].elements[0].copy == ""


SET_FAULTS = {
    "no end": (P.drop("SE*"), "2"),
    "control numbers that do not tie": (P.change("SE*", "SE*#*0002"), "3"),
    "a wrong count of segments": (P.change("SE*", "SE*99*0001"), "4"),
    "no control number": (P.change("ST*", "ST*837**005010X222A1").change("SE*", "SE*#*"), "7"),
    "a kind that is not read here": (P.edit("ST*", "837", "850"), "1"),
    "a kind that is not its group's": (P.edit("GS*", "HC", "HP").edit("GS*", "X222A1", "X221A1"), "18"),
    "another guide than its group's": (P.edit("GS*", "X222A1", "X223A2"), "19"),
}


@pytest.mark.parametrize("name", SET_FAULTS)
def test_a_fault_of_a_set_has_its_code(name):
    file, code = SET_FAULTS[name]

    (one,) = the_999(file).sets

    assert one.status == "R"
    assert code in one.codes


def test_a_set_number_that_comes_twice_refuses_the_second():
    twice = with_sets(P, P).change("ST*837*0002", "ST*837*0001*005010X222A1").change("SE*#*0002", "SE*#*0001")

    group = the_999(twice)

    assert [(one.status, one.codes) for one in group.sets] == [("A", ()), ("R", ("23",))]


GROUP_FAULTS = {
    "a code that is not read here": (P.edit("GS*", "HC", "XX"), "1"),
    "a guide that is not read here": (P.edit("GS*", "005010X222A1", "005010X999"), "2"),
    "no end": (P.drop("GE*"), "3"),
    "control numbers that do not tie": (P.change("GE*", "GE*1*18"), "4"),
    "a wrong count of sets": (P.change("GE*", "GE*2*17"), "5"),
}


@pytest.mark.parametrize("name", GROUP_FAULTS)
def test_a_fault_of_a_group_refuses_all_its_sets(name):
    file, code = GROUP_FAULTS[name]

    group = the_999(file)

    assert (group.status, group.codes, group.accepted_sets) == ("R", (code,), 0)
    assert [one.status for one in group.sets] == ["R"]


def test_the_count_that_the_sender_gave_stands_beside_the_count_of_what_came():
    group = the_999(P.change("GE*", "GE*2*17"))

    assert (group.included, group.received) == (2, 1)


def test_money_that_does_not_tie_refuses_a_remittance():
    (one,) = the_999(R.edit("BPR*", "131.5", "132.5")).sets

    assert one.status == "R"
    assert [(error.segment_id, error.elements[0].element, error.elements[0].code) for error in one.errors] == [
        ("BPR", 2, "I12")
    ]


@pytest.mark.parametrize(
    "wrong", [P.edit("CLM*OWN0001", "*200*", "*201*"), P.edit("NM1*82", "1234567893", "1234567890"), I.drop("HI*ABJ")]
)
def test_what_a_claim_acknowledgment_tells_of_does_not_refuse_the_set(wrong):
    group = the_999(wrong)

    assert (group.status, [one.status for one in group.sets]) == ("A", ["A"])


def test_a_code_that_is_merely_unknown_accepts_with_a_note():
    (one,) = the_999(R.edit("CAS*CO*45*29.5", "45", "X9999")).sets

    assert (one.status, [error.segment_id for error in one.errors]) == ("E", ["CAS"])


def test_each_group_has_its_own_acknowledgment():
    other = CLAIM_ACKNOWLEDGMENT.edit("GS*", "*17*X", "*18*X").change("GE*", "GE*1*18").segments[1:-1]
    file = WholeFile((*P.segments[:-1], *other, "IEA*2*000000017"))

    groups = all_999s(file)

    assert [(group.functional_code, group.control_number) for group in groups] == [("HC", "17"), ("HN", "18")]


def with_many_subscribers(count: int, *, wrong: bool) -> WholeFile:
    """A file of so many subscribers with a claim each."""
    first, last = P.at("HL*2*"), P.at("HL*3*")
    many: list[str] = []
    for level in range(2, count + 2):
        many += [
            segment.replace("HL*2*", f"HL*{level}*").replace("OWN0001", f"OWN{level:06d}")
            for segment in P.segments[first:last]
        ]
    if wrong:
        many = [segment.replace("*200***", "*201***") if segment.startswith("CLM*") else segment for segment in many]
    return WholeFile((*P.segments[:first], *many, *P.segments[P.at("SE*") :]))


def test_very_many_claims_that_do_not_add_up_are_each_refused_in_a_claim_acknowledgment():
    file = with_many_subscribers(2_100, wrong=True)

    (one,) = the_999(file).sets
    answered = answer(Checker(remember_claims=True).check(file.data()), now=NOW)
    outcomes = [
        outcome
        for one_set in X12Reader(answered).sets()
        if one_set.code == "277"
        for outcome in claim_outcomes(read_277ca(one_set)[0])
    ]

    assert one.status == "A"
    assert len(outcomes) == 2_100
    assert not any(outcome.accepted for outcome in outcomes)


def test_a_large_set_that_is_right_is_accepted():
    (one,) = the_999(with_many_subscribers(2_100, wrong=False)).sets

    assert one.status == "A"
