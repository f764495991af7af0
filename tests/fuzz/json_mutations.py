"""Changes a JSON document as somebody's software gets it wrong: members lost, repeated, of another type, out of range."""

import random
from typing import Any

import orjson

GO_DOWN = 0.85
AS_BYTES = 10
"""One input in so many is changed as bytes."""

ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**18,
    1.5,
    "",
    " ",
    "x" * 300,
    "\x00",
    "\ud7ff\ufeff",
    "0000-00-00",
    "9999-12-31",
    "2026-02-30",
    "2026-09-16T25:61:61Z",
    "1e400",
    "NaN",
    "urn:uuid:none",
    "Patient?identifier=|",
    "#",
    [],
    {},
    [[]],
    [None],
)


def next_input(data: bytes, largest: int, seed: int) -> bytes:
    """What the fuzzer calls for the next input: mostly a changed document (behind a first line that says what it is), else changed bytes."""
    chance = random.Random(seed)  # noqa: S311  the fuzzer's own seed
    head, line_end, rest = data.partition(b"\n")
    for before, document in ((b"", data), (head + line_end, rest)):
        changed = _mutated(document, chance) if seed % AS_BYTES else None
        if changed is not None and len(before) + len(changed) <= largest:
            return before + changed
    return _changed_bytes(data, chance)[:largest]


def _mutated(data: bytes, chance: random.Random) -> bytes | None:
    """One to four changes somewhere in the document; None when it is none."""
    try:
        document = orjson.loads(data)
        for _ in range(chance.randint(1, 4)):
            document = _change(document, chance)
        return orjson.dumps(document)
    except (TypeError, ValueError):
        return None


def _changed_bytes(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data) + 1)
    piece = chance.randbytes(chance.randint(0, 4))
    return data[:place] + piece + data[place + chance.randint(0, 8) :]


def _change(value: Any, chance: random.Random) -> Any:
    """Go down some way, and change what is there."""
    if isinstance(value, dict) and value and chance.random() < GO_DOWN:
        return _change_member(value, chance.choice(list(value)), chance)
    if isinstance(value, list) and value and chance.random() < GO_DOWN:
        return _change_element(value, chance.randrange(len(value)), chance)
    if isinstance(value, str) and value and chance.random() < 0.5:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice(("", "0", "-", "/", "é", value)) + value[place + 1 :]
    return chance.choice(ODD)


def _change_member(value: dict[str, Any], name: str, chance: random.Random) -> dict[str, Any]:
    match chance.randrange(12):
        case 0:
            return {key: member for key, member in value.items() if key != name}
        case 1:
            return {**value, f"{name}X": value[name]}
        case 2:
            return {**value, name: [value[name]]}
        case _:
            return {**value, name: _change(value[name], chance)}


def _change_element(value: list[Any], place: int, chance: random.Random) -> list[Any]:
    match chance.randrange(8):
        case 0:
            return value[:place] + value[place + 1 :]
        case 1:
            return [*value, value[place]]
        case _:
            return [*value[:place], _change(value[place], chance), *value[place + 1 :]]
