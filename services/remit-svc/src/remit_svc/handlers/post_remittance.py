"""A remittance is complete: all of it is posted in one transaction, or it is quarantined whole.

Balance comes first (line, claim, transaction). Then each payment is tied to the submission it answers; what fits none of ours goes
to suspense. A reversal must be the exact negation of what it takes back, else it is suspended with the difference. What a claim is paid
beyond what is owed on it becomes a credit (``domain/books.py``).
"""

import asyncio
from dataclasses import dataclass, replace
from uuid import UUID

from claimstream_kit.failpoints import failpoint
from claimstream_schemas import EraReceived
from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.money import cents
from claimstream_schemas.values.payment import ClaimPayment, ProviderAdjustment, RemittanceHeader

from ..domain.account import Account, KeptEntry, PostedDecision, SubmissionFacts
from ..domain.balancing import imbalances
from ..domain.books import change
from ..domain.deciding import Decision, decide, is_negation, outcome_of
from ..domain.guardrails import Guardrails
from ..domain.ledger import CASH, PLB, REMITTED, SUSPENSE, Entry, Journal, merged, negated
from ..domain.matching import match_lines, submission_of
from ..domain.reversing import as_original, original_of
from ..events import account_changed, claim_adjudicated, claim_denied, payment_variances
from ..store import Remittance, RemitUnit

MID_POSTING = failpoint("remit.mid-posting", "some payments of a remittance are posted, the rest are still to come")

SLICE = 200
"""Payments worked on before the event loop gets its turn: the consumer's heartbeat must live."""


class FactMissing(Exception):
    """A payment is about a claim of ours whose submission has not been heard of yet."""


@dataclass(frozen=True)
class CompleteSet:
    """A remittance with all its chunks."""

    remittance: Remittance
    header: RemittanceHeader
    provider_adjustments: tuple[ProviderAdjustment, ...]
    payments: tuple[tuple[ClaimPayment, tuple[str, ...]], ...]
    """Each payment with its own segments."""


async def post_remittance(remittance: Remittance, unit: RemitUnit, guardrails: Guardrails) -> Remittance:
    """Post it, or say why not.

    Raises:
        FactMissing: a submission it answers is not known here yet; nothing was changed.
    """
    whole = await _read_set(remittance, unit)
    if reason := await _conflict(remittance, unit):
        return _settle(replace(remittance, state="conflict", reason=reason), unit)
    if reason := _contradiction(whole):
        return _settle(replace(remittance, state="quarantined", reason=reason), unit)
    faults = imbalances(whole.header, [payment for payment, _ in whole.payments], whole.provider_adjustments)
    if faults:
        worst = next((each for each in faults if each.place.startswith("BPR02")), faults[0])
        reason = "; ".join(str(each) for each in faults[:5])
        unbalanced = replace(remittance, state="quarantined", reason=reason, missing_cents=worst.missing_cents)
        return _settle(unbalanced, unit)
    await _load_accounts(whole, unit)
    poster = _Poster(whole, unit, guardrails)
    for number, (payment, segments) in enumerate(whole.payments):
        if number % SLICE == SLICE - 1:
            await asyncio.sleep(0)
        await poster.post(payment, segments)
        MID_POSTING.reached()
    poster.close()
    return _settle(replace(remittance, state="posted", posted_at=unit.clock.now()), unit)


def _settle(remittance: Remittance, unit: RemitUnit) -> Remittance:
    unit.remittances.put(remittance)
    return remittance


async def _read_set(remittance: Remittance, unit: RemitUnit) -> CompleteSet:
    rows = await unit.connection.fetch(
        "SELECT document FROM remittance_chunks WHERE practice = $1 AND remittance_id = $2 ORDER BY chunk",
        remittance.practice,
        remittance.id,
    )
    chunks = [EraReceived.model_validate(row["document"]) for row in rows]
    payments = [
        (payment, chunk.person.segments[place] if place < len(chunk.person.segments) else ())
        for chunk in chunks
        for place, payment in enumerate(chunk.payments)
    ]
    return CompleteSet(remittance, chunks[0].header, chunks[0].provider_adjustments, tuple(payments))


