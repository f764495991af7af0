"""The character U+0000 is refused wherever it stands in a request: no database takes it."""

from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import Request

from .errors import Invalid

NULL = "\x00"
_ESCAPED = b"\\u0000"
_REMEDY = "Send the text without it: no database takes it."


async def refuse_nulls(request: Request) -> None:
    """Refuse a parameter or a JSON body with that character.

    Raises:
        Invalid: with the first place.
    """
    parameters = (*request.path_params.items(), *request.query_params.multi_items())
    places = [f"/{name}" for name, value in parameters if NULL in f"{name}{value}"]
    content = await request.body()
    if not places and _ESCAPED in content:
        places = list(places_of_nulls(_parsed(content)))
    if places:
        raise Invalid("a text holds the character U+0000", place=places[0].replace(NULL, ""), remedy=_REMEDY)


def _parsed(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None  # whoever reads it says so


def places_of_nulls(value: Any, place: str = "") -> Iterator[str]:
    """Where a text, or the name of a member, holds it, as JSON pointers."""
    if isinstance(value, str) and NULL in value:
        yield place or "/"
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from places_of_nulls(member, f"{place}/{number}")
    elif isinstance(value, dict):
        for name, member in value.items():
            if NULL in name:
                yield place or "/"
            yield from places_of_nulls(member, f"{place}/{name}")
