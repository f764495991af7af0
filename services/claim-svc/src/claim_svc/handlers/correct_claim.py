"""A person mends a claim: what lies with us is scrubbed again and leaves; what has left is corrected as its payer takes it."""

from uuid import UUID

from claimstream_kit import Invalid

from ..domain.claim import Claim
from ..domain.correcting import CannotChange, Change, corrected
from ..domain.diagnoses import fitted
from ..domain.frequency import kind_of_correction, without_its_way
from ..rulebook import Rulebook
from ..steps.contracts_at_hand import have_contracts
from ..steps.corrections import without_correction
from ..steps.mending import claim_to_mend, correct_what_left, scrub_again
from ..steps.payer_policies import CorrectionRefused
from ..steps.services_taken import give_up_services
from ..store import ClaimUnit


async def correct_claim(
    practice_id: str, claim_id: UUID, changes: tuple[Change, ...], unit: ClaimUnit, book: Rulebook
) -> Claim:
    """Make the changes: of a claim that lies with us at once, of one that has left as a correction that its payer takes."""
    claim, practice = await claim_to_mend(practice_id, claim_id, unit)
    earlier = await unit.open_correction(practice_id, claim_id)
    if earlier is not None and earlier.kind == "void":
        raise CorrectionRefused("a void of the claim waits", remedy="Drop the void first, if it is to be corrected.")
    before = claim.content if earlier is None else earlier.content
    await have_contracts(practice_id, before.coverages, unit)
    try:
        content = fitted(corrected(before, changes))
    except CannotChange as error:
        raise Invalid(
            error.why, place=error.place, remedy="Use a place that a finding or the claim itself shows."
        ) from error
    if not claim.is_open:
        places = ", ".join(change.place for change in changes)
        kind, content = kind_of_correction(claim, content), without_its_way(content)
        return await correct_what_left(claim, kind, content, f"changed {places}", unit, practice, book)
    await give_up_services(claim, unit)
    mended = (await without_correction(claim, unit)).with_content(content)
    return await scrub_again(mended, claim, "corrected", unit, practice, book)
