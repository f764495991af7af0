"""A person mends a claim: what every way of it begins with, and how what has left goes on as a correction."""

from uuid import UUID

from claimstream_kit import Conflict, NotFound
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, ClaimContent
from ..domain.correction import Correction, CorrectionKind
from ..events import claim_released
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .contracts_at_hand import have_contracts
from .corrections import leave, put_correction
from .payer_policies import refuse_what_its_payer_does_not_take
from .settling import settle


class ClaimNotOpen(Conflict):
    """The claim was withdrawn or voided, or its visit ended: nothing of it is billed."""

    slug = "claim-not-open"


async def claim_to_mend(practice_id: str, claim_id: UUID, unit: ClaimUnit) -> tuple[Claim, Practice]:
    """The claim and its practice, with the contracts that price it.

    Raises:
        NotFound: there is no such claim.
        ClaimNotOpen: nothing of it is billed any more.
    """
    claim = await unit.claims.get(practice_id, claim_id)
    known = await unit.practices.get(practice_id)
    if claim is None or known is None:
        raise NotFound(f"there is no claim {claim_id}")
    if claim.visit_ended is not None:
        raise ClaimNotOpen(
            f"the visit was {claim.visit_ended.replace('_', ' ')}: nothing of it is billed",
            remedy="Send the encounter again as a new version, if it is to be billed.",
        )
    if not claim.is_live or claim.is_voiding:
        raise ClaimNotOpen(
            f"the claim is {'being voided' if claim.is_voiding else claim.state}",
            remedy="Look at the encounter's other claims; a new version of the encounter makes new ones.",
        )
    await have_contracts(practice_id, claim.content.coverages, unit)
    return claim, known.practice


async def scrub_again(  # noqa: PLR0913  the claim before and after, why, and what judges it
    claim: Claim, before: Claim, reason: str, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> Claim:
    """What lies with us is scrubbed again, and leaves when it is clean."""
    after = await settle(claim, unit, practice, book)
    if before.state == "held" and after.state == "released":
        unit.publish(claim_released(after, before.findings, reason, unit.actor))
    return after


async def correct_what_left(  # noqa: PLR0913  the claim, what it is to become, why, and what judges it
    claim: Claim,
    kind: CorrectionKind,
    content: ClaimContent,
    reason: str,
    unit: ClaimUnit,
    practice: Practice,
    book: Rulebook,
) -> Claim:
    """What has left goes on as a correction that a person wants: at once, or as soon as the payer has decided.

    Raises:
        CorrectionRefused: its payer takes it in another way.
    """
    now = unit.clock.now()
    wanted = Correction.of(claim, kind, content, origin="person", reason=reason, actor=unit.actor, at=now)
    correction = wanted.approve(unit.actor, at=now)
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    await put_correction(correction, unit)
    await leave(correction, unit, practice, book)
    return await as_it_is_now(claim, unit)


async def as_it_is_now(claim: Claim, unit: ClaimUnit) -> Claim:
    """The claim after what was done to it in this unit."""
    return await unit.claims.get(claim.practice_id, claim.claim_id) or claim
