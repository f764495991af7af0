"""A reversal (CLP02 = 22) carries the original's amounts with their signs turned; negative CO is normal there."""

from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import Adjustment, ClaimPayment, LinePayment

from .account import Account, PostedDecision, SubmissionFacts


def as_original(reversal: ClaimPayment) -> ClaimPayment:
    """The decision that a reversal describes: its amounts with their signs turned back."""
    return reversal.model_copy(
        update={
            "charge": -reversal.charge,
            "paid": -reversal.paid,
            "adjustments": _turned(reversal.adjustments),
            "lines": tuple(_turned_line(line) for line in reversal.lines),
        }
    )


def original_of(account: Account, mirrored: ClaimPayment, submission: SubmissionFacts) -> PostedDecision | None:
    """The standing decision that is taken back: by the payer's claim number, then by what was paid; the latest fits best."""
    standing = [each for each in reversed(account.standing()) if each.payer_sequence == submission.payer_sequence]
    numbers = {mirrored.payer_claim_number, mirrored.original_payer_claim_number} - {None}
    by_number = [each for each in standing if each.payer_claim_number in numbers]
    by_amount = [each for each in by_number or standing if each.paid_cents == cents(mirrored.paid)]
    return next(iter(by_amount or by_number), None)


def _turned(adjustments: tuple[Adjustment, ...]) -> tuple[Adjustment, ...]:
    return tuple(each.model_copy(update={"amount": -each.amount}) for each in adjustments)


def _turned_line(line: LinePayment) -> LinePayment:
    return line.model_copy(
        update={"charge": -line.charge, "paid": -line.paid, "adjustments": _turned(line.adjustments)}
    )
