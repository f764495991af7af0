"""Events may come again, all of them, in whatever state of memory: nothing changes but the bookkeeping of having seen them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from claimstream_kit.consuming.inbox import entries_in

from .builders import a_service, an_encounter
from .running_stack import CODING, SERVICES, changes

HEARERS = [service.name for service in SERVICES if service is not CODING]
DUPLICATES = re.compile(r'^claimstream_events_total\{.*outcome="duplicate".*\} (\S+)', re.MULTILINE)


@pytest.fixture(scope="module")
def history(stack, practice):
    """A bit of everything has happened, beside what the other tests left."""
    stack.post(
        practice,
        an_encounter(),
        an_encounter(
            coverages=[{"payer": "aetna", "member_id": "3CD5EF7GH99"}, {"payer": "blue-cross", "member_id": "BCB77"}]
        ),
        an_encounter(services=[a_service("A9270", "75.00")]),
        an_encounter(member_id="REJ100200399"),
        an_encounter(member_id="REVD0077199"),
        an_encounter(services=[a_service("82947", "19.00")], diagnoses=[{"code": "S93.401A"}]),
        an_encounter(coverages=[]),
    )
    stack.until_quiet()


def replay(stack, *, forgetting):
    """Everything is stopped, every consumer goes back to the start, and everything runs until it is at rest."""
    stack.stop()
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda service: stack.run(service, "replay"), HEARERS))
    for service, answer in zip(HEARERS, answers, strict=True):
        assert "back at their start" in answer
        if forgetting:
            stack.rows(service, "TRUNCATE inbox, inbox_foreign")
    stack.start()
    stack.until_quiet()


def seen(stack):
    """Where every event was said, or lay, that a service remembers."""
    return {name: set(places_of(stack, name)) for name in HEARERS}


def places_of(stack, name):
    for row in stack.rows(name, "SELECT source, era, number, places FROM inbox"):
        for entry in entries_in(row["places"]):
            yield row["source"], row["era"], row["number"], *entry
    for row in stack.rows(name, "SELECT topic, partition, record_offset FROM inbox_foreign"):
        yield row["topic"], row["partition"], row["record_offset"]


def test_all_events_again_change_nothing(stack, history):
    before = stack.everything()
    known = seen(stack)

    replay(stack, forgetting=False)

    assert changes(before, stack.everything()) == []
    assert seen(stack) == known
    for name in HEARERS:
        with stack.http(name, "nobody") as http:
            dropped = sum(float(number) for number in DUPLICATES.findall(http.get("/metrics").text))
        assert dropped >= 0.9 * len(known[name]) > 0, f"{name} was told {dropped} of {len(known[name])} events again"


def test_all_events_again_change_nothing_even_when_nobody_remembers_them(stack, history):
    before = stack.everything()
    known = seen(stack)

    replay(stack, forgetting=True)

    assert changes(before, stack.everything()) == []
    for name in HEARERS:
        again = seen(stack)[name]
        assert again <= known[name]
        assert len(again) >= 0.9 * len(known[name]) > 0, (
            f"{name} was told {len(again)} of {len(known[name])} events again"
        )
