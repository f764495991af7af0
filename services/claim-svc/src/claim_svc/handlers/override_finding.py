"""A person lets the findings of a rule pass, with a reason: of a claim that lies with us, or of the correction that waits for it."""

from uuid import UUID

from claimstream_kit import Invalid

from ..domain.claim import Claim, Override
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import have_contracts
from ..steps.corrections import leave
from ..steps.mending import as_it_is_now, claim_to_mend, scrub_again
from ..store import ClaimUnit


async def override_finding(  # noqa: PLR0913  the claim, the reason and what judges it
    practice_id: str, claim_id: UUID, rule: str, reason: str, unit: ClaimUnit, book: Rulebook
) -> Claim:
    """Let a rule's findings pass, and scrub again."""
    claim, practice = await claim_to_mend(practice_id, claim_id, unit)
    correction = None if claim.is_open else await unit.open_correction(practice_id, claim_id)
    against = correction.findings if correction is not None else claim.standing_against
    if rule not in {finding.rule for finding in against}:
        raise Invalid(f"no finding of {rule} stands against the claim", place="rule")
    passed = claim.override(Override(rule=rule, reason=reason, actor=unit.actor))
    if correction is None:
        return await scrub_again(passed, claim, reason, unit, practice, book)
    await have_contracts(practice_id, correction.content.coverages, unit)
    unit.claims.put(passed)
    await leave(correction.approve(unit.actor, at=unit.clock.now()), unit, practice, book)
    return await as_it_is_now(claim, unit)
