"""Shared events to domain and back."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from claimstream_schemas import (
    AccountChanged,
    ClaimAdjudicated,
    ClaimAssembled,
    ClaimDenied,
    ClaimSubmitted,
    PaymentVariance,
)
from claimstream_schemas.account_changed import EnteredJournal, JournalEntry
from claimstream_schemas.claim_adjudicated import AdjudicatedLine, AdjudicationPerson, SettledRefusal
from claimstream_schemas.claim_denied import DeniedAdjustment
from claimstream_schemas.values.money import cents, from_cents
from claimstream_schemas.values.payment import ClaimPayment

from .domain.account import SEQUENCES, Account, Charge, ExpectedLine, SubmissionFacts
from .domain.decisions import PostedDecision
from .domain.ledger import Journal
from .domain.posting import PaidLine, Settled, Step, variance_of
from .domain.standing import Refusal


def charges_of(event: ClaimAssembled) -> tuple[Charge, ...]:
    """The charges of an assembled claim."""
    return tuple(
        Charge(
            line_id=line.line_id,
            ordinal=line.ordinal,
            service_on=line.service_on,
            procedure=line.procedure,
            cents=cents(line.charge),
        )
        for line in event.lines
    )


def submission_facts(event: ClaimSubmitted, submitted_on: date) -> SubmissionFacts:
    """What the ledger needs of a submission."""
    return SubmissionFacts(
        ordinal=event.submission_ordinal,
        submission_id=event.submission_id,
        payer_sequence=event.payer_sequence,
        payer_id=event.payer.payer_id,
        payer_x12_id=event.payer.x12_id,
        filing_indicator=event.payer.claim_filing_indicator,
        is_institutional=event.kind == "institutional",
        total_cents=cents(event.total_charge),
        lines=tuple(
            ExpectedLine(
                line_id=line.line_id,
                ordinal=line.ordinal,
                procedure=line.procedure,
                revenue_code=line.revenue_code,
                modifiers=line.modifiers,
                units=f"{line.units:f}",
                service_from=line.service_from,
                cents=cents(line.charge),
                allowed_cents=None if line.expected.allowed is None else cents(line.expected.allowed),
                paid_cents=None if line.expected.paid is None else cents(line.expected.paid),
            )
            for line in event.lines
        ),
        next_payers=event.next_payers,
        contract_version=event.contract_version,
        submitted_on=submitted_on,
    )


def account_changed(journals: Sequence[Journal]) -> AccountChanged:
    """Journals of one account were entered."""
    return AccountChanged(
        practice_id=journals[0].practice_id,
        account_id=journals[0].account_id,
        journals=tuple(
            EnteredJournal(
                journal_id=journal.journal_id,
                kind=journal.kind,
                remittance_id=journal.remittance_id,
                entries=tuple(
                    JournalEntry(
                        account=entry.account,
                        amount=from_cents(entry.cents),
                        line_id=entry.line_id,
                        payer_id=entry.payer_id,
                        reason=entry.reason,
                    )
                    for entry in journal.entries
                ),
                entered_at=journal.entered_at,
            )
            for journal in journals
        ),
    )


def claim_adjudicated(
    account: Account, step: Step, payment: ClaimPayment, segments: tuple[str, ...], lines: tuple[PaidLine, ...]
) -> ClaimAdjudicated:
    """What a payer decided, posted; a reversal names what it takes back."""
    posted, taken_back = step.decision, step.takes_back
    submission = account.submission(posted.submission_ordinal)
    is_first = posted.payer_sequence == SEQUENCES[0] and not posted.is_reversal and posted.is_billed
    return ClaimAdjudicated(
        practice_id=account.practice_id,
        claim_id=account.account_id,
        remittance_id=posted.remittance_id,
        payment_ordinal=posted.payment_ordinal,
        submission_ordinal=posted.submission_ordinal,
        payer_sequence=posted.payer_sequence,
        payer_id=posted.payer_id,
        outcome="reversed" if taken_back else posted.outcome,
        status=payment.status,
        charge=payment.charge,
        paid=from_cents(posted.paid_cents),
        patient_responsibility=from_cents(posted.patient_cents),
        denied=from_cents(posted.denied_cents),
        payer_claim_number=payment.payer_claim_number,
        forwarded_to=payment.forwarded_to,
        reverses_remittance_id=taken_back.remittance_id if taken_back else None,
        reverses_payment_ordinal=taken_back.payment_ordinal if taken_back else None,
        unanswered=from_cents(step.standing.unanswered),
        expected_allowed=_dollars(submission.expected_allowed_cents if submission and is_first else None),
        expected_paid=_dollars(submission.expected_paid_cents if submission and is_first else None),
        variance=_dollars(variance_of(posted, step.standing) if is_first else None),
        settles=tuple(_settled(each) for each in step.settles),
        reopens=tuple(_settled(each) for each in step.reopens),
        adjustments=payment.adjustments,
        remarks=payment.remarks,
        lines=tuple(_adjudicated_line(line, step, submission) for line in lines),
        paid_on=posted.paid_on,
        person=AdjudicationPerson(segments=segments),
    )


def _dollars(amount: int | None) -> Decimal | None:
    return None if amount is None else from_cents(amount)


def _settled(settled: Settled) -> SettledRefusal:
    remittance_id, payment_ordinal = settled.place
    return SettledRefusal(
        remittance_id=remittance_id,
        payment_ordinal=payment_ordinal,
        line_id=settled.line_id,
        group=settled.group,
        carc=settled.carc,
        why=settled.why,
        standing=from_cents(settled.standing_cents),
    )


def _adjudicated_line(line: PaidLine, step: Step, submission: SubmissionFacts | None) -> AdjudicatedLine:
    """One line as the payer said it; what all parts of a line of ours come to stands with the first of them."""
    ours = submission.line(line.line_id) if submission else None
    payment, place = line.payment, step.decision.place
    outcome = step.standing.outcomes[place]
    verdict = outcome.verdicts.get(line.line_id)
    is_told = line.is_first and not step.decision.is_reversal
    return AdjudicatedLine(
        line_id=line.line_id,
        procedure=payment.procedure or (ours.procedure if ours else None),
        modifiers=payment.modifiers,
        units=f"{payment.units:f}" if payment.units is not None else ours.units if ours else "1",
        charge=payment.charge,
        paid=payment.paid,
        adjustments=payment.adjustments,
        remarks=payment.remarks,
        patient_responsibility=from_cents(outcome.shares[line.line_id] if is_told else 0),
        denied=from_cents(step.standing.refused(place)[line.line_id] if is_told else 0),
        expected_allowed=_dollars(ours.allowed_cents if ours and is_told else None),
        expected_paid=_dollars(ours.paid_cents if ours and is_told else None),
        variance=_dollars(verdict.variance_cents if verdict and is_told else None),
    )


def claim_denied(account: Account, refused: PostedDecision, refusals: tuple[Refusal, ...]) -> ClaimDenied:
    """A payer refused all or part of the claim, or allowed less than its contract says."""
    submission = account.submission(refused.submission_ordinal)
    lines = submission.lines if submission else ()
    by_line = {line.line_id: line for line in lines}
    days = [line.service_from for line in lines] or [submission.submitted_on if submission else refused.paid_on]
    denied = []
    for refusal in refusals:
        ours = by_line.get(refusal.line_id) if refusal.line_id else None
        denied.append(
            DeniedAdjustment(
                line_id=refusal.line_id,
                procedure=ours.procedure if ours else None,
                service_on=ours.service_from if ours else None,
                kind=refusal.kind,
                group=refusal.said.group,
                carc=refusal.said.carc,
                remarks=refusal.remarks,
                amount=from_cents(refusal.cents),
            )
        )
    return ClaimDenied(
        practice_id=account.practice_id,
        claim_id=account.account_id,
        encounter_id=account.encounter_id,
        control_number=account.control_number or "",
        remittance_id=refused.remittance_id,
        payment_ordinal=refused.payment_ordinal,
        submission_ordinal=refused.submission_ordinal,
        payer_id=refused.payer_id,
        claim_filing_indicator=refused.filing_indicator,
        payer_claim_number=refused.payer_claim_number,
        denied=from_cents(sum(each.cents for each in refusals if each.kind == "refusal")),
        adjustments=tuple(denied),
        claim_remarks=refused.remarks,
        service_from=min(days),
        service_to=max(days),
        paid_on=refused.paid_on,
    )


def payment_variances(account: Account, step: Step) -> Iterator[PaymentVariance]:
    """The lines that were allowed more or less than the contract says, or the claim where it was decided as a whole; what is refused is none."""
    posted = step.decision
    submission = account.submission(posted.submission_ordinal)
    refused = step.standing.refused(posted.place)
    for line_id, verdict in step.standing.outcomes[posted.place].verdicts.items():
        variance = verdict.variance_cents
        if not variance or refused[line_id]:
            continue
        ours = submission.line(line_id) if submission else None
        yield PaymentVariance(
            practice_id=account.practice_id,
            claim_id=account.account_id,
            line_id=line_id or account.account_id,
            remittance_id=posted.remittance_id,
            payer_id=posted.payer_id,
            procedure=ours.procedure if ours else None,
            expected_allowed=from_cents(verdict.allowed_cents - variance),
            allowed=from_cents(verdict.allowed_cents),
            variance=from_cents(variance),
            reason="underpaid" if variance < 0 else "overpaid",
            contract_version=submission.contract_version if submission else None,
        )
