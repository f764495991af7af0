"""`json`: a file's sets as typed records."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.command_line.sources import OK, each, nothing_in
from claimstream_x12.interchange import X12Reader
from claimstream_x12.interchange_ta1 import read_ta1
from claimstream_x12.typed import as_object, read_typed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.interchange import TransactionSet


def print_json(names: Iterable[str], *, a_line_each: bool) -> int:
    """Print each file as one object, or a line for each claim; 1 when a file holds no X12, 2 when it cannot be read."""

    def one(name: str, stream: BinaryIO) -> int:
        found = _lines(name, stream) if a_line_each else _whole(name, stream)
        return OK if found else nothing_in(name)

    return each(names, one)


def _whole(name: str, stream: BinaryIO) -> bool:
    reader = X12Reader(stream)
    sets = [_set(one_set) for one_set in reader.sets()]
    acknowledgments = [as_object(read_ta1(segment)) for _, segment in reader.acknowledgments]
    whole = {
        "file": name,
        "interchanges": [as_object(record.header) for record in reader.interchanges],
        "sets": sets,
        **({"interchange_acknowledgments": acknowledgments} if acknowledgments else {}),
        "findings": [str(finding) for finding in reader.findings],
    }
    print(json.dumps(whole, indent=2))
    return bool(reader.interchanges)


def _set(one_set: TransactionSet) -> dict[str, object]:
    typed = read_typed(one_set)
    units = [as_object(unit) for unit in typed.units]
    frame = as_object(typed.frame())
    return {
        **_names(one_set),
        **(frame if isinstance(frame, dict) else {}),
        f"{typed.unit}s": units,
        "findings": [str(finding) for finding in typed.findings()],
    }


def _lines(name: str, stream: BinaryIO) -> bool:
    """A claim, a payment, a subscriber at a time: memory does not grow with the file."""
    reader = X12Reader(stream)
    for one_set in reader.sets():
        typed = read_typed(one_set)
        for unit in typed.units:
            print(json.dumps({"file": name, **_names(one_set), typed.unit: as_object(unit)}))
    for header, segment in reader.acknowledgments:
        print(
            json.dumps(
                {
                    "file": name,
                    "set": "TA1",
                    "control": header.control_number,
                    "acknowledgment": as_object(read_ta1(segment)),
                }
            )
        )
    return bool(reader.interchanges)


def _names(one_set: TransactionSet) -> dict[str, object]:
    return {"set": one_set.code, "guide": one_set.guide.strip(), "control": one_set.control_number}
