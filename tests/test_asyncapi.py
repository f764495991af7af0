"""What lies on the topics is what the AsyncAPI document says, headers too."""

import json
import tomllib
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
from claimstream_kit.topics import read_topics

from .builders import an_encounter
from .kafka_records import put, read
from .running_stack import CLAIM, until

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "libs" / "schemas"
DOCUMENT = json.loads((SCHEMAS / "asyncapi.json").read_text())
TOPICS = tomllib.loads((ROOT / "deploy" / "topics.toml").read_text())["topics"]
JOURNEY = {"encounter.coded", "claim.submitted", "claim.transmitted", "era.received", "claim.adjudicated"}


@cache
def headers_of(message):
    """A validator of a message's headers, each of which is a text."""
    schema = DOCUMENT["components"]["messages"][message]["headers"] | {"components": DOCUMENT["components"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True)


@cache
def value_of(message):
    """A validator of a message's value."""
    said = DOCUMENT["components"]["messages"][message]["payload"]["schema"]["$ref"]
    return jsonschema_rs.Draft202012Validator(json.loads((SCHEMAS / said).read_text()), validate_formats=True)


def message_of(channel, record):
    """The message of the channel that the record's type names."""
    by_type = {
        DOCUMENT["components"]["messages"][name]["name"]: name for name in DOCUMENT["channels"][channel]["messages"]
    }
    return by_type[record.headers["ce_type"]]


def lying(stack, channel):
    return read(stack.plan.kafka_access(), f"{stack.plan.topic_prefix}{channel}")


@pytest.fixture(scope="module")
def journey(stack, practice):
    """Claims that were paid."""
    stack.post(practice, an_encounter(), an_encounter())
    stack.until_quiet()


@pytest.mark.usefixtures("journey")
def test_every_record_of_every_topic_is_a_message_that_the_document_describes(stack):
    seen = set()
    for channel in TOPICS:
        for record in lying(stack, channel):
            message = message_of(channel, record) if "ce_type" in record.headers else None
            if message is None or "ce_place" not in record.headers:
                continue  # what another test has put there by hand
            headers_of(message).validate(record.headers)
            value_of(message).validate(json.loads(record.value))
            assert record.key.startswith(f"{record.headers['ce_practice']}/")
            seen.add(channel)
    assert seen >= JOURNEY


@pytest.mark.parametrize("name", ["ce_id", "ce_causationid", "ce_correlationid", "ce_place", "ce_practice", "ce_type"])
@pytest.mark.usefixtures("journey")
def test_a_header_that_is_missing_or_wrong_is_none_that_the_document_describes(stack, name):
    record = next(one for one in lying(stack, "claim.submitted") if "ce_place" in one.headers)
    validator = headers_of("ClaimSubmitted")
    left = {header: said for header, said in record.headers.items() if header != name}

    assert validator.is_valid(record.headers)
    assert not validator.is_valid(left)
    assert not validator.is_valid(left | {name: "\n"})


def test_a_dead_letter_is_what_the_document_describes(stack, practice):
    put(
        stack.plan.kafka_access(),
        f"{stack.plan.topic_prefix}encounter.coded",
        f"{practice}/odd",
        b"{",
        [("ce_id", b"odd")],
    )
    (letter,) = until(
        lambda: [one for one in lying(stack, "encounter.coded.dead") if one.key == f"{practice}/odd"],
        "the copy of a dead letter",
    )

    headers_of("DeadLetter").validate(letter.headers)
    assert letter.headers["dead_consumer"] == CLAIM.name
    assert letter.headers["ce_id"] == "odd"


def test_the_document_names_each_topic_that_somebody_writes_with_its_partitions_and_how_long_it_is_kept():
    made = {topic.name: topic for topic in read_topics(ROOT / "deploy" / "topics.toml")}

    for name, channel in DOCUMENT["channels"].items():
        bindings = channel["bindings"]["kafka"]
        said = {
            key: ",".join(value) if isinstance(value, list) else str(value)
            for key, value in bindings["topicConfiguration"].items()
        }
        assert (bindings["partitions"], said) == (made[name].partitions, made[name].settings()), name
    assert set(DOCUMENT["channels"]) == set(TOPICS) | {f"{name}.dead" for name, about in TOPICS.items() if about["to"]}
