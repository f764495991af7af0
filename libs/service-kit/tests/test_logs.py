"""What a service says of itself, for who looks in the night: when it starts, is ready and stops, and what it buries."""

import asyncio

from structlog.testing import capture_logs

from .builders import a_hold
from .toy.service import POISON


async def test_a_dead_letter_is_told_at_its_birth_with_what_follows_it_and_without_its_content(toy):
    poison = a_hold(rule=POISON)
    with capture_logs() as lines:
        await toy.hears(poison, a_hold(poison.claim_id))

    told = [line for line in lines if line["log_level"] == "error"]
    assert [line["event"] for line in told] == [
        "dead letter",
        "parked behind a dead letter",
        "events are dead or parked",
    ]
    dead, parked, count = told
    assert dead == dead | {"topic": "claim.held", "partition": 0, "offset": 1, "practice": "bay-state"}
    assert dead["error"]
    assert dead["handler"]
    assert parked["offset"] == 2
    assert (count["dead"], count["parked"]) == (1, 1)
    assert "mend it" not in str(lines)
    assert str(poison.claim_id) not in str(lines)


async def test_a_service_says_when_it_is_ready_and_what_stands_in_the_way_when_it_is_not(toy, monkeypatch):
    monkeypatch.setattr(toy.running.health, "run", lambda stopping: stopping.wait())
    with capture_logs() as lines:
        await toy.running.start()
        await _until(lambda: _said(lines, "ready"))
        toy.running.health.states["database"] = "hangs"
        await _until(lambda: _said(lines, "not ready"))
        await toy.running.stop()

    (line,) = _said(lines, "not ready")
    assert line["parts"] == {"database": "hangs"}


def _said(lines, event):
    return [line for line in lines if line["event"] == event]


async def _until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110  a log tells nobody
            await asyncio.sleep(0.02)
