"""An encounter's status in the words of R4 and R5, in any case: what is not known is told, never swallowed."""

import pytest

from ..builders import a_bundle, a_coverage, look_at


@pytest.mark.parametrize("word", ["completed", "FINISHED", "Finished "])
def test_a_visit_that_is_completed_is_billed(word):
    assert look_at(a_bundle(a_coverage(), encounter={"status": word})).outcome.state == "coded"


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("on-hold", "onleave"),
        ("In_Progress", "in-progress"),
        ("discharged", "in-progress"),
        ("Entered-In-Error", "entered-in-error"),
    ],
)
def test_words_of_r5_and_other_cases_are_understood(word, status):
    assert look_at(a_bundle(a_coverage(), encounter={"status": word})).visit.status == status


@pytest.mark.parametrize("word", ["discharged", "weird", None])
def test_what_waits_for_another_word_says_which_came_and_what_is_wanted(word):
    seen = look_at(a_bundle(a_coverage(), encounter={"status": word}))

    assert seen.outcome.state == "unfinished"
    for notes in (seen.report.notes, seen.outcome.notes):
        told = " ".join(notes)
        assert (word or "no status") in told
        assert "finished" in told


def test_a_discontinued_visit_is_asked():
    assert look_at(a_bundle(a_coverage(), encounter={"status": "discontinued"})).asked == {"record"}
