"""A claim's content is settled: it is scrubbed, its charges go on the books, and it is held or leaves."""

from dataclasses import replace

from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, ClaimContent
from ..events import claim_assembled, claim_held
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .scrubbing import judge_for_next, scrub_claim
from .services_taken import give_up_services, take_lines, take_services
from .submitting import submit


async def settle(claim: Claim, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """Scrub the claim, put its charges on the books, and hold or submit it."""
    claim = await scrub_claim(claim, unit, practice, book)
    take_lines(claim, unit)
    unit.publish(claim_assembled(claim))
    if claim.findings:
        unit.publish(claim_held(claim, unit.actor))
    else:
        sequence = claim.next_sequence() or "P"
        claim = judge_for_next(claim, sequence, unit, practice, book)
        claim = claim if claim.is_stopped else submit(claim, sequence, unit, practice, book)
    unit.arrived(f"claim/{claim.practice_id}/{claim.claim_id}")
    return keep(claim, unit)


async def say_again(claim: Claim, content: ClaimContent, unit: ClaimUnit) -> Claim:
    """The claim says again what it said before, on the books as well; what the patient paid stays as it is."""
    await give_up_services(claim, unit)
    before = replace(claim, content=content.with_patient_paid(claim.content.facts.patient_paid))
    await take_services(before, unit)
    take_lines(before, unit)
    unit.publish(claim_assembled(before))
    return before


async def take_off(claim: Claim, emptied: Claim, unit: ClaimUnit) -> None:
    """Its services and lines are free, and its charges leave the books."""
    await give_up_services(claim, unit)
    unit.publish(claim_assembled(emptied))
    keep(emptied, unit)


def keep(claim: Claim, unit: ClaimUnit) -> Claim:
    """Keep the claim as it is now."""
    now = replace(claim, updated_at=unit.clock.now())
    unit.claims.put(now)
    return now
