"""How payers take what corrects or takes back what they have decided; what they do not take is refused with what to do instead."""

from collections.abc import Iterable

from claimstream_kit import Conflict
from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.practice import Practice

from ..domain.change_reasons import lacks_change_reason
from ..domain.claim import SEQUENCES, Claim, ClaimContent
from ..domain.correction import Correction, CorrectionKind
from ..domain.frequency import Way, way_of

_TAKES_BACK: frozenset[CorrectionKind] = frozenset({"void", "rebill"})


class CorrectionRefused(Conflict):
    """The correction cannot leave like this: its payer does not take it, or something else must go first."""

    slug = "correction-refused"


def refuse_what_its_payer_does_not_take(claim: Claim, correction: Correction, practice: Practice) -> None:
    """Refuse a replacement or a void where the payer wants another way.

    Raises:
        CorrectionRefused: with what to do instead.
    """
    if correction.kind not in ("replacement", *_TAKES_BACK) or not claim.standing_decisions:
        return
    payer, way = claim.content.coverages[0].payer_id, way_to(claim, "P", practice)
    is_void = correction.kind in _TAKES_BACK
    if way == "reopening":
        raise CorrectionRefused(
            f"{payer} takes no replacement and no void of such a claim",
            remedy="Ask the payer for a reopening (or send its money back), then drop this correction with that reason."
            if correction.kind != "rebill"
            else "Send the payer's money back, and send this correction again when its reversal has come.",
        )
    if way == "new_claim" and is_void:
        raise CorrectionRefused(
            f"{payer} takes no void of such a claim", remedy="Drop this correction, or refund what was paid."
        )
    if way == "replacement" and any(decision.payer_claim_number is None for decision in claim.standing_decisions):
        raise CorrectionRefused(
            "a payer's decision came without its claim number (CLP07), which a replacement and a void must name",
            remedy="Ask the payer to send the remittance again with its number, or have it correct the claim by telephone.",
        )
    decided = [decision.payer_sequence for decision in claim.standing_decisions]
    refuse_payers_that_are_gone(claim, decided if is_void else ["P"], practice)
    refuse_without_change_reason(correction.content, correction.kind)


def refuse_payers_that_are_gone(claim: Claim, sequences: Iterable[PayerSequence], practice: Practice) -> None:
    """Refuse what would go to a payer that the practice knows no more.

    Raises:
        CorrectionRefused: names the payers.
    """
    payers = [claim.content.coverages[SEQUENCES.index(sequence)].payer_id for sequence in sequences]
    if gone := [payer for payer in payers if practice.payer(payer) is None]:
        raise CorrectionRefused(
            f"the practice does not know {', '.join(gone)} any more, to which this has to go",
            remedy="Load the practice with this payer again, then send this correction.",
        )


def refuse_without_change_reason(content: ClaimContent, kind: CorrectionKind) -> None:
    """Refuse what Medicare's Part A would return: an adjustment or a cancellation that does not say why by one condition code.

    Raises:
        CorrectionRefused: with the codes.
    """
    if kind == "void" and lacks_change_reason(content, void=True):
        raise CorrectionRefused(
            "Medicare returns a cancellation (frequency 8) without a claim change reason",
            remedy="POST /claims/{id}/void with claim_change_reason: D5 to correct the member or provider number, D6 to give back a duplicate.",
        )
    if kind == "replacement" and lacks_change_reason(content, void=False):
        raise CorrectionRefused(
            "Medicare returns an adjustment (frequency 7) without exactly one claim change reason among its condition codes",
            remedy="POST /claims/{id}/corrections with stay/condition_codes: D0 dates, D1 charges, D2 revenue or procedure codes, D4 diagnoses or"
            " procedures of the stay, D7 or D8 Medicare second or first, E0 patient status, D9 anything else or several.",
        )


def way_to(claim: Claim, sequence: PayerSequence, practice: Practice) -> Way:
    """How the payer of this sequence takes a correction; one that the practice no longer knows, as most do."""
    decision = claim.standing_decision(sequence)
    payer = practice.payer(decision.payer_id if decision else claim.content.coverages[0].payer_id)
    return "replacement" if payer is None else way_of(claim, sequence, payer)
