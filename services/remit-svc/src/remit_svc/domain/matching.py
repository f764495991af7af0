"""Which of our lines a payer's line is about: by REF*6R, then code, charge and date, then code when exactly one line fits.

A payer may drop a modifier (openemr 7293) or return nothing but the code; what fits no line, or several, goes to suspense.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import ClaimPayment, LinePayment

from .account import SEQUENCES, Account, ExpectedLine, SubmissionFacts
from .decisions import Sequence_

SEQUENCE_BY_STATUS: dict[str, Sequence_] = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}
"""CLP02: processed as primary, secondary, tertiary (19 to 21: and forwarded)."""


@dataclass(frozen=True)
class Answered:
    """The submission that a payment answers, and as which payer's word."""

    submission: SubmissionFacts
    payer_sequence: Sequence_
    payer_id: str
    filing_indicator: str | None
    payer_x12_id: str | None = None
    """Of a payer that we did not bill."""

    @property
    def is_of_submission(self) -> bool:
        """Whether the payer is the one that was billed with it; else the claim went on to it without us (crossover)."""
        return self.payer_sequence == self.submission.payer_sequence


def answered(account: Account, payment: ClaimPayment, payer_x12_id: str | None) -> Answered | None:
    """What a payment answers: the submission named in REF*6R, unless another one went to this payer; else the latest to it, by CLP02, or at all.

    A payer that was sent the claim by the one before it (crossover) gives back that one's line numbers: it is known by its id, which none of
    our submissions has, and by CLP02, which says that it comes behind.
    """
    latest_first = tuple(reversed(account.submissions))
    to_payer = [each for each in latest_first if payer_x12_id is not None and each.payer_x12_id == payer_x12_id]
    wanted = SEQUENCE_BY_STATUS.get(payment.status)
    named = account.submission(payment.submission_ordinal) if payment.submission_ordinal is not None else None
    if named is not None and (named in to_payer or not to_payer):
        submission: SubmissionFacts | None = named
    else:
        by_status = [each for each in to_payer or latest_first if each.payer_sequence == wanted]
        submission = next(iter(by_status or to_payer or latest_first), None)
    if submission is None:
        return None
    is_stranger = payer_x12_id is not None and not to_payer
    if is_stranger and wanted is not None and _is_behind(wanted, submission.payer_sequence):
        place = SEQUENCES.index(wanted)
        payer_id = account.payers[place] if place < len(account.payers) else str(payer_x12_id)
        return Answered(submission, wanted, payer_id, payment.claim_filing_indicator, payer_x12_id)
    filing = submission.filing_indicator or payment.claim_filing_indicator
    return Answered(submission, submission.payer_sequence, submission.payer_id, filing)


def _is_behind(one: Sequence_, other: Sequence_) -> bool:
    return SEQUENCES.index(one) > SEQUENCES.index(other)


def match_lines(payment: ClaimPayment, submission: SubmissionFacts) -> list[ExpectedLine | None]:
    """Our line for each of the payment's lines; None where none fits, or more than one could."""
    free = {line.line_id: line for line in submission.lines}
    matched: list[ExpectedLine | None] = []
    for line in payment.lines:
        ours = (
            submission.line(line.line_id)
            or _by_content(line, tuple(free.values()))
            or _unbundled(line, submission.lines)
        )
        if ours is not None:
            free.pop(ours.line_id, None)
        matched.append(ours)
    return matched


def _by_content(line: LinePayment, free: Sequence[ExpectedLine]) -> ExpectedLine | None:
    codes = {line.procedure, line.submitted_procedure} - {None}
    same_code = [
        each
        for each in free
        if each.procedure in codes or (not codes and each.procedure is None and each.revenue_code == line.revenue_code)
    ]
    charge = abs(cents(line.charge))
    exact = [each for each in same_code if each.cents == charge and line.service_from in (None, each.service_from)]
    fitting = exact or [each for each in same_code if line.service_from in (None, each.service_from)]
    return fitting[0] if len(fitting) == 1 else None


def _unbundled(line: LinePayment, lines: Sequence[ExpectedLine]) -> ExpectedLine | None:
    """A further part of a line that was taken apart: it names the code that was submitted, and carries no charge (X12 RFI 498)."""
    if line.submitted_procedure is None or line.charge:
        return None
    fitting = [
        each
        for each in lines
        if each.procedure == line.submitted_procedure and line.service_from in (None, each.service_from)
    ]
    return fitting[0] if len(fitting) == 1 else None
