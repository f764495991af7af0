"""All answers to one 837 file, made at once: acknowledgments, remittances, and what the triggers add to them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

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
from .remitting import Occasion, Payable, claim_payment, remittance, reversal, stranger, with_interest
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
        if claim.frequency in {REPLACES, VOIDS} and self.memory.decision(payer, claim.control_number) is None:
            return Verdict(billed, REFUSALS["F8"])
        return Verdict(billed, TAKEN, self.seed.code(12, "claim", payer, claim.control_number, self._stem))

    def _pay(self, verdicts: list[Verdict]) -> list[Answer]:
        by_addressee: dict[tuple[str, str], list[Payable]] = {}
        alone: list[Payable] = []
        for verdict in verdicts:
            for payable in self._payables(verdict):
                if self._begins(payable.billed, self.rules.triggers.unbalanced):
                    alone.append(payable)
                else:
                    by_addressee.setdefault(payable.addressee, []).append(payable)
        most = max(self.rules.timing.claims_a_remittance, -(-len(verdicts) // MOST_REMITTANCES))
        answers = []
        for payables in by_addressee.values():
            for start in range(0, len(payables), most):
                answers += self._remit(payables[start : start + most], self.rules.timing.pay_after)
        for payable in alone:
            wrong_by = self.rules.surprises.unbalanced_by
            answers += self._remit([payable], self.rules.timing.pay_after, wrong_by=wrong_by)
        again: dict[tuple[str, str], list[Payable]] = {}
        for payable in self._later:
            again.setdefault(payable.addressee, []).append(payable)
        for payables in again.values():
            answers += self._remit(payables, self.rules.timing.again_after)
        return answers

    def _payables(self, verdict: Verdict) -> list[Payable]:
        billed, payer_id = verdict.billed, verdict.billed.subscriber.payer.id
        triggers, surprises = self.rules.triggers, self.rules.surprises
        frequency = billed.claim.frequency
        payables = []
        if frequency in {REPLACES, VOIDS}:
            payables.append(Payable(billed, reversal(self._standing(payer_id, billed.claim.control_number))))
        if frequency == VOIDS:
            self.memory.decided(payer_id, billed.claim.control_number, None)
            return payables
        too_much = surprises.left_to_patient if self._begins(billed, triggers.reversed) else Decimal(0)
        payable = Payable(billed, self._decide(verdict, left_to_patient=too_much))
        if self._begins(billed, triggers.reversed):
            right = self._decide(
                replace(verdict, payer_claim_number=self._reference("corrected", billed.claim.control_number))
            )
            self._later += [Payable(billed, reversal(payable.payment)), Payable(billed, right)]
        if self._begins(billed, triggers.interest):
            payable = with_interest(payable, surprises.interest, date(self.received.created.year, 12, 31))
        return [*payables, payable]

    def _decide(self, verdict: Verdict, *, left_to_patient: Decimal = Decimal(0)) -> ClaimPayment:
        billed, payer_id = verdict.billed, verdict.billed.subscriber.payer.id
        payer, day = self.rules.payer(payer_id), self.received.created.date()
        percent = Decimal(100)
        if self._begins(billed, self.rules.triggers.underpaid):
            percent = self.rules.surprises.underpaid_percent
        elif payer.underpay and self.seed.number(payer.underpay.every, "underpay", billed.claim.control_number) == 0:
            percent = payer.underpay.percent
        around = Circumstances(payer_id, day, self.memory, percent, left_to_patient)
        return claim_payment(billed, adjudicate(billed, payer, around), verdict.payer_claim_number, day)

    def _standing(self, payer_id: str, control_number: str) -> ClaimPayment:
        """The decision that a replacement or void reverses, read back from the remittance that told it."""
        answer = self.memory.decision(payer_id, control_number)
        if answer is None:
            raise LookupError(control_number)
        found = [
            payment
            for one in X12Reader(self.memory.answer(answer)).sets()
            for payment in RemittanceReader(one).payments()
            if payment.control_number == control_number and payment.status != "22"
        ]
        return found[-1]

    def _remit(self, payables: list[Payable], after: float, *, wrong_by: Decimal = Decimal(0)) -> list[Answer]:
        number = FIRST_REMITTANCE + self._remittances
        self._remittances += 1
        triggers, surprises = self.rules.triggers, self.rules.surprises
        payer_id, payee = payables[0].addressee
        made = self._made(number)
        extras = [
            stranger(surprises.stranger_charge, surprises.stranger_paid, self.seed, self._stem, made.date())
            for payable in payables
            if self._begins(payable.billed, triggers.pays_a_stranger)
        ]
        trace = f"{self._number:09d}{number:02d}{self.seed.code(6, self._stem, str(number))}"
        occasion = Occasion(self.seed, trace, made, self.memory.carried(payer_id, payee), wrong_by)
        told, carried = remittance(payables, extras, occasion)
        self.memory.carry(payer_id, payee, carried)
        content = write_remittance(told, f"{number:04d}", checked=False)  # one of them must not balance
        answer = self._file("835", number, (self._remittance_group(content, number),), (), after)
        for payable in payables:
            if payable.payment.status != "22":
                self.memory.decided(payer_id, payable.payment.control_number, answer.name)
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
