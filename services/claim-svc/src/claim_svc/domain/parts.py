"""The claims that an encounter becomes: one of its kind, or several where its lines do not fit on one."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.identifiers import claim_id

from .splitting import parts_of


@dataclass(frozen=True)
class Part:
    """One claim of an encounter."""

    number: int
    claim_id: UUID
    lines: tuple[ChargeLine, ...]


def claims_of(event: EncounterCoded) -> Iterator[Part]:
    """The claims in the order of their lines; none without a coverage."""
    if event.coverages:
        for number, lines in enumerate(parts_of(event.kind, event.lines), start=1):
            yield Part(number, claim_id(event.practice_id, event.encounter_id, event.kind, number), lines)


def first_claim(event: EncounterCoded) -> UUID:
    """The claim that the visit's first lines are on, or would be."""
    return claim_id(event.practice_id, event.encounter_id, event.kind, 1)
