"""What stands on a claim by all that its payers said: worked out anew from the facts, in the order in which they were received.

The payers are read in the order of billing. The first takes from the open charges; each payer behind is read beside those before it: what it may
decide on is what they left, and what it repeats of theirs (a contractual adjustment, OA-23 however it was counted) is not taken twice.
Of one payer the newest decision explains a line (contractual, the patient's share, what is refused) and all its money counts; what only says that
a line was decided before (CARC 18) explains nothing where that is true. What a payer before refused is settled when a later one pays for it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import UUID

from .account import SEQUENCES, Account, SubmissionFacts
from .contract import Verdict, is_contractual, taken_by_contract, verdicts
from .decisions import PAID_BEFORE, DecidedLine, Place, PostedDecision, Said
from .guardrails import Guardrails
from .ledger import ADJUSTMENT, DENIED, NEXT_PAYER, OPEN, PAID, PATIENT, UNBILLABLE, VARIANCE, Entry, source_of
from .unbillable import QMB_REMARKS, why_not_billable

RefusalKind = Literal["refusal", "underpayment"]
LineId = UUID | None
"""None: the claim itself."""


@dataclass(frozen=True)
class Refusal:
    """An adjustment that somebody has to answer; an underpayment is what CO-45 takes off beyond the contract."""

    place: Place
    line_id: LineId
    said: Said
    remarks: tuple[str, ...]
    cents: int
    kind: RefusalKind = "refusal"


@dataclass
class Outcome:
    """What stands of one decision, in cents."""

    shares: Counter[LineId] = field(default_factory=Counter)
    """The patient's by line, billable or not, and what waits for the next payer."""
    verdicts: dict[LineId, Verdict] = field(default_factory=dict)
    says: bool = False
    """It adjusts, assigns or refuses something, though it may all be said before."""
    refuses: bool = False
    is_all_contractual: bool = False
    """It takes all of a charge as contractual, and no contract says what to expect."""
    is_duplicate: bool = False
    """It only says that all of it was decided before, and that is true."""
    prior: int = 0
    """What it says that a payer before it has decided."""
    left: int = 0
    """What waited for this payer and it does not explain."""


@dataclass
class Standing:
    """What all decisions together come to, in cents."""

    entries: list[Entry] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    outcomes: dict[Place, Outcome] = field(default_factory=lambda: defaultdict(Outcome))
    unanswered: int = 0
    """Charges that no decision answers."""
    beyond: list[tuple[str, LineId, int]] = field(default_factory=list)
    """Payer, line and amount of what came in beside a newer explanation, or beyond what was left to decide on."""

    def refused(self, place: Place, kind: RefusalKind = "refusal") -> Counter[LineId]:
        """What of a decision stands refused, by line."""
        found: Counter[LineId] = Counter()
        for each in self.refusals:
            if each.place == place and each.kind == kind:
                found[each.line_id] += each.cents
        return found


def standing_of(account: Account, guardrails: Guardrails) -> Standing:
    """What stands; amounts leave the account that holds them: open charges, or what waited for this payer."""
    if not account.decisions:
        return Standing(unanswered=account.charged_cents)
    return _Reading(account, guardrails).read()


_Kind = Literal["contractual", "underpayment", "adjustment", "refusal", "share"]
_FIRST_TO_GO: tuple[_Kind, ...] = ("contractual", "underpayment", "adjustment", "refusal", "share")
_REPEATABLE = frozenset({"contractual", "underpayment", "adjustment"})


@dataclass
class _Wanted:
    """What an adjustment asks for: how much goes to which account."""

    kind: _Kind
    account: str
    cents: int
    said: Said


