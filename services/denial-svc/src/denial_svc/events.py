"""Shared events to domain and back."""

from claimstream_schemas import DenialChanged

from .domain.case import Case


def denial_changed(case: Case, actor: str) -> DenialChanged:
    """A case was opened or moved."""
    return DenialChanged(
        practice_id=case.practice_id,
        claim_id=case.claim_id,
        case_id=case.case_id,
        remittance_id=case.remittance_id,
        state=case.state,
        cause=case.cause,
        route=case.route,
        group=case.group,
        carc=case.carc,
        remarks=case.remarks,
        amount=case.amount,
        answer_by=case.answer_by,
        actor=actor,
    )
