"""Makes a file of a given size out of example files: their sets again and again, each with a control number of its own.

python make_input.py out.edi 10_000_000 samples/837P/stupidedi*pass* --without oxygen wheelchair
"""

from __future__ import annotations

import argparse
import re
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTROL_NUMBER = re.compile(r"^(ST\*\d+\*)[^*]*")


def main() -> None:
    """Read the examples, write the file, say how large it became."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("size", type=int, help="in bytes; the last set may go beyond it")
    parser.add_argument("examples", type=Path, nargs="+", help="files with the delimiters * and ~")
    parser.add_argument("--without", nargs="*", default=(), help="leave out files that have one of these words")
    asked = parser.parse_args()
    paths = sorted(path for path in asked.examples if not any(word in path.name for word in asked.without))
    sets = build(asked.out, asked.size, [path.read_text(encoding="latin-1") for path in paths])
    print(f"{asked.out}: {asked.out.stat().st_size} bytes, {sets} sets of {len(paths)} examples")  # noqa: T201


def build(out: Path, size: int, examples: Sequence[str]) -> int:
    """Write one interchange with one group, in the first example's envelope; how many sets it holds."""
    texts = [re.sub(r"[\r\n]", "", example) for example in examples]
    isa, gs = (_first(texts[0], name) for name in ("ISA", "GS"))
    written = number = 0
    with out.open("w", encoding="latin-1") as file:
        written += file.write(f"{isa}~{gs}~")
        for segments in cycle([one for text in texts for one in _sets(text)]):
            if written >= size:
                break
            number += 1
            written += file.write(_renumbered(segments, f"{number:04}"))
        file.write(f"GE*{number}*{gs.split('*')[6]}~IEA*1*{isa.split('*')[13]}~")
    return number


def _first(text: str, name: str) -> str:
    return next(segment for segment in text.split("~") if segment.startswith(f"{name}*"))


def _sets(text: str) -> Iterator[list[str]]:
    """ST to SE, set by set."""
    current: list[str] = []
    for segment in text.split("~"):
        current = [segment] if segment.startswith("ST*") else [*current, segment]
        if segment.startswith("SE*"):
            yield current


def _renumbered(segments: Sequence[str], control: str) -> str:
    start = _CONTROL_NUMBER.sub(rf"\g<1>{control}", segments[0])
    return "~".join([start, *segments[1:-1], f"SE*{len(segments)}*{control}"]) + "~"


if __name__ == "__main__":
    main()
