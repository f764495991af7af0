"""The contract in files: a JSON Schema per event and one AsyncAPI document, generated from the classes and committed.

``breaking_changes`` says what in a new schema would break a reader of the old one: a change must be additive.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import EVENTS
from .asyncapi import asyncapi
from .envelope import Event

Schema = dict[str, Any]


def schema_of(event: type[Event]) -> Schema:
    """The JSON Schema of an event's value."""
    schema = event.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{event.topic}.v{event.version}.json",
        "x-topic": event.topic,
        "x-key": f"practice_id/{event.key_field}",
        **schema,
    }


def files(listed: dict[str, Any]) -> dict[str, str]:
    """File name to content of the whole contract; ``listed`` is ``deploy/topics.toml``."""
    made = {f"schemas/{event.topic}.v{event.version}.json": schema_of(event) for event in EVENTS}
    made["asyncapi.json"] = asyncapi(listed["topics"], listed["defaults"])
    return {name: json.dumps(content, indent=2, ensure_ascii=False) + "\n" for name, content in made.items()}


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """What would break a reader of the old schema, or a message written under it; empty for an additive change."""
    return list(_compare(old, new, old, new, "", frozenset()))


def _compare(  # noqa: PLR0913  two schemas, their roots, the place, and where we have been
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str, seen: frozenset[str]
) -> Iterator[str]:
    visited = f"{old.get('$ref')} {new.get('$ref')}"
    if "$ref" in old and "$ref" in new:
        if visited in seen:
            return
        seen |= {visited}
    old, new = _resolved(old, old_root), _resolved(new, new_root)
    yield from _compare_fields(old, new, place)
    yield from _compare_values(old, new, place or "/")
    for name in set(old.get("properties", {})) & set(new.get("properties", {})):
        yield from _compare(
            old["properties"][name], new["properties"][name], old_root, new_root, f"{place}/{name}", seen
        )
    if "items" in old and "items" in new:
        yield from _compare(old["items"], new["items"], old_root, new_root, f"{place}/*", seen)
    yield from _compare_choices(old, new, old_root, new_root, place, seen)


def _compare_fields(old: Schema, new: Schema, place: str) -> Iterator[str]:
    for name in old.get("properties", {}):
        if name not in new.get("properties", {}):
            yield f"{place}/{name}: a field was removed"
    for name in new.get("required", []):
        if name not in old.get("required", []):
            yield f"{place}/{name}: a field became required"


def _meaning(value: Any) -> Any:
    r"""In a JSON Schema's pattern ``\d`` is a digit of ASCII (ECMA-262), as ``[0-9]`` is."""
    return value.replace(r"\d", "[0-9]") if isinstance(value, str) else value


def _compare_values(old: Schema, new: Schema, here: str) -> Iterator[str]:
    for word in ("type", "const", "pattern", "format"):
        widened = word == "pattern" and word not in new
        if _meaning(old.get(word)) != _meaning(new.get(word)) and not widened:
            yield f"{here}: {word} was {old.get(word)}, is {new.get(word)}"
    if "enum" in old or "enum" in new:
        gone = set(old.get("enum", [])) - set(new.get("enum", []))
        if gone or ("enum" in new and "enum" not in old):
            yield f"{here}: no longer allows {', '.join(sorted(map(str, gone))) or 'any other value'}"
    for word, tighter in (
        ("minLength", max),
        ("minimum", max),
        ("minItems", max),
        ("maxLength", min),
        ("maximum", min),
        ("maxItems", min),
    ):
        before, after = old.get(word), new.get(word)
        if after is not None and (before is None or tighter(before, after) == after != before):
            yield f"{here}: {word} was {before}, is {after}"


def _compare_choices(  # noqa: PLR0913  see _compare
    old: Schema, new: Schema, old_root: Schema, new_root: Schema, place: str, seen: frozenset[str]
) -> Iterator[str]:
    before, after = old.get("anyOf", []), new.get("anyOf", [])
    if len(after) < len(before):
        yield f"{place or '/'}: a choice was removed"
    for one, other in zip(before, after, strict=False):
        yield from _compare(one, other, old_root, new_root, place, seen)


def _resolved(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return {**found, **{name: value for name, value in schema.items() if name != "$ref"}}


def write(folder: Path, listed: dict[str, Any]) -> list[str]:
    """Write the contract's files, unless a committed one would be broken: then nothing is written, and what breaks is returned."""
    made = files(listed)
    broken = []
    for name, content in made.items():
        path = folder / name
        if name.startswith("schemas/") and path.exists():
            faults = breaking_changes(json.loads(path.read_text()), json.loads(content))
            broken += [f"{name}{fault}" for fault in faults]
    if not broken:
        for name, content in made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
    return broken
