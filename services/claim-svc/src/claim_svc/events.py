"""Shared events to domain and back."""

from decimal import Decimal

from claimstream_schemas import (
    ClaimAdjudicated,
    ClaimAssembled,
    ClaimHeld,
    ClaimReleased,
    ClaimSubmitted,
    EncounterCoded,
)
from claimstream_schemas.claim_assembled import AssembledLine
from claimstream_schemas.values.claim import (
    ClaimPatient,
    ClaimPayer,
    OtherCoverage,
    PayerSequence,
    PriorLine,
    PriorPayment,
    RuleFinding,
    SubmissionPerson,
    SubmittedLine,
)
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.identifiers import line_control_number, submission_id
from claimstream_schemas.values.money import ZERO
from claimstream_schemas.values.practice import Practice

from .domain.billing_identity import billing_provider, service_facility
from .domain.claim import SEQUENCES, Claim, ClaimContent
from .domain.contracts import Terms
from .domain.correction import Correction
from .domain.decisions import Decision, LineDecision
from .domain.filing_limit import filing_limit
from .domain.frequency import frequency_of
from .domain.pricing import contract_version, expected_for
from .domain.rules import RulePacks


def claim_assembled(claim: Claim) -> ClaimAssembled:
    """The claim's charges go on the books."""
    content = claim.content
    return ClaimAssembled(
        practice_id=claim.practice_id,
        account_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        encounter_version=content.encounter_version,
        claim_id=claim.claim_id,
        control_number=claim.control_number,
        kind=content.kind,
        state="released" if claim.state == "released" else "held",
        payers=tuple(coverage.payer_id for coverage in content.coverages),
        lines=assembled_lines(content.lines),
        total_charge=content.total_charge,
        patient_paid=claim.patient_paid,
    )


def assembled_lines(lines: tuple[ChargeLine, ...]) -> tuple[AssembledLine, ...]:
    """Lines as charges."""
    return tuple(
        AssembledLine(
            line_id=line.line_id,
            ordinal=line.ordinal,
            service_on=line.service_from,
            procedure=line.procedure,
            charge=line.charge,
        )
        for line in lines
    )


def self_pay_assembled(event: EncounterCoded) -> ClaimAssembled:
    """A self-pay visit's charges go on the books of the patient, or of the guarantor."""
    return ClaimAssembled(
        practice_id=event.practice_id,
        account_id=event.encounter_id,
        encounter_id=event.encounter_id,
        encounter_version=event.encounter_version,
        kind=event.kind,
        state="self_pay",
        responsible="guarantor" if event.person.guarantor else "patient",
        lines=assembled_lines(event.lines),
        total_charge=sum((line.charge for line in event.lines), ZERO),
        patient_paid=event.facts.patient_paid or None,
    )


def self_pay_ended(event: EncounterCoded, *, at_desk: Decimal | None = None) -> ClaimAssembled:
    """A newer version has a coverage, or the visit ended: nothing is owed as self-pay any more; ``at_desk`` is not given back yet."""
    facts = event.facts.model_copy(update={"patient_paid": at_desk})
    return self_pay_assembled(event.model_copy(update={"lines": (), "facts": facts}))


def self_pay_of(correction: Correction) -> ClaimAssembled:
    """A visit whose payers were taken back is the patient's own to pay."""
    content = correction.content
    return ClaimAssembled(
        practice_id=correction.practice_id,
        account_id=correction.encounter_id,
        encounter_id=correction.encounter_id,
        encounter_version=correction.encounter_version,
        kind=content.kind,
        state="self_pay",
        lines=assembled_lines(content.lines),
        total_charge=content.total_charge,
        patient_paid=content.facts.patient_paid or None,
    )


def claim_held(claim: Claim, actor: str) -> ClaimHeld:
    """What stands against the claim."""
    return ClaimHeld(
        practice_id=claim.practice_id,
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        findings=claim.findings,
        actor=actor,
    )


def claim_released(claim: Claim, held_by: tuple[RuleFinding, ...], reason: str, actor: str) -> ClaimReleased:
    """Nothing stands against the claim any more."""
    return ClaimReleased(
        practice_id=claim.practice_id,
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        rules=tuple(sorted({finding.rule for finding in held_by})),
        reason=reason,
        actor=actor,
    )


