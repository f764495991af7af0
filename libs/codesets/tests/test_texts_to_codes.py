"""A text becomes a code only when it surely stands for one."""

from datetime import date

import pytest
from claimstream_codesets import CodeSets

MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Acute bronchitis (disorder)", "J209"),
        ("bronchitis, acute", "J209"),
        ("End-stage renal disease (disorder)", "N186"),
        ("Essential hypertension", "I10"),
        ("Acute viral pharyngitis (disorder)", "J028"),
        ("Aortic valve regurgitation (disorder)", "I351"),
        ("Primary small cell malignant neoplasm of lung, TNM stage 1 (disorder)", "C3490"),
        ("Screening for malignant neoplasm of colon (procedure)", "Z1211"),
        ("Normal pregnancy", "Z3490"),
        ("High blood pressure", "I10"),
        ("Pain in left knee", "M25562"),
        ("Type 2 diabetes", "E119"),
    ],
)
def test_a_wording_of_the_code_set_is_coded(sets: CodeSets, text: str, code: str) -> None:
    proposal = sets.icd10cm.propose(text, on=MARCH)

    assert proposal is not None
    assert proposal.code == code


@pytest.mark.parametrize(
    "text",
    [
        "Viral sinusitis",
        "Sprain",
        "Full-time employment",
        "Medication review due",
        "Problem",
        "Dependent drug abuse",
        "",
        "???",
    ],
)
def test_a_text_that_says_too_little_is_left_to_a_person(sets: CodeSets, text: str) -> None:
    assert sets.icd10cm.propose(text, on=MARCH) is None


def test_an_injury_is_completed_by_the_episode_of_care(sets: CodeSets) -> None:
    first = sets.icd10cm.propose("Sprain of ankle", on=MARCH)
    later = sets.icd10cm.propose("Sprain of ankle", on=MARCH, episode="subsequent")

    assert first is not None
    assert later is not None
    assert (first.code, later.code) == ("S93409A", "S93409D")
    assert first.completed


def test_negation_is_not_lost(sets: CodeSets) -> None:
    without = sets.icd10cm.propose("Concussion with no loss of consciousness", on=MARCH)

    assert without is not None
    assert without.code == "S060X0A"


def test_candidates_come_best_first_with_wording_and_source(sets: CodeSets) -> None:
    found = sets.icd10cm.search("chronic kidney disease stage 3", on=MARCH)

    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(candidate.code.startswith(("N", "E", "I", "D", "Q", "Z", "O")) for candidate in found[:1])
    assert all(candidate.matched and candidate.source for candidate in found)


def test_nothing_is_proposed_where_no_list_speaks_for_the_day(sets: CodeSets) -> None:
    assert sets.icd10cm.search("Acute bronchitis", on=date(2015, 9, 1)) == ()
    assert sets.icd10cm.search("Acute bronchitis", on=date(2030, 1, 1)) == ()


def test_every_proposed_code_may_be_billed(sets: CodeSets) -> None:
    for code, *_ in sets._database.execute("select distinct initial from phrase order by random() limit 500"):
        assert sets.icd10cm.validity(code, on=MARCH).standing == "valid", code
