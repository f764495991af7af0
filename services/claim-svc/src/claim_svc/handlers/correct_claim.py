"""A person mends a held or rejected claim, or lets a finding pass: it is scrubbed again, and leaves when nothing stands against it."""

from uuid import UUID

from claimstream_kit import Conflict, Invalid, NotFound
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, Override
from ..domain.codes import CodeSets
from ..domain.correcting import CannotChange, Change, corrected
from ..domain.diagnoses import fitted
from ..domain.rules import RulePacks
from ..events import claim_released
from ..store import ClaimUnit
from .assemble_claim import settle
from .scrub_claim import give_up_services


class ClaimNotOpen(Conflict):
    """The claim was withdrawn, or its visit ended; or it has left, and no one has refused it: a correction now is a replacement, which its payer's policy decides."""

    slug = "claim-not-open"


async def correct_claim(  # noqa: PLR0913  the claim, the change and what judges it
    practice_id: str, claim_id: UUID, changes: tuple[Change, ...], unit: ClaimUnit, packs: RulePacks, codes: CodeSets
) -> Claim:
    """Make the changes and scrub again."""
    claim, practice = await _open_claim(practice_id, claim_id, unit)
    try:
        content = fitted(corrected(claim.content, changes))
    except CannotChange as error:
        raise Invalid(
            error.why, place=error.place, remedy="Use a place that a finding or the claim itself shows."
        ) from error
    await give_up_services(claim, unit)
    return await _again(claim.with_content(content), claim, "corrected", unit, practice, packs, codes)


async def override_finding(  # noqa: PLR0913  the claim, the reason and what judges it
    practice_id: str, claim_id: UUID, rule: str, reason: str, unit: ClaimUnit, packs: RulePacks, codes: CodeSets
) -> Claim:
    """Let a rule's findings pass, with a reason, and scrub again."""
    claim, practice = await _open_claim(practice_id, claim_id, unit)
    if rule not in {finding.rule for finding in claim.findings}:
        raise Invalid(f"no finding of {rule} stands against the claim", place="rule")
    passed = claim.override(Override(rule=rule, reason=reason, actor=unit.actor))
    return await _again(passed, claim, reason, unit, practice, packs, codes)


async def _open_claim(practice_id: str, claim_id: UUID, unit: ClaimUnit) -> tuple[Claim, Practice]:
    claim = await unit.claims.get(practice_id, claim_id)
    known = await unit.practices.get(practice_id)
    if claim is None or known is None:
        raise NotFound(f"there is no claim {claim_id}")
    if claim.visit_ended is not None:
        raise ClaimNotOpen(
            f"the visit was {claim.visit_ended.replace('_', ' ')}: nothing of it is billed",
            remedy="Send the encounter again as a new version, if it is to be billed.",
        )
    if claim.state == "withdrawn":
        raise ClaimNotOpen(
            "a newer version of the encounter has replaced the claim", remedy="Look at the encounter's other claims."
        )
    if not claim.is_open:
        raise ClaimNotOpen(
            "the claim is with its payer", remedy="Wait for its answer; corrections of paid claims follow."
        )
    return claim, known.practice


async def _again(  # noqa: PLR0913  see above
    claim: Claim, before: Claim, reason: str, unit: ClaimUnit, practice: Practice, packs: RulePacks, codes: CodeSets
) -> Claim:
    after = await settle(claim, unit, practice, packs, codes)
    if before.state == "held" and after.state == "released":
        unit.publish(claim_released(after, before.findings, reason, unit.actor))
    return after
