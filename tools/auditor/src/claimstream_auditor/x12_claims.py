"""What an 837 says about who was billed: each CLM with the submission that its line numbers name."""

from collections.abc import Iterator
from typing import NamedTuple

from .x12_files import TransactionSet, element

_ORDINAL = slice(16, 18)
"""REF*6R: the control number's 16 characters, two digits for the submission, three for the line."""


class SentClaim(NamedTuple):
    """A CLM of an outbound file."""

    control_number: str
    ordinal: int
    """0 when its line numbers do not tell, or do not agree."""


def claims_of(one: TransactionSet) -> Iterator[SentClaim]:
    """Every CLM of a set, in order."""
    number: str | None = None
    named: set[str] = set()
    for segment in one.segments:
        if segment[0] == "CLM":
            if number is not None:
                yield SentClaim(number, _ordinal(number, named))
            number, named = element(segment, 1), set()
        elif segment[0] == "REF" and element(segment, 1) == "6R" and number is not None:
            named.add(element(segment, 2))
    if number is not None:
        yield SentClaim(number, _ordinal(number, named))


def _ordinal(number: str, named: set[str]) -> int:
    ordinals = {name[_ORDINAL] for name in named if name.startswith(number)}
    only = ordinals.pop() if len(ordinals) == 1 else ""
    return int(only) if only.isascii() and only.isdecimal() else 0
