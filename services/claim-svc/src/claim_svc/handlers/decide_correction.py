"""A person decides what becomes of a correction that waits: it is sent, or dropped with a reason."""

from uuid import UUID

from claimstream_kit import Conflict, NotFound
from claimstream_schemas.values.practice import Practice

from ..domain.correction import Correction
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import have_contracts
from ..steps.corrections import leave
from ..steps.payer_policies import refuse_what_its_payer_does_not_take
from ..steps.settling import keep
from ..store import ClaimUnit


class CorrectionNotWaiting(Conflict):
    """The correction was sent or dropped, or a newer one has taken its place."""

    slug = "correction-not-waiting"


async def send_correction(practice_id: str, correction_id: UUID, unit: ClaimUnit, book: Rulebook) -> Correction:
    """Send it: it leaves now, or as soon as the payer has decided about what it corrects."""
    correction, practice = await _open(practice_id, correction_id, unit)
    claim = await unit.claims.get(practice_id, correction.claim_id)
    approved = correction.approve(unit.actor, at=unit.clock.now())
    if claim is not None:
        refuse_what_its_payer_does_not_take(claim, approved, practice)
    return await leave(approved, unit, practice, book)


async def drop_correction(practice_id: str, correction_id: UUID, reason: str, unit: ClaimUnit) -> Correction:
    """Leave the claim as it is."""
    correction, _ = await _open(practice_id, correction_id, unit)
    if correction.is_under_way:
        raise CorrectionNotWaiting(
            "its void has left",
            remedy="Wait for the payer's answer: what it is to become is billed then, or waits for you.",
        )
    dropped = correction.drop(reason, unit.actor, at=unit.clock.now())
    unit.corrections.put(dropped)
    claim = await unit.claims.get(practice_id, correction.claim_id)
    if claim is not None:
        keep(claim.with_correction(None), unit)
    return dropped


async def _open(practice_id: str, correction_id: UUID, unit: ClaimUnit) -> tuple[Correction, Practice]:
    correction = await unit.corrections.get(practice_id, correction_id)
    known = await unit.practices.get(practice_id)
    if correction is None or known is None:
        raise NotFound(f"there is no correction {correction_id}")
    if not correction.is_open:
        raise CorrectionNotWaiting(f"the correction is {correction.state}", remedy="Look at the claim as it is now.")
    claim = await unit.claims.get(practice_id, correction.claim_id)
    standing = claim.content.coverages if claim is not None else ()
    await have_contracts(practice_id, (*correction.content.coverages, *standing), unit)
    return correction, known.practice
