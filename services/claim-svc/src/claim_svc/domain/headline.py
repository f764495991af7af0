"""Where a claim stands, in one word: derived from its own axes, never kept for itself."""

from typing import Literal

from .claim import Claim

Headline = Literal[
    "held",
    "rejected",
    "correction_waiting",
    "voiding",
    "unanswered",
    "denied",
    "partly_paid",
    "paid",
    "zero_expected",
    "forwarded",
    "taken_back",
    "voided",
    "withdrawn",
]
"""``rejected`` never was filed, by the gateway's, the partner's or the payer's word; ``unanswered`` is with a payer; ``taken_back``: a payer
reversed its decision and said nothing new."""

_BY_OUTCOME: dict[str, Headline] = {
    "paid": "paid",
    "partial": "partly_paid",
    "denied": "denied",
    "zero_expected": "zero_expected",
    "forwarded": "forwarded",
}


def headline_of(claim: Claim) -> Headline:
    """The first that is true, what a person has to do before what is waited for."""
    if claim.is_voiding:
        return "voiding"
    if claim.correction == "waiting":
        return "correction_waiting"
    return claim.state if claim.state in ("withdrawn", "voided") else _of_live(claim)


def _of_live(claim: Claim) -> Headline:
    """A payer that comes next and was not billed is one whose rules stop it, or that refused it before a decision."""
    is_due = claim.next_sequence() is not None
    if claim.state == "held" or (claim.is_stopped and is_due):
        return "held"
    if claim.is_with_payer:
        return "unanswered"
    if claim.is_reversed:
        return "taken_back"
    return "rejected" if is_due else _decided(claim)


def _decided(claim: Claim) -> Headline:
    """By the decisions that stand: of several payers what is worst is what is worked on. A payer whose word decides nothing has not answered."""
    outcomes = [decision.outcome for decision in claim.standing_decisions]
    if not outcomes:
        return "unanswered" if claim.decisions else "rejected"
    if outcomes[0] == "paid" and "denied" in outcomes[1:]:
        return "partly_paid"
    if len(outcomes) > 1 and outcomes[0] in ("denied", "zero_expected"):
        return _BY_OUTCOME.get(outcomes[-1], "paid")
    return _BY_OUTCOME.get(outcomes[0], "paid")
