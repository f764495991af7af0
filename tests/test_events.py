"""`claimstream events` on a stack at work: a claim's journey as its services said it."""

import json

import pytest
from claimstream_cli import exits
from claimstream_cli.main import app
from typer.testing import CliRunner

from .builders import an_encounter

JOURNEY = [
    "encounter.received",
    "encounter.coded",
    "claim.assembled",
    "claim.submitted",
    "claim.transmitted",
    "era.received",
    "claim.adjudicated",
]


@pytest.fixture(scope="module")
def claim(stack, practice):
    """A claim that was paid, beside another."""
    encounter, _ = stack.post(practice, an_encounter(), an_encounter())
    stack.until_quiet()
    return stack.claim_of(practice, encounter)


@pytest.fixture
def said(stack, monkeypatch):
    """What the command prints, as programs read it."""
    monkeypatch.setenv("CLAIMSTREAM_HOME", str(stack.home.root))

    def run(*words):
        done = CliRunner().invoke(app, ["events", *words, "--json"])
        assert done.exit_code == exits.OK, done.output
        return [json.loads(line) for line in done.stdout.splitlines()]

    return run


@pytest.mark.parametrize("name", ["claim_id", "control_number"])
def test_a_claims_journey_is_told_from_the_visit_to_the_money(said, claim, name):
    events = said("--claim", claim[name])

    topics = [each["topic"] for each in events]
    assert [topic for topic in dict.fromkeys(topics) if topic in JOURNEY] == JOURNEY
    assert {each["source"] for each in events} >= {"coding-svc", "claim-svc", "clearinghouse-gw", "remit-svc"}
    for source in {each["source"] for each in events}:
        sequences = [each["sequence"] for each in events if each["source"] == source]
        assert sequences == sorted(set(sequences))


def test_each_event_is_found_in_the_unit_that_its_place_names(said, claim):
    for event in said("--claim", claim["claim_id"]):
        (found,) = [each for each in said("--unit", f"{event['source']}/{event['place']}") if each["id"] == event["id"]]
        assert found == event


def test_a_key_has_what_every_service_said_of_it_and_nothing_else(said, practice, claim):
    key = f"{practice}/{claim['claim_id']}"
    events = said(key)

    assert {each["key"] for each in events} == {key}
    assert {each["source"] for each in events} >= {"claim-svc", "clearinghouse-gw", "remit-svc"}