def _contradiction(whole: CompleteSet) -> str | None:
    """Whether the set is what it says it is: each payment once, and as many as were announced."""
    ordinals = [payment.ordinal for payment, _ in whole.payments]
    if len(ordinals) != whole.remittance.payments:
        return f"{whole.remittance.payments} payments were announced, {len(ordinals)} came"
    if len(set(ordinals)) != len(ordinals):
        return "two payments have the same place in the set"
    return None


async def _conflict(remittance: Remittance, unit: RemitUnit) -> str | None:
    """A paid trace with another body is a conflict; a zero-pay trace may be used again (X12 RFI 1847, 604)."""
    if remittance.amount_cents == 0:
        return None
    for settled in unit.remittances.loaded():
        if settled.state == "posted" and settled.is_another_with_the_trace_of(remittance):
            return _conflicting(remittance, settled.file_name)
    other = await unit.connection.fetchrow(
        "SELECT file_name FROM remittances WHERE practice = $1 AND trace_originator = $2 AND trace_number = $3 AND paid_on = $4"
        " AND amount_cents = $5 AND payee = $6 AND id <> $7 AND state = 'posted'",
        remittance.practice,
        remittance.trace_originator,
        remittance.trace_number,
        remittance.paid_on,
        remittance.amount_cents,
        remittance.payee,
        remittance.id,
    )
    if other is None:
        return None
    return _conflicting(remittance, other["file_name"])


def _conflicting(remittance: Remittance, file_name: str) -> str:
    return f"trace {remittance.trace_number} was posted from {file_name} with another content"


async def _load_accounts(whole: CompleteSet, unit: RemitUnit) -> None:
    practice = whole.remittance.practice
    claims = [payment.claim_id for payment, _ in whole.payments if payment.claim_id is not None]
    await unit.accounts.load([(practice, claim) for claim in claims])
    for payment, _ in whole.payments:
        if payment.claim_id is None:
            continue
        account = await unit.accounts.get(practice, payment.claim_id)
        known = account is not None and account.submissions
        ordinal = payment.submission_ordinal
        if account is None or not known or (ordinal is not None and account.submission(ordinal) is None):
            raise FactMissing


