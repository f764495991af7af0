"""Endless native encounters in the mix of the real ones: deterministic by (seed, number), each person new.

The real encounters come round in an order of the seed's own. In each round their people are other people, and their days lie a few
days elsewhere; what one person had together in the sample (two claims that look alike, a second coverage) stays together.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import cycle
from typing import Any

import orjson

from .people import canary, person
from .templates import Template, templates

_MOVES = 4
"""Days are moved back by 0 to 3, so that nothing lies after the sample's last day nor leaves its code-set year."""


def source_system(seed: int) -> str:
    """What a run's encounters name as their EHR."""
    return f"load-{seed}"


def canaries(seed: int) -> list[str]:
    """What identifies a run's people, in lower case: it may be in databases, topics and files, and in no log, metric, header or page."""
    return [canary(seed)]


def encounters(seed: int, start: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the run's encounters from a number on, without end."""
    number = start
    while True:
        yield orjson.loads(_line(seed, number))
        number += 1


def origins(seed: int) -> Iterator[str]:
    """Yield from which real encounter each of the run's is made, in the same order."""
    order, _, _ = _plan(seed)
    yield from (template.origin for template in cycle(order))


def lines(seed: int, start: int, count: int) -> list[bytes]:
    """Return so many encounters from a number on, as lines of NDJSON without their line ends."""
    return [_line(seed, number) for number in range(start, start + count)]


def _line(seed: int, number: int) -> bytes:
    order, people, mark = _plan(seed)
    turn, place = divmod(number, len(order))
    template = order[place]
    who = person(mark, turn * len(people) + people[template.person])
    values = {
        b"system": source_system(seed).encode(),
        b"number": b"L%d-%08d" % (seed, number),
        b"last": who.last.encode(),
        b"first": who.first.encode(),
        b"relative": who.relative.encode(),
        b"street": who.street.encode(),
        b"member1": b"%b1%07d" % (mark.upper().encode(), who.number),
        b"medicare1": who.medicare_number(1),
        b"medicare2": who.medicare_number(2),
        b"member2": b"%b2%07d" % (mark.upper().encode(), who.number),
    }
    for name, real in zip((b"born", b"born2"), template.born, strict=False):
        values[name] = who.born(real)
    return template.moved(turn % _MOVES) % values


@cache
def _plan(seed: int) -> tuple[list[Template], dict[str, int], str]:
    order = list(templates())
    people = {name: place for place, name in enumerate(sorted({template.person for template in order}))}
    random.Random(seed).shuffle(order)  # noqa: S311  a mix, not a secret
    return order, people, canary(seed)
