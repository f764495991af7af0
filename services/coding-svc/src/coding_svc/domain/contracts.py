"""Contracts: the fee schedules of one name are one contract, told by itself and in pieces that fit into a message."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from claimstream_schemas.values.contract import ContractTerms
from claimstream_schemas.values.practice import FeeSchedule, PracticeDocument

MOST_FEES = 2_000
"""In one chunk, its terms counted with them: some 150 kB, and never more than half of what a message takes."""


@dataclass(frozen=True)
class ContractVersion:
    """A contract as it was told last."""

    practice: str
    id: str
    revision: int
    digest: bytes | None
    """SHA-256 of its fee schedules; None: the practice has it no more."""

    def changed(self, digest: bytes | None) -> Self:
        """The next revision."""
        return replace(self, revision=self.revision + 1, digest=digest)


def contracts_of(practice: PracticeDocument) -> dict[str, tuple[FeeSchedule, ...]]:
    """The fee schedules by name, in the order of the document."""
    found: dict[str, tuple[FeeSchedule, ...]] = {}
    for schedule in practice.fee_schedules:
        found[schedule.id] = (*found.get(schedule.id, ()), schedule)
    return found


def chunks_of(terms: tuple[ContractTerms, ...], *, most: int = MOST_FEES) -> Iterator[tuple[ContractTerms, ...]]:
    """The terms cut so that each chunk has at most so many terms and fees; terms that are cut are in each of their chunks."""
    chunk: list[ContractTerms] = []
    room = most
    for whole in terms:
        rest = whole.fees
        while True:
            if room < 2:  # noqa: PLR2004  the terms and a fee
                yield tuple(chunk)
                chunk, room = [], most
            taken, rest = rest[: room - 1], rest[room - 1 :]
            chunk.append(whole.model_copy(update={"fees": taken}))
            room -= 1 + len(taken)
            if not rest:
                break
    yield tuple(chunk)
