"""The contract holds: every version's sample is read by today's code, and no change takes anything away."""

import json
import tomllib
from copy import deepcopy
from pathlib import Path

import pytest
from claimstream_schemas import EVENT_BY_TOPIC, EVENTS
from claimstream_schemas.contract import breaking_changes, files, schema_of, write
from claimstream_schemas.values.money import dollars

ROOT = Path(__file__).parents[1]
TOPICS = tomllib.loads((ROOT.parents[1] / "deploy" / "topics.toml").read_text())["topics"]


@pytest.mark.parametrize("path", sorted((ROOT / "samples").glob("*.json")), ids=lambda path: path.stem)
def test_a_sample_is_read_and_said_again_unchanged(path):
    event = EVENT_BY_TOPIC[path.name.rsplit(".v", 1)[0]].from_bytes(path.read_bytes())

    assert json.loads(event.to_bytes()) == json.loads(path.read_text())


def test_every_event_has_a_sample_a_topic_and_a_schema():
    names = {f"{event.topic}.v{event.version}.json" for event in EVENTS}

    assert names <= {path.name for path in (ROOT / "samples").iterdir()}
    assert names == {path.name for path in (ROOT / "schemas").iterdir()}
    assert {event.topic for event in EVENTS} == set(TOPICS)


def test_the_committed_contract_is_what_the_classes_say():
    for name, content in files(TOPICS).items():
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
    write(tmp_path, TOPICS)
    path = tmp_path / "schemas" / "claim.held.v1.json"
    kept = json.loads(path.read_text())
    kept["properties"]["colour"] = {"type": "string"}
    path.write_text(json.dumps(kept))

    broken = write(tmp_path, TOPICS)

    assert broken == ["schemas/claim.held.v1.json/colour: a field was removed"]
    assert json.loads(path.read_text()) == kept


@pytest.mark.parametrize("amount", [1.5, "1.234", "NaN", "x", True, "123456789.00"])
def test_money_is_never_a_float_and_has_two_decimals(amount):
    with pytest.raises(ValueError, match=r"\w"):
        dollars(amount)
