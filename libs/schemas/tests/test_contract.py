"""The contract holds: every version's sample is read by today's code, and no change takes anything away."""

import json
import tomllib
from copy import deepcopy
from functools import cached_property
from pathlib import Path

import pytest
from claimstream_schemas import EVENT_BY_TOPIC, EVENT_BY_TYPE, EVENTS
from claimstream_schemas.contract import breaking_changes, files, schema_of, write
from claimstream_schemas.values.base import Value
from claimstream_schemas.values.money import Quantity, dollars
from claimstream_schemas.values.practice import Practice, read_practice
from pydantic import TypeAdapter, ValidationError

ROOT = Path(__file__).parents[1]
LISTED = tomllib.loads((ROOT.parents[1] / "deploy" / "topics.toml").read_text())
TOPICS = LISTED["topics"]


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.json")), ids=lambda path: path.stem)
def test_a_sample_is_read_and_said_again_unchanged(path):
    event = EVENT_BY_TYPE[f"org.claimstream.{path.stem}"].from_bytes(path.read_bytes())

    assert json.loads(event.to_bytes()) == json.loads(path.read_text())


def test_every_event_has_a_sample_a_topic_and_a_schema():
    names = {f"{event.topic}.v{event.version}.json" for event in EVENTS}

    assert names <= {path.name for path in (ROOT / "samples").iterdir()}
    assert names == {path.name for path in (ROOT / "schemas").iterdir()}
    assert {event.topic for event in EVENTS} == set(TOPICS)


def test_an_events_key_is_of_the_aggregate_that_it_names():
    keyed_by = {event.event_type(): TOPICS[event.topic]["key"].split(",")[0] for event in EVENTS}

    assert {event.event_type(): event.aggregate for event in EVENTS} == keyed_by


def test_the_committed_contract_is_what_the_classes_say():
    for name, content in files(LISTED).items():
        assert (ROOT / name).read_text() == content, (
            f"{name} is old: python -m claimstream_schemas libs/schemas deploy/topics.toml"
        )


def an_old_schema() -> dict:
    return deepcopy(schema_of(EVENT_BY_TOPIC["claim.submitted"]))


def test_a_new_optional_field_is_additive():
    old = an_old_schema()
    del old["properties"]["denial_risk"]

    assert breaking_changes(old, an_old_schema()) == []


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda new: new["properties"].pop("total_charge"), "/total_charge: a field was removed"),
        (lambda new: new["required"].append("denial_risk"), "/denial_risk: a field became required"),
        (lambda new: new["properties"]["control_number"].update(type="integer"), "/control_number: type was string"),
        (lambda new: new["properties"]["payer_sequence"]["enum"].remove("T"), "/payer_sequence: no longer allows T"),
        (
            lambda new: new["properties"]["control_number"].update(maxLength=10),
            "/control_number: maxLength was None, is 10",
        ),
        (lambda new: new["$defs"]["SubmittedLine"]["properties"].pop("charge"), "/lines/*/charge: a field was removed"),
        (lambda new: new["properties"]["facility"]["anyOf"].pop(), "/facility: a choice was removed"),
    ],
)
def test_a_change_that_takes_something_away_is_refused(break_it, said):
    new = an_old_schema()
    break_it(new)

    assert any(fault.startswith(said) for fault in breaking_changes(an_old_schema(), new))


def test_a_breaking_change_leaves_the_committed_files_alone(tmp_path):
    write(tmp_path, LISTED)
    path = tmp_path / "schemas" / "claim.held.v1.json"
    kept = json.loads(path.read_text())
    kept["properties"]["colour"] = {"type": "string"}
    path.write_text(json.dumps(kept))

    broken = write(tmp_path, LISTED)

    assert broken == ["schemas/claim.held.v1.json/colour: a field was removed"]
    assert json.loads(path.read_text()) == kept


@pytest.mark.parametrize(
    "amount",
    [1.5, "1.234", "NaN", "x", True, "123456789.00", "-100000000.00", "1e4000400", "-1e4000400", "1e-4000400", "sNaN"],
)
def test_money_is_never_a_float_and_has_two_decimals(amount):
    with pytest.raises(ValueError, match=r"\w"):
        dollars(amount)


@pytest.mark.parametrize("units", ["1e4000400", "1e-4000400", "0.0000000000001", "NaN", "-1e10", 2.5])
def test_a_number_of_units_that_nobody_can_have_is_refused(units):
    with pytest.raises(ValidationError, match="quantity"):
        TypeAdapter(Quantity).validate_python(units)


@pytest.mark.parametrize(("said", "units"), [("0.000", "0"), ("1.50", "1.5"), ("0.0001", "0.0001"), (3, "3")])
def test_a_number_of_units_is_said_again_in_its_shortest_form(said, units):
    assert TypeAdapter(Quantity).dump_json(TypeAdapter(Quantity).validate_python(said)) == f'"{units}"'.encode()


def test_a_changed_copy_knows_nothing_that_was_worked_out_of_the_old_one():
    class Line(Value):
        charge: int

        @cached_property
        def twice(self):
            return self.charge * 2

    line = Line(charge=3)
    assert line.twice == 6

    assert line.model_copy(update={"charge": 5}).twice == 10
    assert line.twice == 6


def test_the_same_practice_document_is_read_once():
    document = {
        "id": "elm", "name": "Elm", "npi": "1699999995", "tin": "043998877", "taxonomy": "261QP2300X",
        "address": {"line1": "1 Elm", "city": "Quincy", "state": "MA", "postal_code": "021690400"},
        "contact": {"name": "Office", "phone": "6175550100"}, "submitter_id": "ELM",
        "payers": [{"id": "p", "name": "Payer", "x12_id": "P1", "receiver_id": "R1", "claim_filing_indicator": "CI",
                    "timely_filing_days": 90, "also_known_as": ["Old Name"]}],
        "roster": [{"id": "a", "npi": "1234567893", "last_name": "A"}],
    }  # fmt: skip

    assert read_practice(document, Practice) is read_practice(dict(document), Practice)
    assert read_practice({**document, "name": "Oak"}, Practice).name == "Oak"
    assert read_practice(document, Practice).payer_known_as(" old name ").id == "p"
    assert read_practice(document, Practice).clinician_known_as(None, "a").last_name == "A"
    assert read_practice(document, Practice).clinician_known_as("b") is None