class _Reading:
    """Reads payer after payer. A slot is a line, or None for the claim once a payer has spoken of it as a whole."""

    def __init__(self, account: Account, guardrails: Guardrails) -> None:
        self._account = account
        self._guardrails = guardrails
        self._standing = Standing()
        self._open: Counter[LineId] = Counter()
        for charge in account.charges:
            self._open[charge.line_id] += charge.cents
        self._charges = Counter(self._open)
        self._share: Counter[LineId] = Counter()
        self._paid: Counter[LineId] = Counter()
        self._before: Counter[LineId] = Counter()
        """What the payer that is read has paid in words that a newer one replaces."""
        self._adjusted: dict[LineId, Counter[str]] = defaultdict(Counter)
        self._decided: set[LineId] = set()
        self._is_whole = False
        self._remarks: set[str] = set()
        self._accepted_by: set[str] = set()
        self._is_followed = False
        """Whether another payer has decided after the one that is read, though the claim may name none."""
        self._added_to: set[tuple[Place, LineId]] = set()
        """The lines that later words without a charge have added to."""
        self._verdicts: dict[tuple[Place, bool], dict[LineId, Verdict]] = {}

    def read(self) -> Standing:
        payers = list(_payers(self._account.standing()))
        for number, of_payer in enumerate(payers, start=1):
            self._is_followed = number < len(payers)
            self._read_payer(of_payer)
        amounts = [sum(self._open.values())] if self._is_whole else self._open.values()
        self._standing.unanswered = sum(max(0, each) for each in amounts)
        return self._standing

    def _read_payer(self, decisions: Sequence[PostedDecision]) -> None:
        is_first = decisions[0].payer_sequence == SEQUENCES[0]
        explaining, others = self._sorted_out(decisions)
        of_claim = any(line.line_id is None for _, line in explaining)
        if not is_first and (of_claim or self._is_whole) and explaining:
            self._pool()
            explaining = [_as_one(explaining)]
        self._before = Counter()
        for _, line in others:
            self._before[None if self._is_whole else line.line_id] += max(0, line.paid_cents)
        for decision, line in explaining:
            if is_first:
                self._explain_first(decision, line)
            else:
                self._explain_beside(decision, line)
        named = Counter({line.line_id: _paid_before(line) for _, line in explaining})
        for decision, line in others:
            slot = None if self._is_whole else line.line_id
            self._pay(decision, line.paid_cents, slot)
            self._source(decision, source_of(decision.payer_sequence), -line.paid_cents, slot)
            self._paid[slot] += line.paid_cents
            (self._open if is_first else self._share)[slot] -= line.paid_cents
            kept = min(line.paid_cents, named[slot])
            named[slot] -= kept
            self._standing.beyond.append((decision.payer_id, line.line_id, line.paid_cents - kept))
        for _, line in explaining:
            self._decided |= {line.line_id} if line.line_id is not None else {None, *self._charges}
        self._is_whole |= of_claim
        self._remarks.update(*(_remarks(decision) for decision in decisions))
        for decision in decisions:
            outcome = self._standing.outcomes[decision.place]
            if decision.filing_indicator and (decision.paid_cents > 0 or any(outcome.shares.values())):
                self._accepted_by.add(decision.filing_indicator)

    def _sorted_out(
        self, decisions: Sequence[PostedDecision]
    ) -> tuple[list[tuple[PostedDecision, DecidedLine]], list[tuple[PostedDecision, DecidedLine]]]:
        """What explains a line, or the claim, in the order in which it was received; and what does not, of which the money counts."""
        known = [each for each in self._account.decisions if not each.is_reversal and not each.is_money_alone]
        scopes = {decision.place: _scope(decision, self._charges) for decision in (*known, *decisions)}
        places = {each.place: number for number, each in enumerate(self._account.received())}
        explaining, others = [], []
        newer: set[LineId] = set()
        for decision in reversed(decisions):
            outcome = self._standing.outcomes[decision.place]
            elsewhere = self._elsewhere(decision, known, scopes, places)
            duplicates = [
                each
                for each in decision.lines
                if each.is_duplicate and elsewhere & _about(each, scopes[decision.place])
            ]
            outcome.is_duplicate = bool(decision.lines) and len(duplicates) == len(decision.lines)
            explained: set[LineId] = set()
            for line in reversed(decision.lines):
                about = _about(line, scopes[decision.place])
                if line in duplicates:
                    continue
                if decision.is_money_alone or (about and about <= newer):
                    others.append((decision, line))
                    continue
                explaining.append((decision, line))
                explained |= set() if self._is_difference(line) else about
            newer |= explained
        explaining.reverse()
        return list(self._with_differences(explaining)), others

    def _with_differences(
        self, explaining: Sequence[tuple[PostedDecision, DecidedLine]]
    ) -> Iterator[tuple[PostedDecision, DecidedLine]]:
        """What only adds to what was said is one with it: so are they judged together."""
        whole = {line.line_id for _, line in explaining if not self._is_difference(line)}
        added: dict[LineId, list[DecidedLine]] = defaultdict(list)
        for _, line in explaining:
            if self._is_difference(line) and line.line_id in whole:
                added[line.line_id].append(line)
        for decision, line in explaining:
            if line.line_id not in whole or not added[line.line_id]:
                yield decision, line
            elif not self._is_difference(line):
                self._added_to.add((decision.place, line.line_id))
                yield decision, _added_up([line, *added[line.line_id]], line.line_id)

    def _is_difference(self, line: DecidedLine) -> bool:
        """Whether it only adds to what was said: without a charge it explains none."""
        return line.line_id is not None and not line.charge_cents and self._charges[line.line_id] > 0

    def _elsewhere(
        self,
        decision: PostedDecision,
        decisions: Sequence[PostedDecision],
        scopes: dict[Place, AbstractSet[LineId]],
        places: dict[Place, int],
    ) -> set[LineId]:
        """The lines that this payer's other decisions decide, or decided until they were taken back later, and do not call duplicates."""
        found: set[LineId] = set()
        for other in decisions:
            reversal = self._account.reversal_of(other.place) if other.is_reversed else None
            was_gone = reversal is not None and places[reversal.place] < places[decision.place]
            if other.place != decision.place and other.speaker == decision.speaker and not was_gone:
                for line in other.lines:
                    if not line.is_duplicate:
                        found |= _about(line, scopes[other.place])
        return found

    def _explain_first(self, decision: PostedDecision, line: DecidedLine) -> None:
        """The first payer decides on the charge; where that has become less since, so have its adjustments."""
        slot = line.line_id
        wanted = list(self._wanted(decision, line, by_contract=True))
        if slot is not None or len(decision.lines) == 1:
            charge = sum(self._charges.values()) if slot is None else self._charges[slot]
            _reduce(wanted, line.charge_cents - charge)
        self._settle(decision, slot, line.paid_cents, wanted)
        taken = line.paid_cents + sum(each.cents for each in wanted)
        self._open[slot] -= taken
        self._source(decision, OPEN, -taken, slot)
        self._standing.outcomes[decision.place].prior += _prior(line)

    def _explain_beside(self, decision: PostedDecision, line: DecidedLine) -> None:
        """A payer behind decides on what those before it left, and on what they refused where it pays for that: its word alone settles no refusal."""
        slot, is_behind = line.line_id, line.line_id in self._decided
        prior = _prior(line) + sum(each.cents for each in line.said if each.is_beyond_charge)
        is_alone = not (self._paid[slot] or sum(self._adjusted[slot].values()) or prior)
        wanted = [
            each
            for each in self._wanted(decision, line, by_contract=is_alone and decision.is_billed)
            if not each.said.is_beyond_charge or is_alone
        ]
        waits, unanswered = self._share[slot], max(0, self._open[slot])
        if not is_behind and prior > 0:  # whatever it says beside its money hangs on a word that is not here
            wanted = []
        left = max(0, waits) if is_behind else waits + max(0, unanswered - max(0, prior))
        refused, of_others = self._refused_before(slot)
        if wanted or line.paid_cents:
            left += sum(each.cents for each in of_others)
        if line.paid_cents > left:
            left += sum(each.cents for each in refused)
        if is_behind and line.paid_cents > left:
            left += min(unanswered, line.paid_cents - left)
        _leave_out(wanted, self._adjusted[slot], self._repeated(slot, prior))
        _reduce(wanted, line.paid_cents + sum(each.cents for each in wanted) - left)
        self._take(decision, slot, line.paid_cents + sum(each.cents for each in wanted), [*of_others, *refused])
        self._standing.outcomes[decision.place].left += max(0, self._share[slot] - self._before[slot])
        self._settle(decision, slot, line.paid_cents, wanted)

    def _refused_before(self, slot: LineId) -> tuple[list[Refusal], list[Refusal]]:
        """What payers before refused: by their own judgement, and because it was another payer's to decide."""
        here = [
            each
            for each in self._standing.refusals
            if each.kind == "refusal" and (self._is_whole or each.line_id == slot)
        ]
        of_others = [each for each in here if self._guardrails.is_another_payers(each.said)]
        return [each for each in here if each not in of_others], of_others

    def _repeated(self, slot: LineId, prior: int) -> int:
        """How much of the earlier adjustments a payer says again: those that its OA-23 does not hold beside the earlier payments."""
        adjusted = sum(self._adjusted[slot].values())
        return max(0, adjusted - max(0, prior - self._paid[slot]))

    def _take(self, decision: PostedDecision, slot: LineId, cents: int, refused: Sequence[Refusal]) -> None:
        """From where it waited: the shares that are left, what was refused, what nobody has answered. What is beyond all that is owed back."""
        from_share = min(cents, max(0, self._share[slot]))
        self._share[slot] -= from_share
        self._source(decision, NEXT_PAYER, -from_share, slot)
        cents -= from_share
        is_behind = slot in self._decided
        for each in refused if is_behind else ():
            taken = min(cents, each.cents)
            self._settle_refusal(each, taken)
            cents -= taken
        from_open = min(cents, max(0, self._open[slot]))
        self._open[slot] -= from_open
        self._source(decision, OPEN, -from_open, slot)
        beyond = cents - from_open
        self._source(decision, NEXT_PAYER, -beyond, slot)
        if beyond > 0:
            self._standing.beyond.append((decision.payer_id, slot, beyond))

    def _settle_refusal(self, refusal: Refusal, cents: int) -> None:
        """So much of it was answered by a payer behind."""
        if cents <= 0:
            return
        payer = self._decision(refusal.place).payer_id
        self._standing.entries.append(Entry(DENIED, -cents, refusal.line_id, payer, refusal.said.reason))
        refusals = self._standing.refusals
        refusals.remove(refusal)
        if refusal.cents > cents:
            refusals.append(replace(refusal, cents=refusal.cents - cents))

    def _decision(self, place: Place) -> PostedDecision:
        return next(each for each in self._account.decisions if each.place == place)

    def _pool(self) -> None:
        """From here on the claim is read as a whole."""
        for amounts in (self._open, self._share, self._paid):
            whole = sum(amounts.values())
            amounts.clear()
            amounts[None] = whole
        adjusted: Counter[str] = Counter()
        for reasons in self._adjusted.values():
            adjusted.update(reasons)
        self._adjusted = defaultdict(Counter, {None: adjusted})
        if self._decided:
            self._decided.add(None)
        self._is_whole = True

    def _wanted(self, decision: PostedDecision, line: DecidedLine, *, by_contract: bool) -> Iterator[_Wanted]:
        submission = self._account.submission(decision.submission_ordinal)
        is_last = self._account.is_last_payer(decision) and not self._is_followed
        has_next = submission is not None and bool(submission.next_payers) and not is_last
        verdict = self._verdict(decision, line, submission if by_contract else None)
        beyond = verdict.beyond_cents
        for said in line.said:
            if said.is_prior_payers:
                continue
            if is_contractual(said, decision, self._guardrails):
                if verdict.is_refused and verdict.is_contractual_all and said.cents > 0:
                    yield _Wanted("refusal", DENIED, said.cents, said)
                    continue
                within, over = taken_by_contract(said, beyond)
                beyond -= over
                yield _Wanted("contractual", ADJUSTMENT + said.group, within, said)
                yield _Wanted("underpayment", VARIANCE, over, said)
            elif verdict.is_refused and self._guardrails.is_pricing(said) and said.cents > 0:
                yield _Wanted("refusal", DENIED, said.cents, said)
            elif said.carc == PAID_BEFORE and said.group != "PR":
                if said.cents > self._before[line.line_id]:
                    yield _Wanted("refusal", DENIED, said.cents - self._before[line.line_id], said)
            elif self._guardrails.opens_case(said, has_next_payer=has_next):
                yield _Wanted("refusal", DENIED, said.cents, said)
            elif said.group == "PR":
                yield _Wanted("share", self._share_of(decision, line, said), said.cents, said)
            else:
                yield _Wanted("adjustment", ADJUSTMENT + said.group, said.cents, said)

    def _verdict(self, decision: PostedDecision, line: DecidedLine, submission: SubmissionFacts | None) -> Verdict:
        """What the contract says, of a payer that decides first: those behind only take what is left."""
        outcome = self._standing.outcomes[decision.place]
        if line.line_id not in outcome.verdicts:
            case = (decision.place, submission is not None)
            if case not in self._verdicts:
                found = verdicts(decision, submission, self._guardrails)
                self._verdicts[case] = {each.line_id: verdict for each, verdict in found}
            verdict = self._verdicts[case].get(line.line_id) or Verdict(line.charge_cents)
            if (decision.place, line.line_id) in self._added_to:
                merged_ = decision.model_copy(
                    update={"lines": tuple(line if each.line_id == line.line_id else each for each in decision.lines)}
                )
                again = verdicts(merged_, submission, self._guardrails)
                verdict = next(judged for each, judged in again if each.line_id == line.line_id)
            outcome.verdicts[line.line_id] = verdict
            is_first = decision.payer_sequence == SEQUENCES[0]
            outcome.is_all_contractual |= is_first and verdict.expected_cents is None and verdict.takes_all
        return outcome.verdicts[line.line_id]

    def _share_of(self, decision: PostedDecision, line: DecidedLine, said: Said) -> str:
        """It waits while a payer follows: on the claim, or one that the payer itself has sent it on to."""
        if decision.is_forwarded or not self._account.is_last_payer(decision) or self._is_followed:
            return NEXT_PAYER
        remarks = self._remarks | _remarks(decision) | set(line.remarks)
        why = why_not_billable(
            filing_indicator=decision.filing_indicator,
            accepted_by=self._accepted_by,
            carc=said.carc,
            remarks=remarks,
        )
        return UNBILLABLE + why if why else PATIENT

    def _settle(self, decision: PostedDecision, slot: LineId, paid: int, wanted: Sequence[_Wanted]) -> None:
        """What a decision comes to, on the books and for those behind it."""
        outcome = self._standing.outcomes[decision.place]
        outcome.refuses |= any(each.kind == "refusal" for each in wanted)
        outcome.says |= bool(wanted)
        self._pay(decision, paid, slot)
        self._paid[slot] += paid
        for each in wanted:
            if not each.cents:
                continue
            self._standing.entries.append(Entry(each.account, each.cents, slot, decision.payer_id, each.said.reason))
            if each.kind in _REPEATABLE:
                self._adjusted[slot][each.said.reason] += each.cents
            if each.kind == "share":
                outcome.shares[slot] += each.cents
            if each.account == NEXT_PAYER:
                self._share[slot] += each.cents
            if each.kind in ("refusal", "underpayment"):
                kind: RefusalKind = "refusal" if each.kind == "refusal" else "underpayment"
                remarks = tuple(dict.fromkeys((*_line(decision, slot).remarks, *sorted(self._remarks & QMB_REMARKS))))
                self._standing.refusals.append(Refusal(decision.place, slot, each.said, remarks, each.cents, kind))

    def _pay(self, decision: PostedDecision, cents: int, slot: LineId) -> None:
        self._source(decision, PAID, cents, slot)

    def _source(self, decision: PostedDecision, account: str, cents: int, slot: LineId) -> None:
        if cents:
            self._standing.entries.append(Entry(account, cents, slot, decision.payer_id))