def claim_submitted(  # noqa: PLR0913  the claim, to whom, by what, and what was agreed
    claim: Claim,
    sequence: PayerSequence,
    practice: Practice,
    packs: RulePacks,
    terms: Terms | None,
    *,
    void: bool = False,
) -> ClaimSubmitted:
    """The claim's next submission, to the payer of this sequence, complete. ``terms``: what was agreed with it, where that is known."""
    content = claim.content
    place = SEQUENCES.index(sequence)
    payer = practice.payer(content.coverages[place].payer_id)
    if payer is None:
        msg = f"claim {claim.claim_id}: the practice does not know its payer"
        raise LookupError(msg)
    ordinal = claim.submissions + 1
    frequency = frequency_of(claim, sequence, payer, void=void)
    others = [number for number in range(len(content.coverages)) if number != place]
    subscriber = content.subscribers[place]
    return ClaimSubmitted(
        practice_id=claim.practice_id,
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        control_number=claim.control_number,
        submission_id=submission_id(claim.practice_id, claim.claim_id, ordinal),
        submission_ordinal=ordinal,
        payer_sequence=sequence,
        frequency_code=frequency.code,
        original_payer_claim_number=frequency.original_number,
        kind=content.kind,
        billing_provider=billing_provider(content, practice),
        payer=content.payers[place],
        facility=service_facility(content, practice),
        place_of_service=content.place_of_service,
        providers=content.providers,
        diagnoses=content.diagnoses,
        lines=tuple(_submitted_line(claim, line, ordinal, terms) for line in content.lines),
        stay=content.stay,
        facts=content.facts,
        statement_from=content.started_on,
        statement_to=content.ended_on,
        total_charge=content.total_charge,
        other_coverages=tuple(_other_coverage(claim, number, is_before=number < place) for number in others),
        next_payers=tuple(coverage.payer_id for coverage in content.coverages[place + 1 :]),
        contract_version=contract_version(terms),
        rule_pack_versions=packs.versions(
            payer, content.payers[place].claim_filing_indicator, content.kind, content.judged_on
        ),
        timely_filing_limit=filing_limit(content, payer),
        person=SubmissionPerson(
            patient=_patient(content),
            subscriber=subscriber,
            other_subscribers=tuple(content.subscribers[number] for number in others),
        ),
    )


def _submitted_line(claim: Claim, line: ChargeLine, ordinal: int, terms: Terms | None) -> SubmittedLine:
    return SubmittedLine(
        **dict(line),
        line_control_number=line_control_number(claim.control_number, ordinal, line.ordinal),
        expected=expected_for(line, terms),
    )


def _other_coverage(claim: Claim, number: int, *, is_before: bool) -> OtherCoverage:
    """Another payer; what it decided only where it comes before the one that is billed: a later one builds on what is decided now."""
    sequence = SEQUENCES[number]
    payer = claim.content.payers[number]
    decision = claim.standing_decision(sequence) if is_before else None
    return OtherCoverage(
        payer=payer, payer_sequence=sequence, decision=_prior_payment(decision, payer) if decision else None
    )


def _prior_payment(decision: Decision, payer: ClaimPayer) -> PriorPayment:
    return PriorPayment(
        payer=payer,
        payer_sequence=decision.payer_sequence,
        paid=decision.paid,
        patient_liability=decision.patient_responsibility,
        adjustments=decision.adjustments,
        lines=tuple(
            PriorLine(
                line_id=line.line_id,
                procedure=line.procedure,
                modifiers=line.modifiers,
                units=line.units,
                paid=line.paid,
                adjustments=line.adjustments,
            )
            for line in decision.lines
        ),
        decided_on=decision.paid_on,
        payer_claim_number=decision.payer_claim_number,
    )


def _patient(content: ClaimContent) -> ClaimPatient:
    patient = content.patient
    return ClaimPatient(
        last=patient.name.last,
        first=patient.name.first,
        middle=patient.name.middle,
        suffix=patient.name.suffix,
        birth_date=patient.birth_date,
        sex=patient.sex,
        address=patient.address,
        death_date=patient.death_date,
        medical_record_number=patient.medical_record_number,
    )


def decision_of(event: ClaimAdjudicated) -> Decision:
    """What a payer decided, as the claim keeps it."""
    return Decision(
        remittance_id=event.remittance_id,
        payment_ordinal=event.payment_ordinal,
        submission_ordinal=event.submission_ordinal,
        payer_sequence=event.payer_sequence,
        payer_id=event.payer_id,
        outcome=event.outcome,
        paid=event.paid,
        patient_responsibility=event.patient_responsibility,
        denied=event.denied,
        payer_claim_number=event.payer_claim_number,
        adjustments=event.adjustments,
        remarks=event.remarks,
        lines=tuple(
            LineDecision(
                line_id=line.line_id,
                procedure=line.procedure,
                modifiers=line.modifiers,
                units=line.units,
                charge=line.charge,
                paid=line.paid,
                adjustments=line.adjustments,
                remarks=line.remarks,
            )
            for line in event.lines
        ),
        unanswered=event.unanswered or ZERO,
        reverses_remittance_id=event.reverses_remittance_id,
        reverses_payment_ordinal=event.reverses_payment_ordinal,
        paid_on=event.paid_on,
    )
