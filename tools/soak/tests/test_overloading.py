"""A load beyond capacity fails for what was lost, for who waited long, for memory that grows, and when it was none."""

from collections import Counter

import pytest
from claimstream_soak.overloading import Overload

FINDING = {"invariant": "I1", "says": "all there", "checked": 3, "violated": 0, "violations": []}
MEGABYTE = 1 << 20


def overload(**changes):
    made = Overload(1, 600.0, "abc", "2 cores", capacity=200.0, offered=360_000, accepted=120_000, refused=24_000)
    made.accepted_seconds = sorted([0.1] * 990 + [0.9] * 10)
    made.first_half_bytes = Counter({"coding-svc": 200 * MEGABYTE})
    made.second_half_bytes = Counter({"coding-svc": 210 * MEGABYTE})
    made.recovered_seconds, made.rest_seconds = 0.2, 60.0
    made.audit = {"findings": [FINDING]}
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_what_takes_all_it_can_and_refuses_the_rest_in_time_passes():
    assert overload().wrong() == []
    assert list(overload().lines())[-1] == "passed: what was acknowledged is there, once"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"audit": {"findings": [{**FINDING, "violated": 1, "violations": [{"what": "gone", "where": "x"}]}]}}, "I1"),
        ({"errors": {"503": 2}}, "errors other than 429"),
        ({"untold": 3}, "3 refusals did not say when"),
        ({"refused": 0}, "vacuous"),
        ({"accepted_seconds": sorted([0.1] * 900 + [1.5] * 100)}, "took 1.50 s at the 99th"),
        ({"second_half_bytes": Counter({"coding-svc": 400 * MEGABYTE})}, "coding-svc grew from 200 MB"),
        ({"recovered_seconds": 12.0}, "only 12.0 s after"),
        ({"faults": ["it did not come to rest"]}, "did not come to rest"),
    ],
)
def test_it_fails_and_says_why(changes, said):
    (why,) = overload(**changes).wrong()

    assert said in why
