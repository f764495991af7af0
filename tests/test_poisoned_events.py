"""An event that cannot be worked on stops only its own key; it is kept as it came, and a redrive after the fix completes it."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from claimstream_schemas.values.identifiers import encounter_id

from .builders import a_service, an_encounter
from .kafka_records import Place, put, read
from .running_stack import CLAIM, CODING, GATEWAY, REMIT, changes, until

CODED, SUBMITTED = "encounter.coded", "claim.submitted"
NEIGHBOURS = 5
UNLUCKY = "666.13"
FAULT = "ALTER TABLE claims ADD CONSTRAINT a_fault CHECK (total_charge_cents <> 66613) NOT VALID"
FIX = "ALTER TABLE claims DROP CONSTRAINT a_fault"


def envelope_of(topic, practice, **changes):
    said = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_source": "/coding-svc",
        "ce_type": f"org.claimstream.{topic}.v1",
        "ce_time": "2026-09-16T12:00:00+00:00",
        "ce_practice": practice,
        "ce_sequence": "1",
        "ce_actor": "somebody",
    } | changes
    return [(name, value.encode()) for name, value in said.items()]


def a_coded_event(stack, practice):
    """The bytes of an event that was worked on."""
    return next(event.value for event in stack.said(CODING.name, practice) if event.topic == CODED)


def letters(stack, service, key):
    return stack.rows(service, "SELECT * FROM dead_letters WHERE key = $1 ORDER BY id", key)


def redrive(stack, service, practice, letter):
    with stack.http(service, practice, "operator") as http:
        answer = http.post(f"/dead-letters/{letter}/redrive")
    assert answer.status_code == 200, answer.text
    return [each["state"] for each in answer.json()["dead_letters"]]


def copies(stack, topic, key):
    """The dead letters of a key as everybody can read them on their topic."""
    return [
        each for each in read(stack.plan.kafka_access(), f"{stack.plan.topic_prefix}{topic}.dead") if each.key == key
    ]


def are_all_paid(stack, practice, encounters):
    claims = {each["encounter_id"]: each["claim_id"] for each in stack.claims(practice)}
    return set(encounters) <= set(claims) and all(
        "payer.paid" in stack.account(practice, claims[each])["balances"] for each in encounters
    )


@pytest.fixture(scope="module")
def known(stack, practice):
    """One encounter that went well, so that there is an event to spoil."""
    encounters = stack.post(practice, an_encounter())
    stack.until_quiet()
    return encounters[0]


POISONS = {
    "bytes that are no JSON": ("Unreadable", {}, lambda good: good[:0] + b"\xff\x00 not an event \xfe"),
    "nothing in it": ("Unreadable", {}, lambda good: good[:0]),
    "half an event": ("Unreadable", {}, lambda good: good[: len(good) // 2]),
    "a version of tomorrow": ("UnknownVersion", {"ce_type": f"org.claimstream.{CODED}.v9"}, lambda good: good),
    "another aggregate's event": ("WrongKey", {}, lambda good: good),
    "an envelope without an id": ("Unreadable", {"ce_id": "none"}, lambda good: good),
}


@dataclass
class Poisoned:
    """A key whose first event is poison, with what was said on it afterwards, and what was said beside it."""

    value: bytes
    place: Place
    key: str
    follower: str
    neighbours: list[str]


@pytest.fixture(scope="module")
def poisoned(stack, practice, known):
    """Each poison on a key of its own, between encounters of other keys, after everything has come to rest."""
    good = a_coded_event(stack, practice)
    found = {}
    for name, (_, headers, spoil) in POISONS.items():
        encounter = an_encounter()
        key = f"{practice}/{encounter_id(practice, encounter['source_system'], encounter['encounter_id'])}"
        value, envelope = spoil(good), envelope_of(CODED, practice, **headers)
        place = put(stack.plan.kafka_access(), stack.plan.topic_prefix + CODED, key, value, envelope)
        follower, *neighbours = stack.post(practice, encounter, *(an_encounter() for _ in range(NEIGHBOURS)))
        found[name] = Poisoned(value, place, key, follower, neighbours)
    stack.until_quiet()
    return found


@pytest.mark.parametrize("name", POISONS)
def test_a_poisoned_event_stops_its_own_key_and_no_neighbour(stack, practice, poisoned, name):
    poison = poisoned[name]

    dead, parked = letters(stack, CLAIM.name, poison.key)
    assert (dead["state"], dead["error_class"], parked["state"]) == ("dead", POISONS[name][0], "parked")
    assert poison.follower not in [each["encounter_id"] for each in stack.claims(practice)]
    assert are_all_paid(stack, practice, poison.neighbours)


@pytest.mark.parametrize("name", POISONS)
def test_it_is_kept_as_it_came_with_its_place_in_the_database_and_on_a_topic(stack, poisoned, name):
    poison = poisoned[name]

    dead, _ = letters(stack, CLAIM.name, poison.key)
    assert (dead["topic"], dead["partition"], dead["record_offset"]) == (
        CODED,
        poison.place.partition,
        poison.place.offset,
    )
    assert dead["payload"] == poison.value
    copy, follower = copies(stack, CODED, poison.key)
    assert copy.value == poison.value
    assert copy.headers["dead_reason"] == dead["reason"]
    assert [copy.headers[f"dead_{word}"] for word in ("topic", "partition", "offset")] == [
        CODED,
        str(poison.place.partition),
        str(poison.place.offset),
    ]
    assert follower.headers["dead_state"] == "parked"


def test_once_it_is_given_up_what_was_parked_behind_it_is_completed(stack, practice, poisoned):
    for poison in poisoned.values():
        dead, parked = letters(stack, CLAIM.name, poison.key)
        with stack.http(CLAIM.name, practice, "operator") as http:
            http.post(f"/dead-letters/{dead['id']}/discard", json={"reason": "it never was one"}).raise_for_status()
        assert redrive(stack, CLAIM.name, practice, parked["id"]) == ["redriven"]
    stack.until_quiet()

    assert are_all_paid(stack, practice, [poison.follower for poison in poisoned.values()])


def test_a_topic_that_two_services_hear_has_a_dead_letter_in_each(stack, practice, known):
    key = f"{practice}/{uuid4()}"
    put(stack.plan.kafka_access(), stack.plan.topic_prefix + SUBMITTED, key, b"{}", envelope_of(SUBMITTED, practice))

    for service in (GATEWAY.name, REMIT.name):
        (letter,) = until(lambda service=service: letters(stack, service, key), f"the dead letter of {service}")
        assert letter["state"] == "dead"
        with stack.http(service, practice, "operator") as http:
            http.post(f"/dead-letters/{letter['id']}/discard", json={"reason": "nothing in it"}).raise_for_status()
    stack.until_quiet()
    consumers = {each.headers["dead_consumer"] for each in copies(stack, SUBMITTED, key)}
    assert consumers == {GATEWAY.name, REMIT.name}


def test_a_redrive_after_the_fix_completes_what_was_refused_in_order_and_a_second_one_changes_nothing(
    stack, practice, known
):
    unlucky = an_encounter(services=[a_service("99213", UNLUCKY)])
    stack.rows(CLAIM.name, FAULT)
    try:
        (refused, *neighbours) = stack.post(practice, unlucky, *(an_encounter() for _ in range(NEIGHBOURS)))
        key = f"{practice}/{refused}"
        until(lambda: letters(stack, CLAIM.name, key), "the event to be refused")
        stack.post(practice, unlucky | {"diagnoses": [{"code": "I10"}]})
        until(lambda: len(letters(stack, CLAIM.name, key)) > 1, "the next version to be parked")
        until(lambda: are_all_paid(stack, practice, neighbours), "the neighbours to be paid")

        dead, parked = letters(stack, CLAIM.name, key)
        assert (dead["state"], parked["state"]) == ("dead", "parked")
        assert redrive(stack, CLAIM.name, practice, dead["id"]) == ["dead", "parked"]
    finally:
        stack.rows(CLAIM.name, FIX)

    assert redrive(stack, CLAIM.name, practice, dead["id"]) == ["redriven", "redriven"]
    stack.until_quiet()
    claim = stack.claim_of(practice, refused)
    assert are_all_paid(stack, practice, [refused])
    assert claim["total_charge"] == UNLUCKY
    assert stack.value(CLAIM.name, "SELECT count(*) FROM submissions WHERE claim_id = $1", claim["claim_id"]) == 1

    before = stack.everything()
    redrive(stack, CLAIM.name, practice, dead["id"])
    redrive(stack, CLAIM.name, practice, parked["id"])
    stack.until_quiet()
    assert changes(before, stack.everything()) == []
