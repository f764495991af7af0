"""A payment meets an account: what it decides, what goes on the books, what is refused, settled, or waits in suspense. Pure.

``post`` takes the account as it is and returns the account as it is to be, with the steps that lead there: each is a journal, and what others
are told of it. Whatever the order in which payments of one received order are posted, the books end alike.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import Adjustment, ClaimPayment, LinePayment

from .account import Account
from .books import decided, difference
from .decisions import EDITION, DecidedLine, Place, PostedDecision, Said, ToldRefusal
from .guardrails import Guardrails
from .ledger import Entry
from .matching import Answered, answered, match_lines
from .remittance import PaymentResult
from .reversing import as_original, off_by, with_reversals
from .standing import Refusal, Standing, standing_of

PREDETERMINATION = "25"
REVERSAL = "22"
_FORWARDED = frozenset({"19", "20", "21"})
Why = Literal["paid", "decided_anew", "taken_back"]
Outcome = Literal["paid", "partial", "denied", "zero_expected", "forwarded", "duplicate", "undecided"]


@dataclass(frozen=True)
class OfSet:
    """What a payment's set says of it."""

    remittance_id: UUID
    received_number: int
    payer_x12_id: str | None
    paid_on: date
    edition: int = 0
    """How often a person has put the payment on a claim, or taken it off."""

    def place(self, payment: ClaimPayment) -> Place:
        """Where a payment of it stands."""
        return self.remittance_id, payment.ordinal + self.edition * EDITION


@dataclass(frozen=True)
class Settled:
    """A refusal that was told, and what became of it."""

    place: Place
    line_id: UUID | None
    group: str
    carc: str
    why: Why
    standing_cents: int = 0
    """What of it stands now."""


@dataclass(frozen=True)
class PaidLine:
    """A payer's line with our line that it is about; what it comes to is told with the first of those about one line."""

    payment: LinePayment
    line_id: UUID
    is_first: bool


@dataclass(frozen=True)
class Step:
    """One journal of the account, and what it tells."""

    kind: Literal["payment", "reversal"]
    decision: PostedDecision
    entries: tuple[Entry, ...]
    standing: Standing
    takes_back: PostedDecision | None = None
    settles: tuple[Settled, ...] = ()
    reopens: tuple[Settled, ...] = ()
    refuses: tuple[tuple[PostedDecision, tuple[Refusal, ...]], ...] = ()
    """Refusals that nobody was told of, by the decision that they are of."""


@dataclass(frozen=True)
class Posted:
    """What posting a payment came to: the account as it is to be, and the steps that lead there."""

    account: Account
    steps: tuple[Step, ...]
    lines: tuple[PaidLine, ...]


def post(
    account: Account, payment: ClaimPayment, of_set: OfSet, guardrails: Guardrails, *, as_money: bool = False
) -> Posted | None:
    """Post a payment that answers a submission of the account; None where that was done before, or nothing was ever submitted.

    ``as_money``: a person says that a reversal which fits no decision takes its money back all the same, and explains nothing.
    """
    answer = answered(account, payment, of_set.payer_x12_id)
    if answer is None or account.knows(of_set.place(payment)):
        return None
    said = as_original(payment) if payment.is_reversal and not as_money else payment
    matched = [each.line_id if each else None for each in match_lines(said, answer.submission)]
    decision = _as_money(said, answer, of_set) if as_money else _decision(said, matched, answer, of_set)
    tied = with_reversals(account.decided(decision))
    now = [each for each in tied.decisions if each.takes_back and not _was_tied(account, each)]
    after = tied.changed(*(each for reversal in now for each in _untied(tied, reversal)))
    steps: list[Step] = []
    before = account
    if not decision.is_reversal:
        step, after = _step("payment", before, after, after.decision(decision.place) or decision, None, guardrails)
        steps, before = [step], after
    for reversal in now:
        original = after.decision(reversal.takes_back) if reversal.takes_back else None
        if original is not None:
            taken_back = original.model_copy(update={"is_reversed": True})
            step, after = _step("reversal", before, after.changed(reversal, taken_back), reversal, original, guardrails)
            steps, before = [*steps, step], after
    return Posted(after, tuple(steps), tuple(_paid_lines(said, matched)))


def _was_tied(account: Account, reversal: PostedDecision) -> bool:
    known = account.decision(reversal.place)
    return known is not None and known.takes_back is not None


def _untied(account: Account, reversal: PostedDecision) -> Iterator[PostedDecision]:
    """A reversal and what it takes back, as they are before it does."""
    yield reversal.model_copy(update={"takes_back": None})
    original = account.decision(reversal.takes_back) if reversal.takes_back else None
    if original is not None:
        yield original.model_copy(update={"is_reversed": False})


