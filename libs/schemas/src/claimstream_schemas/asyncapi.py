"""The AsyncAPI 3.1 document of all topics: what is sent, headers too, where, and how to subscribe.

Generated from the event classes and from ``deploy/topics.toml``. Kafka's part follows the Kafka bindings 0.5.0.
"""

from typing import Any

from . import EVENTS
from .envelope import HEADER_TEXT, PLACE_TEXT, Event
from .values.identifiers import PRACTICE_ID

Schema = dict[str, Any]

VERSION = "3.1.0"
BINDING = "0.5.0"
DAY_MS = 24 * 60 * 60 * 1000

_DESCRIPTION = """At-least-once delivery: ignore a `ce_id` that was seen. Per key, `ce_sequence` rises, with gaps, and order holds; docs/events.md says what may be \
relied on. Where a value has `chunk` and `chunks`, one thing is told in several events, numbered from 1: it holds when all `chunks` of them have come, and what stands \
in each of them (header, totals) counts once."""

_SUBSCRIBING = """Subscribe with a consumer group of your own; where the broker asks who comes, as `integrator` with a group whose name begins so (others are refused), else with one whose \
name does not begin with that of a service. Begin at the earliest offset: a topic holds what was said \
in its retention, and older events come again after a restore. Commit an offset once its event is worked on and its id remembered, in one transaction where you can."""

_LOOKING = """For who runs the installation: where the broker asks who comes, as `auditor`, who has no group: name the partition and begin at an offset. Subscribers need it not: \
what is dead is worked on again, or given up, by its service."""

_UUID = {"type": "string", "format": "uuid"}
_TEXT = {"type": "string", "pattern": HEADER_TEXT}

_HEADERS: Schema = {
    "ce_specversion": {"const": "1.0", "description": "CloudEvents 1.0, binary mode"},
    "ce_id": {**_UUID, "description": "By which you ignore what comes again"},
    "ce_source": {**_TEXT, "description": "The service that said it, e.g. /claim-svc"},
    "ce_type": {**_TEXT, "description": "Topic and version, e.g. org.claimstream.claim.submitted.v1"},
    "ce_time": {"type": "string", "format": "date-time", "description": "When it was said, with its offset from UTC"},
    "content-type": {"const": "application/json"},
    "ce_practice": {"type": "string", "pattern": PRACTICE_ID, "description": "Whose event it is"},
    "ce_actor": {**_TEXT, "description": "The service, or the subject of the token, that acted"},
    "ce_causationid": {**_UUID, "description": "The event, request or task that it is an effect of"},
    "ce_correlationid": {**_UUID, "description": "Where its chain of effects began"},
    "ce_traceparent": {"type": "string", "description": "W3C Trace Context"},
    "ce_sequence": {"type": "string", "pattern": r"^[0-9]{1,19}$", "description": "Rises within a key, with gaps"},
    "ce_place": {"type": "string", "pattern": PLACE_TEXT, "description": "era.number.index at its source"},
}
_DEAD_HEADERS: Schema = {
    "dead_consumer": {"type": "string", "description": "The service that could not work on it"},
    "dead_state": {"enum": ["dead", "parked"], "description": "parked: an earlier event of its aggregate is dead"},
    "dead_topic": {"type": "string", "description": "Where the event lies"},
    "dead_partition": {"type": "string", "pattern": r"^[0-9]+$"},
    "dead_offset": {"type": "string", "pattern": r"^[0-9]+$"},
    "dead_error_class": {"type": "string", "description": "What kind of fault it was"},
    "dead_reason": {"type": "string", "description": "What is wrong and where; without patient data"},
}
_LEFT_OUT = {"dead_value": {"type": "string", "description": "Why the value is left out: it is too large for a copy"}}


