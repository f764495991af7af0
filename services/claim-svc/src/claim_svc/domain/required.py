"""Fields that a claim cannot do without: the table of kinds and packs name them by path, this says which are missing."""

from collections.abc import Iterable, Iterator
from typing import Any

from claimstream_schemas.values.claim_kinds import Need

from .claim import ClaimContent


def missing_fields(content: ClaimContent, wanted: Iterable[Need]) -> Iterator[tuple[str, str]]:
    """(place, name) of each wanted field that is empty; ``*`` in a path stands for each element."""
    for need in wanted:
        for place in _empty_places(content, need.path.split("/"), ()):
            yield "/".join(place), need.name


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
