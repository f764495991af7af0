"""`ack`: the TA1, 999 and 277CA to a file, as the bytes that go back to its sender."""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.answering import answer
from claimstream_x12.command_line.sources import OK, REJECTED, each

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.checking import Checker


def ack(names: Iterable[str], checker: Checker, *, control_number: int) -> int:
    """Answer each file; 1 when nothing in one could be answered, 2 when one cannot be read."""
    numbers = count(control_number)

    def one(name: str, stream: BinaryIO) -> int:
        report = checker.check(stream)
        first = next(numbers)
        for _ in report.interchanges[1:]:
            next(numbers)
        answered = answer(report, now=datetime.now(), control_number=first)  # noqa: DTZ005 — X12 has no zones
        sys.stdout.buffer.write(answered)
        sys.stdout.buffer.flush()
        if not answered:
            print(f"{name}: nothing in it asks for an answer or can be answered", file=sys.stderr)
        return OK if answered else REJECTED

    return each(names, one)
