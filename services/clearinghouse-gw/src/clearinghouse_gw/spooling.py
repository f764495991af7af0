"""The claims of an inbound 835 that memory has no room for lie in a file without a name, and are read from it as often as they are asked for."""

import pickle
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO

from claimstream_x12.remittance_835 import ClaimPayment

MOST_IN_MEMORY = 2_000
"""How many claims of one file are held, all of its sets together."""

Mend = Callable[[ClaimPayment], ClaimPayment]


class Spool:
    """Of one file; the system removes it with the last who has it open, and nobody else can read it."""

    def __init__(self) -> None:
        """Nothing is written before there is too much."""
        self._room = MOST_IN_MEMORY
        self._file: IO[bytes] | None = None

    def keep(self, claims: Iterator[ClaimPayment]) -> Collection[ClaimPayment]:
        """All of these: in memory while there is room, else where they can be read again."""
        here = tuple(islice(claims, self._room + 1))
        if len(here) <= self._room:
            self._room -= len(here)
            return here
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the claims
        first = self._file.seek(0, 2)
        count = 0
        for some in (here, claims):
            for claim in some:
                pickle.dump(claim, self._file, pickle.HIGHEST_PROTOCOL)
                count += 1
        return SpooledClaims(self._file, first, count)


@dataclass(frozen=True)
class SpooledClaims(Collection[ClaimPayment]):
    """Claims of one set, in their order."""

    _file: IO[bytes]
    _first: int
    _count: int
    _mend: Mend | None = None

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def __iter__(self) -> Iterator[ClaimPayment]:
        """Each of them, read again; several may read at once, in turn."""
        place = self._first
        for _ in range(self._count):
            self._file.seek(place)
            claim: ClaimPayment = pickle.load(self._file)  # noqa: S301  we have written it, and nobody else can
            place = self._file.tell()
            yield self._mend(claim) if self._mend else claim

    def __contains__(self, one: object) -> bool:
        """Whether it is among them."""
        return any(one == claim for claim in self)

    def mended(self, mend: Mend) -> "SpooledClaims":
        """The same, each as it is after that."""
        return SpooledClaims(self._file, self._first, self._count, mend)
