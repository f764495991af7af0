"""All answers to one 837 file, made at once: acknowledgments, remittances, and what the triggers add to them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain

from claimstream_x12 import Envelope, Group, X12Reader, write_interchange
from claimstream_x12.claim_837 import BilledClaim
from claimstream_x12.remittance_835 import GUIDE as GUIDE_835
from claimstream_x12.remittance_835 import ClaimPayment, RemittanceReader, write_remittance

from .acknowledging import (
    RECEIVED_ONLY,
    REFUSALS,
    TAKEN,
    Verdict,
    answer_claims,
    answer_envelope,
    answer_syntax,
    as_sets,
    status_group,
)
from .adjudication import Circumstances, adjudicate
from .memory import Answer, Memory
from .receiving import Received, ReceivedSet
from .remitting import REVERSAL, Occasion, Payable, claim_payment, remittance, reversal, stranger, with_interest
from .rules import RuleFile
from .seeded import Seed

ANSWERS_A_FILE = 100
FIRST_REMITTANCE = 10
MOST_REMITTANCES = 60
REPLACES, VOIDS = "7", "8"


@dataclass
class Answering:
    """Answers one file."""

    rules: RuleFile
    seed: Seed
    memory: Memory
    name: str
    received: Received

    def __post_init__(self) -> None:
        """What all answers to this file share."""
        header = self.received.interchange
        self._number = int(header.control_number) if header and header.control_number.isdecimal() else 0
        self._stem = self.name.removesuffix(".837")
        self._later: list[Payable] = []
        self._remittances = 0
        self._times_billed: Counter[tuple[str, str]] = Counter()
        self._taken_back: set[tuple[str, str]] = set()
        self._read_back: dict[str, dict[str, ClaimPayment]] = {}

    def answers(self) -> list[Answer]:
        """Everything that is to be written for this file, each with the time it takes."""
        refused = self._is_interchange_rejected()
        envelope = answer_envelope(self.received, rejected_by_trigger=refused)
        answers = [self._file("ta1", 0, (), (envelope,), 0.0)] if envelope else []
        if self.received.fault or refused or not self.received.sets:
            return answers
        rejected = frozenset(one.control_number for one in self.received.sets if self._is_set_rejected(one))
        syntax = answer_syntax(self.received, rejected, self._control(1))
        timing = self.rules.timing
        if syntax:
            answers.append(self._file("999", 1, (syntax,), (), timing.acknowledge_after))
        taken = [one for one in self.received.sets if one.sound and one.control_number not in rejected]
        verdicts = {one.control_number: [self._verdict(billed) for billed in one.claims] for one in taken}
        status_sets = [
            status_set
            for one in taken
            for status_set in answer_claims(one, verdicts[one.control_number], self._reference("B", one.control_number))
        ]
        if status_sets:
            group = status_group(self.received, as_sets(status_sets), self._control(2))
            answers.append(self._file("277", 2, (group,), (), timing.acknowledge_after * 2))
        answers += self._pay([verdict for one in taken for verdict in verdicts[one.control_number] if verdict.taken])
        return answers

    def _file(self, kind: str, number: int, groups: Iterable[Group], segments: Iterable[bytes], after: float) -> Answer:
        header = self.received.interchange
        if header is None:
            raise ValueError(self.name)
        envelope = Envelope(
            header.receiver_qualifier, header.receiver, header.sender_qualifier, header.sender,
            self._made(number), control_number=self._control(number), usage=header.usage,
        )  # fmt: skip
        suffix = f"{number:02d}.{kind}" if kind == "835" else kind
        return Answer(f"{self._stem}.{suffix}", write_interchange(envelope, groups, segments), after)

    def _control(self, number: int) -> int:
        return (self._number * ANSWERS_A_FILE + number) % 1_000_000_000 or 1

    def _made(self, number: int) -> datetime:
        return self.received.created + timedelta(minutes=number)

    def _reference(self, *about: str) -> str:
        return self.seed.code(14, self._stem, *about)

    def _is_interchange_rejected(self) -> bool:
        return any(self._begins(billed, self.rules.triggers.interchange_rejected) for billed in self.received.claims)

    def _is_set_rejected(self, one: ReceivedSet) -> bool:
        return any(self._begins(billed, self.rules.triggers.set_rejected) for billed in one.claims)

    @staticmethod
    def _begins(billed: BilledClaim, prefix: str | None) -> bool:
        return bool(prefix) and billed.subscriber.party.id.startswith(prefix or "")

    def _verdict(self, billed: BilledClaim) -> Verdict:
        claim, payer = billed.claim, billed.subscriber.payer.id
        category = self.rules.triggers.refusal(billed.subscriber.party.id)
        if category:
            return Verdict(billed, REFUSALS[category])
        if self._begins(billed, self.rules.triggers.unanswered):
            return Verdict(billed, RECEIVED_ONLY)
        takes_back = ""
        if claim.frequency in {REPLACES, VOIDS}:
            if not self.rules.payer(payer).takes_replacements:
                return Verdict(billed, REFUSALS["no-replacements"])
            takes_back = claim.reference("F8")
            if not self._can_take_back(payer, takes_back, billed.billing.party.id):
                return Verdict(billed, REFUSALS["no-standing-decision"])
            self._taken_back.add((payer, takes_back))
        return Verdict(billed, TAKEN, self._payer_claim_number(payer, claim.control_number), takes_back)

    def _can_take_back(self, payer: str, number: str, payee: str) -> bool:
        return (payer, number) not in self._taken_back and self.memory.stands(payer, number, payee)

    def _payer_claim_number(self, payer: str, control_number: str) -> str:
        """A new one for each claim, also where the bills of one stay share their control number."""
        before = self._times_billed[payer, control_number]
        self._times_billed[payer, control_number] += 1
        again = (str(before),) if before else ()
        return self.seed.code(12, "claim", payer, control_number, self._stem, *again)

    def _pay(self, verdicts: list[Verdict]) -> list[Answer]:
        # A reversal and its correction stay together: what one verdict pays is never divided between remittances.
        by_addressee: dict[tuple[str, str], list[list[Payable]]] = {}
        alone: list[list[Payable]] = []
        for verdict in verdicts:
            payables = self._payables(verdict)
            if self._begins(verdict.billed, self.rules.triggers.unbalanced):
                alone.append(payables)
            else:
                by_addressee.setdefault(payables[0].addressee, []).append(payables)
        most = max(self.rules.timing.claims_a_remittance, -(-len(verdicts) // MOST_REMITTANCES))
        answers = []
        for together in by_addressee.values():
            for start in range(0, len(together), most):
                answers += self._remit(list(chain(*together[start : start + most])), self.rules.timing.pay_after)
        for payables in alone:
            wrong_by = self.rules.surprises.unbalanced_by
            answers += self._remit(payables, self.rules.timing.pay_after, wrong_by=wrong_by)
        again: dict[tuple[str, str], list[Payable]] = {}
        for payable in self._later:
            again.setdefault(payable.addressee, []).append(payable)
        for payables in again.values():
            answers += self._remit(payables, self.rules.timing.again_after)
        return answers

    def _payables(self, verdict: Verdict) -> list[Payable]:
        billed, payer_id = verdict.billed, verdict.billed.subscriber.payer.id
        triggers, surprises = self.rules.triggers, self.rules.surprises
        year_end = date(self.received.created.year, 12, 31)
        payables = []
        if verdict.takes_back:
            self.memory.take_back(payer_id, verdict.takes_back)
            payables.append(reversal(billed, self._told(payer_id, verdict.takes_back), year_end))
        if billed.claim.frequency == VOIDS:
            return payables
        too_much = surprises.left_to_patient if self._begins(billed, triggers.reversed) else Decimal(0)
        payable = Payable(billed, self._decide(verdict, left_to_patient=too_much))
        if self._begins(billed, triggers.reversed):
            wrong = verdict.payer_claim_number
            self.memory.take_back(payer_id, wrong)
            right = replace(verdict, payer_claim_number=self._reference("corrected", wrong), takes_back=wrong)
            self._later += [reversal(billed, payable.payment, year_end), Payable(billed, self._decide(right))]
        if self._begins(billed, triggers.interest):
            payable = with_interest(payable, surprises.interest, year_end)
        return [*payables, payable]

    def _decide(self, verdict: Verdict, *, left_to_patient: Decimal = Decimal(0)) -> ClaimPayment:
        billed, payer_id = verdict.billed, verdict.billed.subscriber.payer.id
        payer, day = self.rules.payer(payer_id), self.received.created.date()
        percent = Decimal(100)
        if self._begins(billed, self.rules.triggers.underpaid):
            percent = self.rules.surprises.underpaid_percent
        elif payer.underpay and self.seed.number(payer.underpay.every, "underpay", billed.claim.control_number) == 0:
            percent = payer.underpay.percent
        number = verdict.payer_claim_number
        decision = adjudicate(billed, payer, Circumstances(payer_id, day, self.memory, percent, left_to_patient))
        self.memory.decide(payer_id, number, billed.billing.party.id, billed.claim.control_number, decision)
        return claim_payment(billed, decision, number, day, corrects=verdict.takes_back)

    def _told(self, payer_id: str, number: str) -> ClaimPayment:
        """The decision that a replacement or void reverses, read back from the remittance that told it."""
        answer = self.memory.remittance(payer_id, number)
        if answer not in self._read_back:
            self._read_back[answer] = {
                payment.payer_control_number: payment
                for one in X12Reader(self.memory.answer(answer)).sets()
                for payment in RemittanceReader(one).payments()
                if payment.status != REVERSAL
            }
        return self._read_back[answer][number]

    def _remit(self, payables: list[Payable], after: float, *, wrong_by: Decimal = Decimal(0)) -> list[Answer]:
        number = FIRST_REMITTANCE + self._remittances
        self._remittances += 1
        triggers, surprises = self.rules.triggers, self.rules.surprises
        payer_id, payee = payables[0].addressee
        made = self._made(number)
        extras = [
            stranger(surprises.stranger_charge, surprises.stranger_paid, self.seed, self._stem, made.date())
            for payable in payables
            if self._begins(payable.billed, triggers.pays_a_stranger) and not payable.is_reversal
        ]
        trace = f"{self._number:09d}{number:02d}{self.seed.code(6, self._stem, str(number))}"
        occasion = Occasion(self.seed, trace, made, self.memory.carried(payer_id, payee), wrong_by)
        told, carried = remittance(payables, extras, occasion)
        self.memory.carry(payer_id, payee, carried)
        content = write_remittance(told, f"{number:04d}", checked=False)  # one of them must not balance
        answer = self._file("835", number, (self._remittance_group(content, number),), (), after)
        for payable in payables:
            if not payable.is_reversal:
                self.memory.tell(payer_id, payable.payment.payer_control_number, answer.name)
        if not any(self._begins(payable.billed, triggers.dropped_twice) for payable in payables):
            return [answer]
        copy_number = FIRST_REMITTANCE + self._remittances
        self._remittances += 1
        copy = write_remittance(told, f"{copy_number:04d}", checked=False)
        again = self._file(
            "835", copy_number, (self._remittance_group(copy, copy_number),), (), self.rules.timing.again_after
        )
        return [answer, replace(again, name=again.name.replace(".835", ".copy.835"))]

    def _remittance_group(self, content: bytes, number: int) -> Group:
        first = self.received.sets[0].group
        return Group(
            "HP", first.receiver, first.sender, self._made(number), self._control(number), GUIDE_835, [content]
        )
