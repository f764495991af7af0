"""Corrections of what has left: kept, and let go when a person wants it and the payer has decided."""

from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, ClaimContent
from ..domain.correction import Correction, CorrectionKind, correction_id
from ..rulebook import Rulebook
from ..store import ClaimUnit
from . import ways_of_correcting as ways
from .next_payers import next_payers
from .settling import keep


async def keep_correction(
    event: EncounterCoded, claim_id: UUID, kind: CorrectionKind, content: ClaimContent, unit: ClaimUnit
) -> Correction:
    """What a newer version wants of a claim waits for a person; it takes the place of an older one."""
    now = unit.clock.now()
    earlier = await unit.open_correction(event.practice_id, claim_id)
    takes_place = (
        f"; it takes the place of a {earlier.kind} that waited: {earlier.reason}"
        if earlier is not None and earlier.origin == "person"
        else ""
    )
    correction = Correction(
        practice_id=event.practice_id,
        correction_id=correction_id(event.practice_id, claim_id, event.encounter_version),
        claim_id=claim_id,
        encounter_id=event.encounter_id,
        encounter_version=event.encounter_version,
        kind=kind,
        origin="encounter",
        content=content,
        reason=f"version {event.encounter_version} of the encounter{takes_place}",
        actor=unit.actor,
        created_at=now,
        changed_at=now,
    )
    await put_correction(correction, unit)
    return correction


async def put_correction(correction: Correction, unit: ClaimUnit) -> None:
    """Keep a new correction; an open one of the same claim gives way to it."""
    await unit.corrections.load([(correction.practice_id, correction.correction_id)])
    earlier = await unit.open_correction(correction.practice_id, correction.claim_id)
    if earlier is not None and earlier.correction_id != correction.correction_id:
        unit.corrections.put(earlier.give_way(at=unit.clock.now()))
    unit.corrections.put(correction)
    await _mark(correction, unit)


async def leave(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """The correction leaves, if it can now; else it goes on waiting for the payer, or for a person with its findings."""
    match correction.kind:
        case "new_claim":
            after = await ways.new_claim(correction, unit, practice, book)
        case "self_pay":
            after = await ways.self_pay(correction, unit)
        case "void":
            after = await ways.void(correction, unit, practice, book)
        case "rebill":
            after = await ways.rebilling(correction, unit, practice, book)
        case "next_payers":
            after = await next_payers(correction, unit, practice, book)
        case "replacement":
            after = await ways.replacement(correction, unit, practice, book)
    unit.corrections.put(after)
    await _mark(after, unit)
    return after


async def end_void(claim: Claim, unit: ClaimUnit) -> None:
    """The claim is voided: a void that still waits, since its visit was called off meanwhile, has nothing left to do."""
    waiting = await unit.open_correction(claim.practice_id, claim.claim_id) if claim.correction else None
    if waiting is not None and waiting.kind == "void":
        unit.corrections.put(waiting.send(None, at=unit.clock.now()))


async def without_correction(claim: Claim, unit: ClaimUnit) -> Claim:
    """The claim is mended at once: what waited to correct it gives way."""
    earlier = await unit.open_correction(claim.practice_id, claim.claim_id) if claim.correction else None
    if earlier is not None:
        unit.corrections.put(earlier.give_way(at=unit.clock.now()))
    return claim.with_correction(None)


async def _mark(correction: Correction, unit: ClaimUnit) -> None:
    """The claim shows that a correction of it is open."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    state = correction.open_as
    if claim is not None and claim.correction != state:
        keep(claim.with_correction(state), unit)
