"""Which of our lines a payer's line is about: by REF*6R, then code, charge and date, then code when exactly one line fits.

A payer may drop a modifier (openemr 7293) or return nothing but the code; what fits no line, or several, goes to suspense.
"""

from collections.abc import Sequence
from uuid import UUID

from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import ClaimPayment, LinePayment

from .account import Account, ExpectedLine, SubmissionFacts

SEQUENCE_BY_STATUS = {"1": "P", "19": "P", "2": "S", "20": "S", "3": "T", "21": "T"}
"""CLP02: processed as primary, secondary, tertiary (19 to 21: and forwarded)."""


def submission_of(account: Account, payment: ClaimPayment, payer_x12_id: str | None) -> SubmissionFacts | None:
    """The submission a payment answers: the one named in REF*6R, else the latest to that payer, else by CLP02, else the latest."""
    if payment.submission_ordinal is not None:
        named = account.submission(payment.submission_ordinal)
        if named is not None:
            return named
    latest_first = tuple(reversed(account.submissions))
    for each in latest_first:
        if payer_x12_id is not None and each.payer_x12_id == payer_x12_id:
            return each
    wanted = SEQUENCE_BY_STATUS.get(payment.status)
    for each in latest_first:
        if each.payer_sequence == wanted:
            return each
    return latest_first[0] if latest_first else None


def match_lines(payment: ClaimPayment, submission: SubmissionFacts) -> list[ExpectedLine | None]:
    """Our line for each of the payment's lines; None where none fits, or more than one could."""
    free = {line.line_id: line for line in submission.lines}
    matched: list[ExpectedLine | None] = []
    for line in payment.lines:
        ours = _by_number(line, submission.lines) or _by_content(line, tuple(free.values()))
        if ours is not None:
            free.pop(ours.line_id, None)
        matched.append(ours)
    return matched


def _by_number(line: LinePayment, lines: Sequence[ExpectedLine]) -> ExpectedLine | None:
    wanted: UUID | None = line.line_id
    return next((each for each in lines if each.line_id == wanted), None)


def _by_content(line: LinePayment, free: Sequence[ExpectedLine]) -> ExpectedLine | None:
    codes = {line.procedure, line.submitted_procedure} - {None}
    same_code = [each for each in free if each.procedure in codes]
    charge = abs(cents(line.charge))
    exact = [each for each in same_code if each.cents == charge and line.service_from in (None, each.service_from)]
    fitting = exact or [each for each in same_code if line.service_from in (None, each.service_from)]
    return fitting[0] if len(fitting) == 1 else None
