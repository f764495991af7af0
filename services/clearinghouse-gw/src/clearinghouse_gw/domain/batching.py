"""Which submissions travel together: one practice, one partner, one kind; oldest first, at most so many a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from claimstream_schemas.values.encounter import ClaimKind

from .submission import Submission


@dataclass(frozen=True, order=True)
class Route:
    """What the members of a file have in common."""

    practice_id: str
    submitter_id: str
    receiver_id: str
    kind: ClaimKind


def batches(queued: Iterable[Submission], *, largest: int) -> Iterator[tuple[Route, tuple[Submission, ...]]]:
    """The files to make, in the order of their routes; the same payer's claims stand together in each."""
    by_route: dict[Route, list[Submission]] = {}
    for one in queued:
        route = Route(one.practice_id, one.submitter_id, one.receiver_id, one.kind)
        by_route.setdefault(route, []).append(one)
    for route in sorted(by_route):
        members = sorted(by_route[route], key=lambda one: (one.heard_at, one.control_number, one.ordinal))
        for alone in _one_of_each_claim(members):
            for first in range(0, len(alone), largest):
                yield route, tuple(sorted(alone[first : first + largest], key=_place))


def _one_of_each_claim(members: list[Submission]) -> Iterator[list[Submission]]:
    """A claim is in a file once: a 277CA names it by its number alone, whichever of its payers it is about."""
    rest = members
    while rest:
        first = {one.control_number: one for one in reversed(rest)}
        yield [one for one in rest if first[one.control_number] is one]
        rest = [one for one in rest if first[one.control_number] is not one]


def placed(members: Iterable[Submission], file_id: UUID, *, claims_per_set: int) -> list[Submission]:
    """The members of a file, each at its place in it."""
    return [
        member.prepare(file_id, set_number(place, largest=claims_per_set), place)
        for place, member in enumerate(members, start=1)
    ]


def set_number(place: int, *, largest: int) -> int:
    """In which set of its file the member at this place (from 1) stands."""
    return (place - 1) // largest + 1


def _place(one: Submission) -> tuple[str, str, int]:
    return one.payer_x12_id, one.control_number, one.ordinal
