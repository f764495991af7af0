"""What the contract says of a payer's contractual adjustments (CO-45): down to what it allows, beyond it, or all of a charge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .account import SubmissionFacts
from .decisions import DecidedLine, PostedDecision, Said
from .guardrails import Guardrails


@dataclass(frozen=True)
class Verdict:
    """What was allowed of a line, or of the claim as a whole, in cents, beside what was expected; None where the contract does not tell."""

    allowed_cents: int
    expected_cents: int | None = None
    is_refused: bool = False
    """Nothing is allowed where something was expected."""
    takes_all: bool = False
    """All of the charge is taken as contractual, or by how the price was made."""
    is_contractual_all: bool = False
    """Contractual amounts alone take it."""

    @property
    def variance_cents(self) -> int | None:
        """Allowed minus expected."""
        return None if self.expected_cents is None else self.allowed_cents - self.expected_cents

    @property
    def beyond_cents(self) -> int:
        """What was taken off beyond the contract."""
        return max(0, -(self.variance_cents or 0))


@dataclass(frozen=True)
class _Taken:
    """What the adjustments of a line, or of a claim, come to, in cents."""

    contractual: int = 0
    pricing: int = 0
    refused: int = 0
    """Refused, left to another payer, or decided by one before: nothing of it is allowed."""


def _judged(charge: int, taken: _Taken, expected: int | None) -> Verdict:
    """What is lacking is what contractual amounts take too much; how the price was made lowers what is allowed, and explains itself.

    What is refused is not allowed (X12 RFI 888, 1072). All of a charge that should have been paid is refused, whatever it is called.
    """
    allowed = charge - taken.contractual
    takes_all = charge > 0 and allowed - taken.pricing <= 0
    alone = charge > 0 and allowed <= 0
    if expected is not None and allowed > expected:
        allowed = max(expected, allowed - max(0, taken.pricing) - max(0, taken.refused))
    return Verdict(allowed, expected, bool(expected) and takes_all, takes_all, alone)


def verdicts(
    decision: PostedDecision, submission: SubmissionFacts | None, guardrails: Guardrails
) -> Iterator[tuple[DecidedLine, Verdict]]:
    """Each part of a decision with what the contract says of it.

    A hospital's contract pays the claim: what one line lacks and another has more is no variance, so that no line is off by more than
    the claim is. What is adjusted on the claim itself is held against the whole claim.
    """
    is_whole = submission is not None and (submission.is_institutional or decision.is_bundling)
    whole = of_claim(decision, submission, guardrails) if is_whole else None
    left = whole.variance_cents if whole else None
    for line in decision.lines:
        verdict = _of_line(line, decision, submission, guardrails)
        variance = verdict.variance_cents
        if left is not None and variance:
            told = max(variance, min(0, left)) if variance < 0 else min(variance, max(0, left))
            left -= told
            verdict = replace(
                verdict,
                expected_cents=verdict.allowed_cents - told,
                is_refused=verdict.is_refused and told == variance,
            )
        yield line, verdict


def of_claim(decision: PostedDecision, submission: SubmissionFacts | None, guardrails: Guardrails) -> Verdict:
    """What was allowed of the whole claim, beside the contract."""
    return _judged(_charge(decision), _taken(decision, decision.lines, guardrails), _expected(decision, submission))


def _taken(decision: PostedDecision, lines: Iterable[DecidedLine], guardrails: Guardrails) -> _Taken:
    said = [each for line in lines for each in line.said]
    contractual = [each for each in said if is_contractual(each, decision, guardrails)]
    return _Taken(
        contractual=sum(each.cents for each in contractual),
        pricing=sum(each.cents for each in said if guardrails.is_pricing(each)),
        refused=sum(each.cents for each in said if each not in contractual and guardrails.is_not_allowed(each)),
    )


def is_contractual(said: Said, decision: PostedDecision, guardrails: Guardrails) -> bool:
    """Whether the contract judges it: a bundled line (97) too, where another one has what it lacks (94)."""
    return guardrails.is_contractual(said) or (said.is_bundled and decision.is_bundling)


def _of_line(
    line: DecidedLine, decision: PostedDecision, submission: SubmissionFacts | None, guardrails: Guardrails
) -> Verdict:
    if line.line_id is None:
        return _of_claim_level(line, decision, submission, guardrails)
    ours = submission.line(line.line_id) if submission else None
    return _judged(line.charge_cents, _taken(decision, [line], guardrails), ours.allowed_cents if ours else None)


def _of_claim_level(
    line: DecidedLine, decision: PostedDecision, submission: SubmissionFacts | None, guardrails: Guardrails
) -> Verdict:
    """The claim's own adjustments: beyond are they as far as the claim is short by more than its lines are by themselves."""
    if not any(guardrails.is_contractual(each) or guardrails.is_pricing(each) for each in line.said):
        return Verdict(line.charge_cents)
    whole = of_claim(decision, submission, guardrails)
    if whole.expected_cents is None:
        return whole
    of_lines = sum(
        _of_line(each, decision, submission, guardrails).beyond_cents for each in decision.lines if each.line_id
    )
    variance = whole.variance_cents or 0
    told = min(0, variance + of_lines) if variance < 0 else variance
    taken = _taken(decision, [line], guardrails)
    takes_all = taken.contractual + taken.pricing >= _charge(decision)
    return replace(whole, expected_cents=whole.allowed_cents - told, is_refused=whole.is_refused and takes_all)


def _charge(decision: PostedDecision) -> int:
    of_lines = [line.charge_cents for line in decision.lines if line.line_id is not None]
    return sum(of_lines) if of_lines else decision.charge_cents


def _expected(decision: PostedDecision, submission: SubmissionFacts | None) -> int | None:
    """Of the lines that the decision names; of all where it names none."""
    if submission is None or decision.suspense_cents:
        return None
    named = [line.line_id for line in decision.lines if line.line_id is not None]
    if not named:
        return submission.expected_allowed_cents
    known = [ours.allowed_cents for line_id in named if (ours := submission.line(line_id)) is not None]
    of_all = [each for each in known if each is not None]
    return sum(of_all) if len(of_all) == len(named) else None


def taken_by_contract(said: Said, beyond_cents: int) -> tuple[int, int]:
    """What of a contractual adjustment is the contract's, and what of it is beyond, of which so much is still to be found."""
    over = max(0, min(said.cents, beyond_cents))
    return said.cents - over, over
