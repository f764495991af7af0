"""What payers have decided is taken back: a void to each that takes one, and a word to a person of the others."""

from collections.abc import Iterable

from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim
from ..domain.correction import Correction
from ..domain.decisions import Decision
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .payer_policies import refuse_payers_that_are_gone, way_to
from .submitting import recall, submit


async def send_voids(  # noqa: PLR0913  what is taken back, for what, and what judges it
    correction: Correction,
    claim: Claim,
    decisions: Iterable[Decision],
    unit: ClaimUnit,
    practice: Practice,
    book: Rulebook,
) -> tuple[Correction, Claim]:
    """The correction as it is once the voids have left, and the claim, which is not kept yet.

    Raises:
        CorrectionRefused: one would go to a payer that the practice knows no more.
    """
    taken_back = list(decisions)
    refuse_payers_that_are_gone(claim, [decision.payer_sequence for decision in taken_back], practice)
    for decision in taken_back:
        sequence = decision.payer_sequence
        if way_to(claim, sequence, practice) == "replacement" and decision.payer_claim_number is not None:
            claim = submit(await recall(claim, sequence, unit), sequence, unit, practice, book, void=True)
        else:
            why = f"{decision.payer_id} takes no void: send its money back; what follows waits for its reversal"
            correction = correction.also_because(why, at=unit.clock.now())
    return correction.send(claim.submissions, at=unit.clock.now()), claim
