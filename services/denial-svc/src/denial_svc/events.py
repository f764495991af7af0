"""Shared events to domain and back."""

from decimal import Decimal

from claimstream_schemas import ClaimAdjudicated, ClaimDenied, DenialChanged
from claimstream_schemas.claim_adjudicated import SettledRefusal

from .domain.case import Case
from .domain.refusal import Place, Refusal
from .domain.settling import Reversal, Settlement


def refusals_of(event: ClaimDenied) -> list[Refusal]:
    """Each refused adjustment, with the remarks of its line and of the whole claim."""
    return [
        Refusal(
            place=Place(
                practice_id=event.practice_id,
                claim_id=event.claim_id,
                remittance_id=event.remittance_id,
                payment_ordinal=event.payment_ordinal,
                line_id=each.line_id,
                group=each.group,
                carc=each.carc,
            ),
            amount=each.amount,
            remarks=tuple(dict.fromkeys((*each.remarks, *event.claim_remarks))),
            procedure=each.procedure,
            kind=each.kind,
            filing_indicator=event.claim_filing_indicator,
        )
        for each in event.adjustments
    ]


def reversal_of(event: ClaimAdjudicated) -> Reversal | None:
    """The payment that the decision takes back, if it does."""
    if event.reverses_remittance_id is None or event.reverses_payment_ordinal is None:
        return None
    return Reversal(event.practice_id, event.reverses_remittance_id, event.reverses_payment_ordinal)


def settlements_of(event: ClaimAdjudicated) -> list[Settlement]:
    """What the decision says of refusals, its own among them, one word of each.

    A refusal that stands again with nothing is told by a release that knew no standing amount: all of it stands.
    """
    reopened = [_settlement(event, each, standing=each.standing or None) for each in event.reopens]
    settled = [_settlement(event, each, standing=each.standing) for each in event.settles]
    return list({said.case_id: said for said in (*reopened, *settled)}.values())


def _settlement(event: ClaimAdjudicated, refusal: SettledRefusal, *, standing: Decimal | None) -> Settlement:
    place = Place(
        practice_id=event.practice_id,
        claim_id=event.claim_id,
        remittance_id=refusal.remittance_id,
        payment_ordinal=refusal.payment_ordinal,
        line_id=refusal.line_id,
        group=refusal.group,
        carc=refusal.carc,
    )
    return Settlement(
        practice=event.practice_id,
        case_id=place.case_id,
        standing=standing,
        why=refusal.why,
        remittance_id=event.remittance_id,
        decisions=(f"{event.remittance_id}/{event.payment_ordinal}",),
    )


def denial_changed(case: Case, actor: str) -> DenialChanged:
    """A case was opened or moved."""
    return DenialChanged(
        practice_id=case.practice_id,
        claim_id=case.claim_id,
        case_id=case.case_id,
        remittance_id=case.remittance_id,
        state=case.state,
        closed_because=case.closed_because,
        cause=case.cause,
        route=case.route,
        group=case.group,
        carc=case.carc,
        remarks=case.remarks,
        amount=case.amount,
        may_appeal=case.may_appeal,
        hard_stop=case.hard_stop,
        answer_by=case.answer_by,
        actor=actor,
    )
