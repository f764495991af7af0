"""Shared events to domain and back."""

from datetime import date

from claimstream_schemas import (
    AccountChanged,
    ClaimAdjudicated,
    ClaimAssembled,
    ClaimDenied,
    ClaimSubmitted,
    PaymentVariance,
)
from claimstream_schemas.account_changed import JournalEntry
from claimstream_schemas.claim_adjudicated import AdjudicatedLine, AdjudicationPerson
from claimstream_schemas.claim_denied import DeniedAdjustment
from claimstream_schemas.values.money import cents, from_cents
from claimstream_schemas.values.payment import ClaimPayment

from .domain.account import Account, Charge, ExpectedLine, PostedDecision, SubmissionFacts
from .domain.deciding import Decision, LineResult
from .domain.ledger import Journal


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
        total_cents=cents(event.total_charge),
        lines=tuple(
            ExpectedLine(
                line_id=line.line_id,
                ordinal=line.ordinal,
                procedure=line.procedure,
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


def account_changed(journal: Journal) -> AccountChanged:
    """A journal was entered."""
    return AccountChanged(
        practice_id=journal.practice_id,
        account_id=journal.account_id,
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


def claim_adjudicated(  # noqa: PLR0913  the decision from each side
    account: Account,
    posted: PostedDecision,
    payment: ClaimPayment,
    decision: Decision,
    segments: tuple[str, ...],
    taken_back: PostedDecision | None = None,
) -> ClaimAdjudicated:
    """What a payer decided, posted; ``taken_back`` is what a reversal reverses."""
    return ClaimAdjudicated(
        practice_id=account.practice_id,
        claim_id=account.account_id,
        remittance_id=posted.remittance_id,
        payment_ordinal=posted.payment_ordinal,
        submission_ordinal=posted.submission_ordinal,
        payer_sequence=posted.payer_sequence,
        payer_id=posted.payer_id,
        outcome=posted.outcome,
        status=payment.status,
        charge=payment.charge,
        paid=from_cents(posted.paid_cents),
        patient_responsibility=from_cents(posted.patient_cents),
        denied=from_cents(posted.denied_cents),
        payer_claim_number=payment.payer_claim_number,
        forwarded_to=payment.forwarded_to,
        reverses_remittance_id=taken_back.remittance_id if taken_back else None,
        reverses_payment_ordinal=taken_back.payment_ordinal if taken_back else None,
        adjustments=payment.adjustments,
        remarks=payment.remarks,
        lines=tuple(_adjudicated_line(line) for line in decision.lines),
        paid_on=posted.paid_on,
        person=AdjudicationPerson(segments=segments),
    )


def _adjudicated_line(line: LineResult) -> AdjudicatedLine:
    ours, payment = line.ours, line.payment
    return AdjudicatedLine(
        line_id=ours.line_id,
        procedure=payment.procedure or ours.procedure,
        modifiers=payment.modifiers,
        units=f"{payment.units:f}" if payment.units is not None else ours.units,
        charge=payment.charge,
        paid=payment.paid,
        adjustments=payment.adjustments,
        remarks=payment.remarks,
        patient_responsibility=from_cents(line.patient_cents),
        denied=from_cents(line.denied_cents),
        expected_allowed=None if ours.allowed_cents is None else from_cents(ours.allowed_cents),
        expected_paid=None if ours.paid_cents is None else from_cents(ours.paid_cents),
        variance=None if line.variance_cents is None else from_cents(line.variance_cents),
    )


def claim_denied(
    account: Account, posted: PostedDecision, payment: ClaimPayment, decision: Decision, submission: SubmissionFacts
) -> ClaimDenied:
    """A payer refused all or part of the claim."""
    by_line = {line.line_id: line for line in submission.lines}
    days = [line.service_from for line in submission.lines] or [payment.service_from or submission.submitted_on]
    refused = []
    for refusal in decision.refusals:
        ours = by_line.get(refusal.line_id) if refusal.line_id else None
        refused.append(
            DeniedAdjustment(
                line_id=refusal.line_id,
                procedure=ours.procedure if ours else None,
                service_on=ours.service_from if ours else None,
                group=refusal.adjustment.group,
                carc=refusal.adjustment.carc,
                remarks=refusal.remarks,
                amount=from_cents(refusal.amount_cents),
            )
        )
    return ClaimDenied(
        practice_id=account.practice_id,
        claim_id=account.account_id,
        encounter_id=account.encounter_id,
        control_number=account.control_number or "",
        remittance_id=posted.remittance_id,
        payment_ordinal=posted.payment_ordinal,
        submission_ordinal=posted.submission_ordinal,
        payer_id=posted.payer_id,
        payer_claim_number=payment.payer_claim_number,
        denied=from_cents(posted.denied_cents),
        adjustments=tuple(refused),
        claim_remarks=payment.remarks,
        service_from=min(days),
        service_to=max(days),
        paid_on=posted.paid_on,
    )


def payment_variances(
    account: Account, posted: PostedDecision, decision: Decision, submission: SubmissionFacts
) -> list[PaymentVariance]:
    """The lines that were allowed more or less than the contract says; a refused line is a denial, not a variance."""
    return [
        PaymentVariance(
            practice_id=account.practice_id,
            claim_id=account.account_id,
            line_id=line.ours.line_id,
            remittance_id=posted.remittance_id,
            payer_id=posted.payer_id,
            procedure=line.ours.procedure,
            expected_allowed=from_cents(line.ours.allowed_cents or 0),
            allowed=from_cents(line.allowed_cents),
            variance=from_cents(line.variance_cents),
            reason="underpaid" if line.variance_cents < 0 else "overpaid",
            contract_version=submission.contract_version,
        )
        for line in decision.lines
        if line.variance_cents and not line.denied_cents
    ]
