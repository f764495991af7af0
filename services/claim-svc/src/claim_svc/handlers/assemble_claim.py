"""A coded encounter becomes a claim, and leaves at once when nothing stands against it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from claimstream_kit import WaitsFor
from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.identifiers import claim_id, control_number
from claimstream_schemas.values.money import cents
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, ClaimContent
from ..domain.codes import CodeSets
from ..domain.fingerprints import fingerprint
from ..domain.rules import RulePacks
from ..domain.splitting import parts_of
from ..events import claim_assembled, claim_held, content_of, self_pay_assembled
from ..store import ClaimUnit, Ownership, SelfPayVisit
from .scrub_claim import give_up_services, scrub_claim, submit


def reads(event: EncounterCoded) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What assembling reads: the practice, the encounter's claims, their lines and services."""
    practice = event.practice_id
    yield "practices", (practice,)
    for part, lines in enumerate(parts_of(event.kind, event.lines), start=1):
        yield "claims", (practice, claim_id(practice, event.encounter_id, event.kind, part))
        for line in lines:
            yield "charge_lines", (practice, line.line_id)
            mark = fingerprint(event.person.patient, event.providers, line)
            if mark is not None:
                yield "billed_services", (practice, mark)


async def assemble_claim(event: EncounterCoded, unit: ClaimUnit, packs: RulePacks, codes: CodeSets) -> None:
    """A coded encounter becomes its claims; without a coverage its charges are the patient's own."""
    known = await unit.practices.get(event.practice_id)
    if known is None:
        raise WaitsFor(f"practice/{event.practice_id}")
    if not event.coverages:
        await _keep_self_pay(event, unit)
        return
    for part, lines in enumerate(parts_of(event.kind, event.lines), start=1):
        content = content_of(event, lines, known.practice)
        number = claim_id(event.practice_id, event.encounter_id, event.kind, part)
        earlier = await unit.claims.get(event.practice_id, number)
        if earlier is None:
            claim = Claim(event.practice_id, number, control_number(number), event.encounter_id, content)
        elif earlier.content.encounter_version >= event.encounter_version:
            continue
        elif earlier.is_submitted:
            _keep_for_correction(earlier, content, unit)
            continue
        else:
            await give_up_services(earlier, unit)
            claim = earlier.with_content(content)
        await settle(claim, unit, known.practice, packs, codes)


async def settle(claim: Claim, unit: ClaimUnit, practice: Practice, packs: RulePacks, codes: CodeSets) -> Claim:
    """Scrub the claim, put its charges on the books, and hold or submit it."""
    claim = await scrub_claim(claim, unit, practice, packs, codes)
    for line in claim.content.lines:
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id))
    unit.publish(claim_assembled(claim))
    if claim.findings:
        unit.publish(claim_held(claim, unit.actor))
    else:
        claim = submit(claim, claim.next_sequence() or "P", unit, practice, packs)
    claim = replace(claim, updated_at=unit.clock.now())
    unit.claims.put(claim)
    unit.arrived(f"claim/{claim.practice_id}/{claim.claim_id}")
    return claim


def _keep_for_correction(claim: Claim, content: ClaimContent, unit: ClaimUnit) -> None:
    unit.waiting_corrections.add(
        practice=claim.practice_id,
        claim_id=claim.claim_id,
        encounter_version=content.encounter_version,
        document=content.model_dump(mode="json", exclude_none=True),
    )


async def _keep_self_pay(event: EncounterCoded, unit: ClaimUnit) -> None:
    visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
    if visit is not None and visit.encounter_version >= event.encounter_version:
        return
    assembled = self_pay_assembled(event)
    total = cents(assembled.total_charge)
    unit.self_pay_visits.put(SelfPayVisit(event.practice_id, event.encounter_id, event.encounter_version, total))
    unit.publish(assembled)
