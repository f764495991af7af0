"""Fields that a claim cannot do without: a pack names them by path, this says which are missing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .claim import ClaimContent


def missing_fields(content: ClaimContent, wanted: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """(place, name) of each wanted field that is empty. ``*`` in a path stands for each element; ``kind`` limits to one claim kind."""
    for field in wanted:
        if field.get("kind", content.kind) == content.kind:
            for place in _empty_places(content, field["path"].split("/"), ()):
                yield "/".join(place), field["name"]


def _empty_places(value: Any, path: list[str], walked: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not path:
        if value is None or value in ("", ()):
            yield walked
        return
    if value is None:
        yield (*walked, *path)
        return
    step, rest = path[0], path[1:]
    if step == "*":
        for number, element in enumerate(value, start=1):
            yield from _empty_places(element, rest, (*walked, str(number)))
    else:
        yield from _empty_places(getattr(value, step), rest, (*walked, step))