def repeal(account: Account, position: Place, guardrails: Guardrails) -> Posted:
    """Take a payment off a claim that a person, or we, put it on: nothing of it stands, and it is told as a reversal of the next edition.

    Raises:
        KeyError: the claim has none there.
    """
    decision = next((each for each in account.decisions if each.position == position), None)
    if decision is None:
        raise KeyError(position)
    gone = decision.model_copy(
        update={"payment_ordinal": decision.payment_ordinal + EDITION, "status": REVERSAL, "takes_back": decision.place}
    )
    step, after = _step(
        "reversal", account, with_reversals(account.without(decision.place)), gone, decision, guardrails
    )
    return Posted(after, (step,), ())


def newly_refused(
    account: Account, standing: Standing
) -> tuple[Account, tuple[tuple[PostedDecision, tuple[Refusal, ...]], ...]]:
    """Refusals that stand since a claim was changed (a payer behind is gone) and that nobody was told of; and the account that knows they were."""
    refuses = []
    for each in account.decisions:
        told = {(refusal.line_id, refusal.group, refusal.carc) for refusal in each.told}
        new = [
            refusal
            for refusal in standing.refusals
            if refusal.place == each.place and (refusal.line_id, refusal.said.group, refusal.said.carc) not in told
        ]
        if new:
            denied = sum(refusal.cents for refusal in new if refusal.kind == "refusal")
            now = tuple(
                ToldRefusal(line_id=one.line_id, group=one.said.group, carc=one.said.carc, cents=one.cents)
                for one in new
            )
            update = {"told": (*each.told, *now), "denied_cents": each.denied_cents + denied}
            account = account.changed(each.model_copy(update=update))
            refuses.append((each, tuple(new)))
    return account, tuple(refuses)


def _step(  # noqa: PLR0913  two states of an account, and what lies between them
    kind: Literal["payment", "reversal"],
    before: Account,
    after: Account,
    decision: PostedDecision,
    takes_back: PostedDecision | None,
    guardrails: Guardrails,
) -> tuple[Step, Account]:
    """The journal between two states of an account, what is to be told of it, and the account that knows what was told."""
    stood, stands = standing_of(before, guardrails), standing_of(after, guardrails)
    entries = difference(decided(before, stood), decided(after, stands))
    said = _as_reversed(decision, takes_back) if takes_back else _as_decided(decision, stands)
    if takes_back is None or said.is_reversal:
        after = after.changed(said)
    telling = _Telling(after, stands, said, takes_back)
    step = Step(
        kind=kind,
        decision=said,
        entries=entries,
        standing=stands,
        takes_back=takes_back,
        settles=tuple(telling.settles),
        reopens=tuple(telling.reopens),
        refuses=tuple((each, tuple(refusals)) for each, refusals in telling.refuses.items()),
    )
    return step, after.changed(*telling.told)


class _Telling:
    """What others are to be told of refusals, beside what they were told before."""

    def __init__(
        self, account: Account, standing: Standing, decided: PostedDecision, takes_back: PostedDecision | None
    ) -> None:
        self.settles: list[Settled] = []
        self.reopens: list[Settled] = []
        self.refuses: dict[PostedDecision, list[Refusal]] = defaultdict(list)
        self.told: list[PostedDecision] = []
        for each in account.decisions:
            refusals = {
                (refusal.line_id, refusal.said.group, refusal.said.carc): refusal
                for refusal in standing.refusals
                if refusal.place == each.place
            }
            if each.told or refusals:
                is_gone = takes_back is not None and each.place == takes_back.place
                self._tell_of(each, refusals, decided, is_gone=is_gone)

    def _tell_of(
        self,
        of: PostedDecision,
        refusals: dict[tuple[UUID | None, str, str], Refusal],
        decided: PostedDecision,
        *,
        is_gone: bool,
    ) -> None:
        told = {(each.line_id, each.group, each.carc): each for each in of.told}
        for key, refusal in refusals.items():
            if key not in told:
                self.refuses[of].append(refusal)
            elif not told[key].is_open or told[key].cents < refusal.cents:
                self.reopens.append(Settled(of.place, *key, "taken_back", refusal.cents))
            elif told[key].cents > refusal.cents:
                self.settles.append(Settled(of.place, *key, _why(decided, key[0]), refusal.cents))
        for key, each in told.items():
            if each.is_open and key not in refusals and not is_gone:
                self.settles.append(Settled(of.place, *key, _why(decided, key[0])))
        now = tuple(
            ToldRefusal(
                line_id=key[0],
                group=key[1],
                carc=key[2],
                cents=refusals[key].cents if key in refusals else 0,
                is_open=key in refusals,
            )
            for key in {**told, **refusals}
        )
        if now != of.told:
            self.told.append(of.model_copy(update={"told": now}))