def _payers(decisions: Sequence[PostedDecision]) -> Iterator[list[PostedDecision]]:
    """The decisions of each payer, in the order of billing; those who come at the same place in the order in which they were heard first.

    Who is billed first is one whoever it was: a claim that went anew to another payer has one first word.
    """
    for sequence in SEQUENCES:
        by_speaker: dict[str, list[PostedDecision]] = {}
        for each in decisions:
            if each.payer_sequence == sequence:
                by_speaker.setdefault("" if sequence == SEQUENCES[0] else each.speaker, []).append(each)
        yield from by_speaker.values()


def _paid_before(line: DecidedLine) -> int:
    return sum(each.cents for each in line.said if each.carc == PAID_BEFORE and each.group != "PR")


def _scope(decision: PostedDecision, charges: Counter[LineId]) -> AbstractSet[LineId]:
    """The lines that a decision is about: all of the claim's where it names none."""
    named = {each.line_id for each in decision.lines if each.line_id is not None}
    return named or set(charges)


def _about(line: DecidedLine, scope: AbstractSet[LineId]) -> AbstractSet[LineId]:
    return {line.line_id} if line.line_id is not None else scope


def _line(decision: PostedDecision, line_id: LineId) -> DecidedLine:
    empty = DecidedLine(charge_cents=0, paid_cents=0)
    return next((each for each in decision.lines if each.line_id == line_id), empty)


