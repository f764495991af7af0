"""A claim takes the diagnoses that its lines point to, the rest in order, and names what it leaves out."""

import pytest
from claim_svc.contents import content_of
from claim_svc.domain.diagnoses import fitted
from claimstream_schemas.values.encounter import Diagnosis
from hypothesis import given
from hypothesis import strategies as st

from ..builders import a_line, a_practice, an_encounter_coded, an_inpatient_encounter


def codes(count: int) -> list[str]:
    return [f"A{number:03}" for number in range(1, count + 1)]


def content_with(diagnoses, *pointers, kind="professional"):
    event = an_encounter_coded() if kind == "professional" else an_inpatient_encounter()
    lines = tuple(a_line(number, diagnosis_pointers=each) for number, each in enumerate(pointers, start=1))
    content = content_of(event, lines, a_practice())
    given_ = tuple(Diagnosis(code=each) if isinstance(each, str) else each for each in diagnoses)
    return fitted(content.model_copy(update={"diagnoses": given_}))


def said(content):
    return [each.code for each in content.diagnoses]


def left_out(content):
    return [each.code for each in content.left_out]


def pointed(content):
    return [[content.diagnoses[number - 1].code for number in line.diagnosis_pointers] for line in content.lines]


def test_twelve_diagnoses_all_go():
    content = content_with(codes(12), (1, 12))

    assert (said(content), left_out(content)) == (codes(12), [])


def test_of_thirteen_the_last_that_no_line_points_to_is_left_out():
    content = content_with(codes(13), (1,), (12, 2))

    assert (said(content), left_out(content)) == (codes(12), ["A013"])
    assert pointed(content) == [["A001"], ["A012", "A002"]]


def test_a_thirteenth_that_a_line_points_to_goes_and_the_pointer_follows_it():
    content = content_with(codes(40), (40, 13), (2,))

    assert said(content) == [*codes(10), "A013", "A040"]
    assert pointed(content) == [["A040", "A013"], ["A002"]]
    assert left_out(content) == [code for code in codes(40) if code not in said(content)]


def test_the_first_listed_goes_though_no_line_points_to_it():
    content = content_with(codes(14), (14, 13, 12, 11), (10, 9, 8, 7), (6, 5, 4))

    assert said(content) == ["A001", *codes(14)[3:]]


def test_the_principal_is_the_first_listed_wherever_it_stands():
    content = content_with([*codes(13), Diagnosis(code="Z00", kind="principal")], (2,))

    assert said(content) == [*codes(11), "Z00"]


def test_twelve_that_lines_point_to_leave_no_room_for_another():
    content = content_with(codes(13), (2, 3, 4, 5), (6, 7, 8, 9), (10, 11, 12, 13))

    assert (said(content), left_out(content)) == (codes(13)[1:], ["A001"])


def test_more_than_twelve_that_lines_point_to_stay_so_that_the_claim_is_held():
    content = content_with(codes(15), (1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12), (13, 14))

    assert (said(content), left_out(content)) == (codes(14), ["A015"])


def test_a_code_that_is_said_twice_needs_no_second_place():
    content = content_with([*codes(12), "A001"], (13, 2))

    assert (said(content), left_out(content)) == (codes(12), [])
    assert pointed(content) == [["A001", "A002"]]


def test_a_pointer_to_nothing_stays_one():
    content = content_with(codes(14), (99, 0, 14))

    assert content.lines[0].diagnosis_pointers == (99, 0, 12)


def test_what_is_put_back_by_hand_is_left_out_no_more():
    content = content_with(codes(13), (1,))
    mended = content.model_copy(
        update={"diagnoses": (*content.diagnoses[:11], Diagnosis(code="A013"), Diagnosis(code="A012"))}
    )

    assert left_out(fitted(mended)) == ["A012"]


def test_an_institutional_claim_takes_its_principal_and_24_others_beside_what_has_a_place_of_its_own():
    apart = [
        *(Diagnosis(code=f"R{number}00", kind="reason_for_visit") for number in range(1, 5)),
        Diagnosis(code="R700", kind="admitting"),
        Diagnosis(code="W000", kind="external_cause"),
    ]
    content = content_with([*apart, *codes(26), Diagnosis(code="Z00", kind="principal")], (), kind="institutional")

    assert said(content) == ["R100", "R200", "R300", "R700", "W000", *codes(24), "Z00"]
    assert left_out(content) == ["R400", "A025", "A026"]


@pytest.mark.parametrize("kind", ["professional", "institutional"])
def test_a_content_that_fits_is_left_as_it_is(kind):
    content = content_with(codes(3), (1,), kind=kind)

    assert fitted(content) is content


@given(st.data())
def test_each_pointer_still_points_to_its_code_and_nothing_is_lost(data):
    diagnoses = data.draw(st.lists(st.sampled_from(codes(30)), min_size=1, max_size=40))
    pointers = st.lists(st.integers(1, len(diagnoses)), min_size=1, max_size=4, unique=True)
    lines = data.draw(st.lists(pointers, min_size=1, max_size=10))

    content = content_with(diagnoses, *lines)

    assert (
        pointed(content) == [list(dict.fromkeys(diagnoses[number - 1] for number in line)) for line in lines]
        or len(diagnoses) <= 12
    )
    assert {*said(content), *left_out(content)} == set(diagnoses)
    assert len(content.diagnoses) <= max(12, len({code for line in pointed(content) for code in line}))
