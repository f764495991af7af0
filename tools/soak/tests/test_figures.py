"""A run fails for a violation, for what did not recover, and for showing too little."""

import pytest
from claimstream_soak.faults import Struck
from claimstream_soak.figures import Figures, spread

FINDING = {"invariant": "I4", "says": "each 835 once", "checked": 3, "violated": 0, "violations": []}


def figures(**changes):
    made = Figures(2, 1, 1, "abc", "2 cores", planned_kills=1, redelivered=4)
    made.audit = {"findings": [FINDING]}
    made.struck = [Struck("kill -9", "claim-svc", 2.5, is_kill=True)]
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_a_run_in_which_all_was_well_passes():
    assert figures().wrong() == []
    assert list(figures().lines())[-1] == "passed: nothing lost, nothing twice"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"audit": {"findings": [{**FINDING, "violated": 2, "violations": [{"what": "twice", "where": "x"}]}]}}, "I4"),
        ({"audit": {"findings": [{**FINDING, "checked": 0}]}}, "nothing to check for I4"),
        ({"redelivered": 0}, "no event was delivered a second time"),
        ({"planned_kills": 2}, "1 kills, 2 were planned"),
        ({"struck": [Struck("kill -9", "claim-svc", 12.0, is_kill=True)]}, "recovery took 12.0 s"),
        ({"outbox_empty_seconds": 6.0}, "outboxes were empty 6.0 s after"),
        ({"client_errors_while_rolling": 1}, "clients saw 1 errors"),
        ({"replayed_rows_changed": 1}, "changed 1 tables"),
        ({"faults": ["claim-svc was not back"]}, "claim-svc was not back"),
    ],
)
def test_a_run_fails_and_says_why(changes, said):
    (why,) = figures(**changes).wrong()

    assert said in why
    assert list(figures(**changes).lines())[-1] == "FAILED"


def test_where_the_whole_stack_took_longer_to_start_a_part_may_take_as_long_to_come_back():
    took = [Struck("kill -9", "claim-svc", 15.0, is_kill=True)]

    assert figures(struck=took, seconds={"start": 15.1}).wrong() == []
    assert figures(struck=took, seconds={"start": 14.9}).wrong() == [
        "recovery took 15.0 s at the 95th percentile, at most 14.9 s"
    ]
    assert len(figures(struck=took, seconds={"start": 3.0}).wrong()) == 1, "a fast machine has ten seconds"


def test_recovery_is_told_by_its_middle_its_tail_and_its_worst():
    assert spread([1.0, 2.0, 3.0]) == {"count": 3, "p50": 2.0, "p95": 2.9, "max": 3.0}
    assert spread([]) == {}