def _why(decided: PostedDecision, line_id: UUID | None) -> Why:
    """Whether money came for a line, or for the claim."""
    if decided.is_reversal:
        return "decided_anew"
    about = [line for line in decided.lines if line_id is None or line.line_id in (None, line_id)]
    return "paid" if sum(line.paid_cents for line in about) > 0 else "decided_anew"


def _as_decided(decision: PostedDecision, standing: Standing) -> PostedDecision:
    denied = sum(standing.refused(decision.place).values())
    patient = sum(standing.outcomes[decision.place].shares.values())
    return decision.model_copy(
        update={
            "outcome": outcome_of(decision, standing, denied),
            "denied_cents": denied,
            "underpaid_cents": sum(standing.refused(decision.place, "underpayment").values()),
            "patient_cents": patient,
        }
    )


def _as_reversed(decision: PostedDecision, takes_back: PostedDecision) -> PostedDecision:
    return decision.model_copy(
        update={
            "outcome": "reversed",
            "paid_cents": -takes_back.paid_cents,
            "denied_cents": -takes_back.denied_cents,
            "underpaid_cents": -takes_back.underpaid_cents,
            "patient_cents": -takes_back.patient_cents,
        }
    )


def outcome_of(decision: PostedDecision, standing: Standing, denied_cents: int) -> Outcome:
    """Derived from what was paid, refused and moved, never from CLP02 alone (X12 RFI 1423, 207)."""
    outcome = standing.outcomes[decision.place]
    if decision.is_forwarded:
        return "forwarded"
    if outcome.is_duplicate:
        return "duplicate"
    if decision.is_money_alone:
        return "undecided"
    if decision.paid_cents == 0:
        if denied_cents > 0 or outcome.refuses:
            return "denied"
        return "zero_expected" if outcome.says or not decision.charge_cents else "undecided"
    return "partial" if denied_cents > 0 or standing.unanswered else "paid"


def results_of(account: Account, standing: Standing) -> dict[Place, PaymentResult]:
    """What became of each payment of an account."""
    return {each.position: _result(account, each, standing) for each in account.decisions}


def _result(account: Account, decision: PostedDecision, standing: Standing) -> PaymentResult:
    return PaymentResult(
        practice=account.practice_id,
        remittance_id=decision.remittance_id,
        ordinal=decision.position[1],
        edition=decision.payment_ordinal // EDITION,
        claim_id=account.claim_id,
        payer_sequence=decision.payer_sequence,
        payer_id=decision.payer_id,
        outcome=decision.outcome,
        paid_cents=decision.on_books_cents,
        denied_cents=decision.denied_cents,
        underpaid_cents=decision.underpaid_cents,
        patient_cents=decision.patient_cents,
        standing_denied_cents=sum(standing.refused(decision.place).values()),
        variance_cents=variance_of(decision, standing),
        suspense_cents=decision.suspended_cents,
        payer_claim_number=decision.payer_claim_number,
        reason=suspension_of(account, decision),
        question=question_of(decision, standing),
    )


def variance_of(decision: PostedDecision, standing: Standing) -> int | None:
    """What was allowed less what was expected, over all that the contract judges and is not refused; None where it judges nothing."""
    if decision.is_reversal or decision.is_reversed or decision.place not in standing.outcomes:
        return None
    verdicts = standing.outcomes[decision.place].verdicts.values()
    variances = [each.variance_cents for each in verdicts if each.variance_cents is not None and not each.is_refused]
    return sum(variances) if variances else None


def question_of(decision: PostedDecision, standing: Standing) -> str | None:
    """What a person has to find out about a decision that stands; None where there is nothing."""
    if decision.is_reversal or decision.is_reversed:
        return None
    outcome = standing.outcomes[decision.place]
    if outcome.prior > 0:
        return "the first payer says that a payer before it decided (OA-23), and we know of none: ask whether another payer comes first"
    if outcome.is_all_contractual:
        return "all of a charge is taken as contractual, and no contract says what to expect of it: is it a denial?"
    if outcome.left > 0:
        return f"{outcome.left} cents were left for this payer, and it does not say what becomes of them"
    return None


def suspension_of(account: Account, decision: PostedDecision) -> str | None:
    """Why all or part of a decision is in suspense; None where nothing is."""
    if decision.is_reversal and decision.takes_back is None:
        off = off_by(account, decision)
        if off is None:
            return "the reversal takes back a payment that has not come: it waits for it"
        return f"the reversal differs from what it takes back by {off} cents, or in what it says of lines and reasons"
    if decision.unmatched:
        what = "that fit none of ours are taken back" if decision.is_reversal else "fit none of ours"
        return f"{decision.unmatched} lines {what}"
    return None


