"""The claims that an encounter becomes: one of its kind, or several where its lines do not fit on one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.identifiers import claim_id

from .claim import Claim, ClaimContent
from .splitting import parts_of


@dataclass(frozen=True)
class Part:
    """One claim of an encounter."""

    number: int
    claim_id: UUID
    lines: tuple[ChargeLine, ...]


def claims_of(event: EncounterCoded, standing: Iterable[Claim] = ()) -> Iterator[Part]:
    """The claims in the order of their lines; none without a coverage.

    A bill that begins on the day of one that stands is that claim, whether it is the whole stay now or a part of it: an interim bill
    under the inpatient prospective payment system is followed by an adjustment from the day of admission (CMS MCPM 3 §50).
    """
    begun = {claim.claim_id for claim in standing if claim.content.started_on == event.started_on}
    if event.coverages:
        for number, lines in enumerate(parts_of(event.kind, event.lines), start=1):
            own = _claim(event, number)
            other = _claim(event, number, is_part=not _is_in_parts(event)) if begun and own not in begun else own
            yield Part(number, other if other in begun else own, lines)


def first_claim(event: EncounterCoded) -> UUID:
    """The claim that the visit's first lines are on, or would be."""
    return _claim(event, 1)


def is_of_another_bill(content: ClaimContent, event: EncounterCoded) -> bool:
    """Whether a claim is another bill of a stay that is billed in parts: 112, 113 and 114 are claims of their own (CMS MCPM 1 §50.2.2).

    A bill of the whole stay takes the place of every part of it.
    """
    is_part = content.stay is not None and content.stay.interim_frequency is not None
    is_within = not _is_in_parts(event) and event.started_on <= content.started_on <= event.ended_on
    return is_part and content.started_on != event.started_on and not is_within


def _is_in_parts(event: EncounterCoded) -> bool:
    return event.stay is not None and event.stay.interim_frequency is not None


def _claim(event: EncounterCoded, number: int, *, is_part: bool | None = None) -> UUID:
    """Its number as a part of a stay, or as the whole; unless it is said, as what it is."""
    is_part = _is_in_parts(event) if is_part is None else is_part
    kind = f"{event.kind} from {event.started_on}" if is_part else event.kind
    return claim_id(event.practice_id, event.encounter_id, kind, number)
