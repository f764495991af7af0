"""The claims that an encounter becomes: one of its kind, or several where its lines do not fit on one."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.identifiers import claim_id

from .claim import ClaimContent
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
            yield Part(number, _claim(event, number), lines)


def first_claim(event: EncounterCoded) -> UUID:
    """The claim that the visit's first lines are on, or would be."""
    return _claim(event, 1)


def is_of_another_bill(content: ClaimContent, event: EncounterCoded) -> bool:
    """Whether a claim is another bill of a stay that is billed in parts: 112, 113 and 114 are claims of their own (CMS MCPM 1 §50.2.2)."""
    in_parts = content.stay is not None and content.stay.interim_frequency is not None
    return in_parts and content.started_on != event.started_on


def _claim(event: EncounterCoded, number: int) -> UUID:
    in_parts = event.stay is not None and event.stay.interim_frequency is not None
    kind = f"{event.kind} from {event.started_on}" if in_parts else event.kind
    return claim_id(event.practice_id, event.encounter_id, kind, number)