def _as_money(payment: ClaimPayment, answer: Answered, of_set: OfSet) -> PostedDecision:
    """The money of a payment alone."""
    bare = payment.model_copy(update={"lines": (), "adjustments": ()})
    decision = _decision(bare, (), answer, of_set)
    paid = cents(payment.paid)
    return decision.model_copy(
        update={"is_money_alone": True, "paid_cents": paid, "lines": (DecidedLine(charge_cents=0, paid_cents=paid),)}
    )


def _decision(said: ClaimPayment, matched: Sequence[UUID | None], answer: Answered, of_set: OfSet) -> PostedDecision:
    """The facts of a payment; a reversal's are those of what it takes back."""
    submission = answer.submission
    lines, suspense = decided_lines(said, matched)
    paid = cents(said.paid) - suspense
    return PostedDecision(
        remittance_id=of_set.remittance_id,
        payment_ordinal=of_set.place(said)[1],
        received_number=of_set.received_number,
        submission_ordinal=submission.ordinal,
        payer_sequence=answer.payer_sequence,
        payer_id=answer.payer_id,
        filing_indicator=answer.filing_indicator,
        is_billed=answer.is_of_submission,
        payer_x12_id=answer.payer_x12_id,
        outcome="suspended",
        status=said.status,
        is_forwarded=said.status in _FORWARDED or bool(said.forwarded_to),
        charge_cents=cents(said.charge),
        paid_cents=-paid if said.is_reversal else paid,
        denied_cents=0,
        patient_cents=0,
        suspense_cents=suspense,
        unmatched=sum(
            line_id is None and bool(line.charge or line.paid)
            for line, line_id in zip(said.lines, matched, strict=True)
        ),
        payer_claim_number=said.payer_claim_number,
        original_payer_claim_number=said.original_payer_claim_number,
        paid_on=of_set.paid_on,
        remarks=said.remarks,
        lines=lines,
    )


def decided_lines(payment: ClaimPayment, matched: Sequence[UUID | None]) -> tuple[tuple[DecidedLine, ...], int]:
    """What is said of each line of ours and of the claim itself, and what was paid on lines that are not ours, in cents.

    Lines say what was paid on each before the claim's own adjustments (CLP03 - ΣCAS of claim and lines = CLP04): what these take off, or what was
    paid on no line at all, is paid on the claim itself, so that lines and claim add up to CLP04.
    """
    parts: dict[UUID, list[LinePayment]] = defaultdict(list)
    strange = []
    for line, line_id in zip(payment.lines, matched, strict=True):
        if line_id is None:
            strange.append(line)
        else:
            parts[line_id].append(line)
    lines = [_decided_line(line_id, some) for line_id, some in parts.items()]
    paid = cents(payment.paid)
    suspense = paid if strange and not parts else sum(cents(line.paid) for line in strange)
    on_claim = paid - suspense - sum(line.paid_cents for line in lines)
    if on_claim or payment.adjustments or not payment.lines:
        charge = 0 if parts else cents(payment.charge)
        said = _said(payment.adjustments)
        lines.append(DecidedLine(charge_cents=charge, paid_cents=on_claim, said=said, remarks=payment.remarks))
    return tuple(lines), suspense


def _decided_line(line_id: UUID, parts: Sequence[LinePayment]) -> DecidedLine:
    """A line that a payer splits or unbundles is one line of ours: the first part carries the charge (X12 RFI 498), or each its own."""
    return DecidedLine(
        line_id=line_id,
        charge_cents=sum(cents(part.charge) for part in parts),
        paid_cents=sum(cents(part.paid) for part in parts),
        said=_said([each for part in parts for each in part.adjustments]),
        remarks=tuple(dict.fromkeys(remark for part in parts for remark in part.remarks)),
    )


def _said(adjustments: Sequence[Adjustment]) -> tuple[Said, ...]:
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for each in adjustments:
        totals[each.group, each.carc] += cents(each.amount)
    return tuple(Said(group=group, carc=carc, cents=total) for (group, carc), total in totals.items() if total)


def _paid_lines(payment: ClaimPayment, matched: Sequence[UUID | None]) -> Iterator[PaidLine]:
    known: set[UUID] = set()
    for line, line_id in zip(payment.lines, matched, strict=True):
        if line_id is not None:
            yield PaidLine(line, line_id, is_first=line_id not in known)
            known.add(line_id)