def _remarks(decision: PostedDecision) -> set[str]:
    return {remark for line in decision.lines for remark in line.remarks} | set(decision.remarks)


def _prior(line: DecidedLine) -> int:
    return sum(each.cents for each in line.said if each.is_prior_payers)


def _as_one(parts: Sequence[tuple[PostedDecision, DecidedLine]]) -> tuple[PostedDecision, DecidedLine]:
    """All that a payer says of lines and of the claim, said of the claim."""
    return parts[-1][0], _added_up([line for _, line in parts], None)


def _added_up(lines: Sequence[DecidedLine], line_id: LineId) -> DecidedLine:
    said: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        for each in line.said:
            said[each.group, each.carc] += each.cents
    return DecidedLine(
        line_id=line_id,
        charge_cents=sum(line.charge_cents for line in lines),
        paid_cents=sum(line.paid_cents for line in lines),
        said=tuple(Said(group=group, carc=carc, cents=cents) for (group, carc), cents in said.items() if cents),
        remarks=tuple(dict.fromkeys(remark for line in lines for remark in line.remarks)),
    )


def _leave_out(wanted: Sequence[_Wanted], before: Counter[str], most: int) -> None:
    """Leave out what a payer before has taken for the same reason."""
    for each in wanted:
        if each.kind in _REPEATABLE:
            most -= _cut(each, min(most, before[each.said.reason]))


def _reduce(wanted: Sequence[_Wanted], excess: int) -> None:
    """Take back what is wanted beyond what there is: contractual amounts first, what the patient owes last."""
    if excess <= 0:
        return
    for kind in _FIRST_TO_GO:
        for each in wanted:
            if each.kind == kind:
                excess -= _cut(each, excess)


def _cut(wanted: _Wanted, cents: int) -> int:
    cut = max(0, min(wanted.cents, cents))
    wanted.cents -= cut
    return cut
