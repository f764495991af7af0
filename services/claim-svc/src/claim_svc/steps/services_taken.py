"""Which claim has which service: the same one is billed once, by whichever claim takes it first and still lives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine

from ..domain.claim import Claim, ClaimContent
from ..domain.fingerprints import claimed_by_another, fingerprint, visit_mark, who_is_treated
from ..store import ClaimUnit, Ownership


@dataclass
class Taken:
    """What another live claim has already, by line ordinal."""

    services: dict[int, UUID] = field(default_factory=dict)
    visits: dict[int, UUID] = field(default_factory=dict)


def services_read(event: EncounterCoded, lines: Iterable[ChargeLine]) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What taking these lines' services reads."""
    who = who_is_treated(event.person.patient, event.person.subscribers)
    for line in lines:
        yield "charge_lines", (event.practice_id, line.line_id)
        for mark in (fingerprint(who, event.providers, line), _visit_of(event.kind, who, event, line)):
            if mark is not None:
                yield "billed_services", (event.practice_id, mark)


async def take_services(claim: Claim, unit: ClaimUnit) -> Taken:
    """Take the claim's services and visits for it; find those that another live claim has."""
    taken = Taken()
    for line, service, visit in _marks(claim.content):
        for mark, elsewhere in ((service, taken.services), (visit, taken.visits)):
            if mark is None:
                continue
            owner = await unit.billed_services.get(claim.practice_id, mark)
            if owner is not None and owner.is_live and claimed_by_another(owner.claim_id, claim.claim_id):
                elsewhere[line.ordinal] = owner.claim_id
            elif owner is None or not owner.is_live:
                unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id))
    return taken


def take_lines(claim: Claim, unit: ClaimUnit) -> None:
    """The claim's charge lines are on it, and on no other."""
    for line in claim.content.lines:
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id))


async def give_up_services(claim: Claim, unit: ClaimUnit) -> None:
    """A claim's content is replaced: its services and lines are free until it takes them again."""
    for line, *marks in _marks(claim.content):
        for mark in marks:
            owner = await unit.billed_services.get(claim.practice_id, mark) if mark else None
            if owner is not None and owner.claim_id == claim.claim_id and mark is not None:
                unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id, is_live=False))
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id, is_live=False))


def _marks(content: ClaimContent) -> Iterator[tuple[ChargeLine, str | None, str | None]]:
    who = who_is_treated(content.patient, content.subscribers)
    for line in content.lines:
        yield line, fingerprint(who, content.providers, line), _visit_of(content.kind, who, content, line)


def _visit_of(kind: str, who: tuple[str, ...], of: EncounterCoded | ClaimContent, line: ChargeLine) -> str | None:
    return visit_mark(who, of.providers, line) if kind_of(kind).bills_clinicians else None