class _Poster:
    """Posts one set's payments, and in the end the set's own journal."""

    def __init__(self, whole: CompleteSet, unit: RemitUnit, guardrails: Guardrails) -> None:
        self._whole = whole
        self._unit = unit
        self._guardrails = guardrails
        self._paid = 0
        self._suspense = 0

    async def post(self, payment: ClaimPayment, segments: tuple[str, ...]) -> None:
        remittance = self._whole.remittance
        account = await self._unit.accounts.get(remittance.practice, payment.claim_id) if payment.claim_id else None
        if account is None:
            self._suspend(payment, None, f"no claim of ours has the number that CLP {payment.ordinal} names")
            return
        submission = submission_of(account, payment, self._whole.header.payer_x12_id)
        if submission is None or account.knows(remittance.id, payment.ordinal):
            return
        if payment.is_reversal:
            self._post_reversal(payment, segments, account, submission)
        else:
            decision = decide(payment, submission, match_lines(payment, submission), self._guardrails)
            self._post_decision(payment, segments, account, submission, decision)

    def _post_decision(
        self,
        payment: ClaimPayment,
        segments: tuple[str, ...],
        account: Account,
        submission: SubmissionFacts,
        decision: Decision,
    ) -> None:
        posted = self._posted(payment, submission, decision, outcome_of(payment, decision))
        after = account.decided(posted)
        self._enter(account.account_id, payment.ordinal, "payment", change(account, after))
        self._unit.accounts.put(after)
        self._unit.publish(claim_adjudicated(account, posted, payment, decision, segments))
        if decision.refusals:
            self._unit.publish(claim_denied(account, posted, payment, decision, submission))
        for variance in payment_variances(account, posted, decision, submission):
            self._unit.publish(variance)
        reason = f"{len(decision.unmatched)} lines fit none of ours" if decision.unmatched else None
        self._keep(payment, posted, decision.suspense_cents, reason)

    def _post_reversal(
        self, payment: ClaimPayment, segments: tuple[str, ...], account: Account, submission: SubmissionFacts
    ) -> None:
        mirrored = as_original(payment)
        original = original_of(account, mirrored, submission)
        decision = decide(mirrored, submission, match_lines(mirrored, submission), self._guardrails)
        entries = tuple(Entry(**dict(each)) for each in original.entries) if original else ()
        if original is None or not is_negation(negated(decision.entries), entries):
            difference = decision.paid_cents - (original.paid_cents if original else 0)
            self._suspend(payment, account, f"the reversal differs from what it takes back by {difference} cents")
            return
        posted = self._posted(payment, submission, decision, "reversed", sign=-1)
        after = account.reverse(original).decided(posted)
        self._enter(account.account_id, payment.ordinal, "reversal", change(account, after))
        self._unit.accounts.put(after)
        self._unit.publish(claim_adjudicated(account, posted, payment, decision, segments, original))
        reason = f"{len(decision.unmatched)} lines that fit none of ours are taken back" if decision.unmatched else None
        self._keep(payment, posted, -decision.suspense_cents, reason)

    def _posted(
        self, payment: ClaimPayment, submission: SubmissionFacts, decision: Decision, outcome: str, *, sign: int = 1
    ) -> PostedDecision:
        self._paid += sign * decision.paid_cents
        return PostedDecision(
            remittance_id=self._whole.remittance.id,
            payment_ordinal=payment.ordinal,
            submission_ordinal=submission.ordinal,
            payer_sequence=submission.payer_sequence,
            payer_id=submission.payer_id,
            outcome=outcome,
            status=payment.status,
            charge_cents=cents(payment.charge),
            paid_cents=sign * decision.paid_cents,
            denied_cents=sign * decision.denied_cents,
            patient_cents=sign * decision.patient_cents,
            payer_claim_number=payment.payer_claim_number,
            paid_on=self._whole.header.paid_on,
            entries=tuple(KeptEntry(**vars(each)) for each in decision.entries),
        )

    def _enter(self, account_id: UUID, ordinal: int, kind: str, entries: tuple[Entry, ...]) -> None:
        remittance = self._whole.remittance
        journal = Journal(
            practice_id=remittance.practice,
            journal_id=id_of("journal", remittance.practice, kind, remittance.id, ordinal),
            account_id=account_id,
            kind="reversal" if kind == "reversal" else "remittance" if kind == "remittance" else "payment",
            entries=entries,
            entered_at=self._unit.clock.now(),
            remittance_id=remittance.id,
        )
        if entries:
            self._unit.enter(journal)
            self._unit.publish(account_changed(journal))

    def _suspend(self, payment: ClaimPayment, account: Account | None, reason: str) -> None:
        self._suspense += cents(payment.paid)
        self._unit.payments.add(
            practice=self._whole.remittance.practice,
            remittance_id=self._whole.remittance.id,
            ordinal=payment.ordinal,
            claim_id=account.claim_id if account else None,
            payer_sequence=None,
            outcome="suspended",
            paid_cents=0,
            denied_cents=0,
            patient_cents=0,
            suspense_cents=cents(payment.paid),
            reason=reason,
        )

    def _keep(self, payment: ClaimPayment, posted: PostedDecision, suspense: int, reason: str | None) -> None:
        self._suspense += suspense
        self._unit.payments.add(
            practice=self._whole.remittance.practice,
            remittance_id=posted.remittance_id,
            ordinal=payment.ordinal,
            claim_id=payment.claim_id,
            payer_sequence=posted.payer_sequence,
            outcome=posted.outcome,
            paid_cents=posted.paid_cents,
            denied_cents=posted.denied_cents,
            patient_cents=posted.patient_cents,
            suspense_cents=suspense,
            reason=reason,
        )

    def close(self) -> None:
        """Cash came, provider adjustments were kept back, and the rest was for claims, or is in suspense."""
        header = self._whole.header
        entries = [Entry(CASH, cents(header.amount)), Entry(REMITTED, -self._paid), Entry(SUSPENSE, -self._suspense)]
        entries += [Entry(PLB, cents(each.amount), reason=each.reason) for each in self._whole.provider_adjustments]
        self._enter(self._whole.remittance.id, 0, "remittance", merged(entries))
