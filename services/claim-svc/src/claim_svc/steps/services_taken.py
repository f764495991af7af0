"""Which claim has which service: the same one is billed once, by whichever claim takes it first and still lives."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from claimstream_schemas.values.encounter import ChargeLine, Providers
from claimstream_schemas.values.people import Patient

from ..domain.claim import Claim
from ..domain.fingerprints import claimed_by_another, fingerprint
from ..store import ClaimUnit, Ownership


def services_read(
    practice: str, patient: Patient, providers: Providers, lines: Iterable[ChargeLine]
) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What taking these lines' services reads."""
    for line in lines:
        yield "charge_lines", (practice, line.line_id)
        mark = fingerprint(patient, providers, line)
        if mark is not None:
            yield "billed_services", (practice, mark)


async def take_services(claim: Claim, unit: ClaimUnit) -> dict[int, UUID]:
    """Take the claim's services for it; those that another live claim has, by line ordinal."""
    elsewhere = {}
    for line in claim.content.lines:
        mark = fingerprint(claim.content.patient, claim.content.providers, line)
        if mark is None:
            continue
        owner = await unit.billed_services.get(claim.practice_id, mark)
        if owner is not None and owner.is_live and claimed_by_another(owner.claim_id, claim.claim_id):
            elsewhere[line.ordinal] = owner.claim_id
        elif owner is None or not owner.is_live:
            unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id))
    return elsewhere


def take_lines(claim: Claim, unit: ClaimUnit) -> None:
    """The claim's charge lines are on it, and on no other."""
    for line in claim.content.lines:
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id))


async def give_up_services(claim: Claim, unit: ClaimUnit) -> None:
    """A claim's content is replaced: its services and lines are free until it takes them again."""
    for line in claim.content.lines:
        mark = fingerprint(claim.content.patient, claim.content.providers, line)
        owner = await unit.billed_services.get(claim.practice_id, mark) if mark else None
        if owner is not None and owner.claim_id == claim.claim_id and mark is not None:
            unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id, is_live=False))
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id, is_live=False))