def asyncapi(topics: dict[str, Any], defaults: dict[str, Any]) -> Schema:
    """The document; ``topics`` and ``defaults`` are tables of ``deploy/topics.toml``."""
    channels: Schema = {}
    for topic, about in topics.items():
        channels[topic] = _channel(topic, about, defaults)
        if about["to"]:
            channels[f"{topic}.dead"] = _dead_channel(topic, about, defaults)
    return {
        "asyncapi": VERSION,
        "info": {"title": "Claimstream events", "version": "1", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": channels,
        "operations": {f"hear.{name}": _operation(name) for name in channels},
        "components": {
            "securitySchemes": {
                "scram": {
                    "type": "scramSha512",
                    "description": "Of the embedded broker; another one may ask otherwise, or nothing",
                }
            },
            "messages": {event.__name__: _message(event) for event in EVENTS} | {"DeadLetter": _dead_message()},
            "schemas": {
                "Headers": {
                    "type": "object",
                    "description": "Kafka headers, each once, UTF-8",
                    "properties": _HEADERS,
                    "required": list(_HEADERS),
                },
                "DeadHeaders": {
                    "type": "object",
                    "description": "Those that the event had, as it had them, and why it is dead",
                    "properties": _DEAD_HEADERS | _LEFT_OUT,
                    "required": list(_DEAD_HEADERS),
                },
            },
        },
    }


def _servers() -> Schema:
    bootstrap = {"default": "127.0.0.1:9092", "description": "CLAIMSTREAM_KAFKA: bootstrap servers, host:port"}
    said = "topics carry the prefix CLAIMSTREAM_TOPIC_PREFIX, which is empty unless set"
    return {
        "kafka": {
            "host": "{bootstrap}",
            "protocol": "kafka",
            "description": f"The broker that the services are told; {said}",
            "security": [{"$ref": "#/components/securitySchemes/scram"}],
            "variables": {"bootstrap": bootstrap},
        }
    }


def _channel(topic: str, about: dict[str, Any], defaults: dict[str, Any]) -> Schema:
    heard = ", ".join(about["to"]) or "subscribers"
    said = [event.__name__ for event in EVENTS if event.topic == topic]
    return {
        "address": topic,
        "description": f"Keyed by {about['key']}. Said by {about['from']}; heard by {heard}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in said},
        "bindings": _kept(about, defaults),
    }


def _dead_channel(topic: str, about: dict[str, Any], defaults: dict[str, Any]) -> Schema:
    days = about.get("retention_days", "forever")
    kept = {"partitions": 1, "retention_days": defaults["retention_days"] if days == "forever" else days}
    return {
        "address": f"{topic}.dead",
        "description": f"A copy of each event of {topic} that {' or '.join(about['to'])} could not work on, with its key.",
        "messages": {"DeadLetter": {"$ref": "#/components/messages/DeadLetter"}},
        "bindings": _kept(kept, defaults),
    }


def _kept(about: dict[str, Any], defaults: dict[str, Any]) -> Schema:
    days = about.get("retention_days", defaults["retention_days"])
    retention = {"retention.ms": -1 if days == "forever" else days * DAY_MS}
    return {
        "kafka": {
            "partitions": about.get("partitions", defaults["partitions"]),
            "topicConfiguration": {"cleanup.policy": ["compact"]} if about.get("cleanup") == "compact" else retention,
            "bindingVersion": BINDING,
        }
    }


def _operation(name: str) -> Schema:
    channel = {"$ref": f"#/channels/{name}"}
    if name.endswith(".dead"):
        return {"action": "receive", "channel": channel, "description": _LOOKING}
    return {
        "action": "receive",
        "channel": channel,
        "description": _SUBSCRIBING,
        "bindings": {
            "kafka": {
                "groupId": {
                    "type": "string",
                    "description": "A name of your own, one for all replicas that share the work",
                },
                "bindingVersion": BINDING,
            }
        },
    }


def _message(event: type[Event]) -> Schema:
    return {
        "name": event.event_type(),
        "title": event.__name__,
        "summary": (event.__doc__ or "").strip().splitlines()[0],
        "contentType": "application/json",
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/Headers"},
                {"properties": {"ce_type": {"const": event.event_type()}}},
            ]
        },
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"schemas/{event.topic}.v{event.version}.json"},
        },
        "correlationId": {"location": "$message.header#/ce_correlationid"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"practice_id/{event.key_field}"},
                "bindingVersion": BINDING,
            }
        },
    }


def _dead_message() -> Schema:
    return {
        "name": "dead-letter",
        "title": "DeadLetter",
        "summary": "An event that could not be worked on, or that waits behind one: its bytes as they came, which may be of no event.",
        "headers": {"$ref": "#/components/schemas/DeadHeaders"},
        "bindings": {"kafka": {"key": {"type": "string", "description": "The event's own"}, "bindingVersion": BINDING}},
    }
