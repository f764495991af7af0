"""CLM05-3: whether a submission is an original, one bill of a stay that goes on, a replacement or a void.

A payer that has decided, and whose decision stands, is sent a replacement (7) or a void (8) with the number of that decision; what it has
refused before adjudication never was filed, and goes again as it was. A bill of a stay that goes on (112, 113, 114) is a claim of its own,
and so is the final one of a home health episode (329).
Medicare's Part B takes neither 7 nor 8: a clerical error is a reopening (42 CFR 405.980), what was unprocessable (MA130) a new claim.
"""

from dataclasses import dataclass
from typing import Literal

from claimstream_schemas.values.claim import FrequencyCode, PayerSequence
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.people import Patient
from claimstream_schemas.values.practice import Payer

from .claim import SEQUENCES, Claim, ClaimContent
from .decisions import Decision

Way = Literal["replacement", "new_claim", "reopening"]
ORIGINAL: FrequencyCode = "1"
_UNPROCESSABLE = "MA130"


@dataclass(frozen=True)
class Frequency:
    """The frequency of a submission, and the payer's number of the decision that it takes back."""

    code: FrequencyCode
    original_number: str | None = None


def way_of(claim: Claim, sequence: PayerSequence, payer: Payer) -> Way:
    """How this payer takes a correction of what it has decided: its own policy for the kind of claim; what was unprocessable goes anew."""
    decision = claim.standing_decision(sequence)
    if decision is not None and is_unprocessable(decision):
        return "new_claim"
    return payer.way_of_correcting(claim.content.kind)


def frequency_of(claim: Claim, sequence: PayerSequence, payer: Payer, *, void: bool = False) -> Frequency:
    """The frequency of the claim's next submission to this payer."""
    decision = claim.standing_decision(sequence)
    if decision is None or decision.payer_claim_number is None or decision.payer_id != payer.id:
        return Frequency(_own(claim))
    if void:
        return Frequency("8", decision.payer_claim_number)
    if way_of(claim, sequence, payer) == "replacement":
        return Frequency("7", decision.payer_claim_number)
    return Frequency(_own(claim))


def needs_another_claim(claim: Claim, then: ClaimContent) -> bool:
    """Whether a replacement cannot say it: another payer's, who knows no claim to replace (X12 RFI 1538), or another patient's."""
    payers = [coverage.payer_id for coverage in then.coverages]
    decided = [(SEQUENCES.index(each.payer_sequence), each.payer_id) for each in claim.standing_decisions]
    moves = any(payers[place : place + 1] != [payer] for place, payer in decided)
    first = [coverage.payer_id for coverage in claim.content.coverages[:1]]
    return moves or payers[:1] != first or not _is_same_person(then.patient, claim.content.patient)


def kind_of_correction(claim: Claim, then: ClaimContent) -> Literal["replacement", "rebill", "next_payers"]:
    """How what a claim is to become goes to the payers that have it."""
    if _told_first(then) == _told_first(claim.content):
        return "next_payers"
    return "rebill" if needs_another_claim(claim, then) else "replacement"


def _told_first(content: ClaimContent) -> bytes:
    """What the first payer is told, but for those behind it."""
    first = {name: getattr(content, name)[:1] for name in ("coverages", "payers", "subscribers")}
    aside = {"encounter_version": 0, "left_out": (), "place_of_service_source": None}
    return content.with_patient_paid(None).model_copy(update=first | aside).document


def _is_same_person(one: Patient, other: Patient) -> bool:
    """A name or a birth date that was mended is the same person's."""
    names = {(each.name.last.casefold(), (each.name.first or "").casefold()) for each in (one, other)}
    return len(names) == 1 or one.birth_date == other.birth_date


def without_its_way(content: ClaimContent) -> ClaimContent:
    """A correction whose type of bill says itself that it replaces or voids (117, 118): that is how it goes, and no bill of its own."""
    stay = content.stay
    if stay is None or stay.type_of_bill[2:] not in ("7", "8"):
        return content
    return content.model_copy(update={"stay": stay.model_copy(update={"type_of_bill": stay.facility_and_care})})


def is_unprocessable(decision: Decision) -> bool:
    """Whether the payer never judged it: no appeal, and what is sent again is a new claim."""
    remarks = {*decision.remarks, *(remark for line in decision.lines for remark in line.remarks)}
    return _UNPROCESSABLE in remarks and decision.outcome == "denied"


def _own(claim: Claim) -> FrequencyCode:
    """An interim bill's own, or a home health episode's, else an original; a professional claim names the stay that it visited, and is no bill of it."""
    stay = claim.content.stay if kind_of(claim.content.kind).has_stay else None
    return (stay.own_frequency if stay is not None else None) or ORIGINAL
