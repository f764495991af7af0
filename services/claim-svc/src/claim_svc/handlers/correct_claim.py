"""A person mends a claim: what lies with us is scrubbed again and leaves; what has left is corrected as its payer takes it, or voided."""

from uuid import UUID, uuid4

from claimstream_kit import Conflict, Invalid, NotFound
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, ClaimContent, Override
from ..domain.correcting import CannotChange, Change, corrected
from ..domain.correction import Correction, CorrectionKind
from ..domain.diagnoses import fitted
from ..events import claim_released
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import have_contracts
from ..steps.corrections import leave, put_correction, refuse_what_its_payer_does_not_take
from ..steps.services_taken import give_up_services
from ..steps.settling import settle, take_off
from ..store import ClaimUnit


class ClaimNotOpen(Conflict):
    """The claim was withdrawn or voided, or its visit ended: nothing of it is billed."""

    slug = "claim-not-open"


async def correct_claim(
    practice_id: str, claim_id: UUID, changes: tuple[Change, ...], unit: ClaimUnit, book: Rulebook
) -> Claim:
    """Make the changes: of a claim that lies with us at once, of one that has left as a correction that its payer takes."""
    claim, practice = await _claim(practice_id, claim_id, unit)
    earlier = None if claim.is_open else await unit.open_correction(practice_id, claim_id)
    before = earlier.content if earlier is not None and earlier.kind == "replacement" else claim.content
    try:
        content = fitted(corrected(before, changes))
    except CannotChange as error:
        raise Invalid(
            error.why, place=error.place, remedy="Use a place that a finding or the claim itself shows."
        ) from error
    if not claim.is_open:
        places = ", ".join(change.place for change in changes)
        return await _correct_what_left(claim, "replacement", content, f"changed {places}", unit, practice, book)
    await give_up_services(claim, unit)
    return await _again(claim.with_content(content), claim, "corrected", unit, practice, book)


async def void_claim(practice_id: str, claim_id: UUID, reason: str, unit: ClaimUnit, book: Rulebook) -> Claim:
    """Take a claim back: what no payer has is withdrawn, what one has is voided there once every payer has decided."""
    claim, practice = await _claim(practice_id, claim_id, unit)
    if claim.is_with_nobody:
        withdrawn = claim.take_back()
        await take_off(claim, withdrawn, unit)
        return withdrawn
    return await _correct_what_left(claim, "void", claim.content, reason, unit, practice, book)


async def override_finding(  # noqa: PLR0913  the claim, the reason and what judges it
    practice_id: str, claim_id: UUID, rule: str, reason: str, unit: ClaimUnit, book: Rulebook
) -> Claim:
    """Let a rule's findings pass, with a reason, and scrub again."""
    claim, practice = await _claim(practice_id, claim_id, unit)
    correction = None if claim.is_open else await unit.open_correction(practice_id, claim_id)
    against = correction.findings if correction is not None else claim.standing_against
    if rule not in {finding.rule for finding in against}:
        raise Invalid(f"no finding of {rule} stands against the claim", place="rule")
    passed = claim.override(Override(rule=rule, reason=reason, actor=unit.actor))
    if correction is None:
        return await _again(passed, claim, reason, unit, practice, book)
    unit.claims.put(passed)
    await leave(correction.approve(unit.actor, at=unit.clock.now()), unit, practice, book)
    return await _read_again(claim, unit)


async def _claim(practice_id: str, claim_id: UUID, unit: ClaimUnit) -> tuple[Claim, Practice]:
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


async def _correct_what_left(  # noqa: PLR0913  the claim, what it is to become and what judges it
    claim: Claim,
    kind: CorrectionKind,
    content: ClaimContent,
    reason: str,
    unit: ClaimUnit,
    practice: Practice,
    book: Rulebook,
) -> Claim:
    now = unit.clock.now()
    correction = Correction(
        practice_id=claim.practice_id,
        correction_id=uuid4(),
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        encounter_version=claim.content.encounter_version,
        kind=kind,
        origin="person",
        content=content,
        reason=reason,
        actor=unit.actor,
        created_at=now,
        changed_at=now,
        state="sending",
    )
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    await put_correction(correction, unit)
    await leave(correction, unit, practice, book)
    return await _read_again(claim, unit)


async def _read_again(claim: Claim, unit: ClaimUnit) -> Claim:
    return await unit.claims.get(claim.practice_id, claim.claim_id) or claim


async def _again(  # noqa: PLR0913  see above
    claim: Claim, before: Claim, reason: str, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> Claim:
    after = await settle(claim, unit, practice, book)
    if before.state == "held" and after.state == "released":
        unit.publish(claim_released(after, before.findings, reason, unit.actor))
    return after
