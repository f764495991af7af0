"""A payer refused all or part of a claim: a case is opened for each refusal."""

from collections.abc import Iterator

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimDenied
from claimstream_schemas.claim_denied import DeniedAdjustment
from claimstream_schemas.values.identifiers import id_of

from ..domain.case import Case, answer_by, cause_of
from ..domain.catalogue import Catalogue
from ..events import denial_changed
from ..store import DenialUnit

DEFAULT_APPEAL_DAYS = 120
"""For a payer that the practice does not list (any more): the shortest of the usual limits, Medicare's redetermination."""


async def open_denial(event: ClaimDenied, unit: DenialUnit, catalogue: Catalogue) -> None:
    """Open a case for each refused adjustment, once."""
    known = await unit.payers.get(event.practice_id)
    if known is None:
        raise WaitsFor(f"practice/{event.practice_id}")
    await unit.alone("payment", event.practice_id, event.remittance_id, event.payment_ordinal)
    is_reversed = await unit.reversals.get(event.practice_id, event.remittance_id, event.payment_ordinal)
    appeal_days = known.days.get(event.payer_id, DEFAULT_APPEAL_DAYS)
    for case in _cases(event, appeal_days, catalogue):
        if await unit.cases.get(case.practice_id, case.case_id) is not None:
            continue
        kept = case.withdraw() if is_reversed else case
        unit.cases.put(kept)
        unit.publish(denial_changed(kept, unit.actor))


def _cases(event: ClaimDenied, appeal_days: int, catalogue: Catalogue) -> Iterator[Case]:
    for refusal in _added_up(event.adjustments):
        place = (
            event.remittance_id,
            event.payment_ordinal,
            event.claim_id,
            refusal.line_id,
            refusal.group,
            refusal.carc,
        )
        remarks = tuple(dict.fromkeys((*refusal.remarks, *event.claim_remarks)))
        cause, scenario, route = cause_of(refusal.carc, remarks, catalogue)
        yield Case(
            practice_id=event.practice_id,
            case_id=id_of("case", event.practice_id, *place),
            claim_id=event.claim_id,
            control_number=event.control_number,
            remittance_id=event.remittance_id,
            payment_ordinal=event.payment_ordinal,
            payer_id=event.payer_id,
            line_id=refusal.line_id,
            procedure=refusal.procedure,
            group=refusal.group,
            carc=refusal.carc,
            remarks=remarks,
            amount=refusal.amount,
            cause=cause,
            scenario=scenario,
            route=route,
            paid_on=event.paid_on,
            answer_by=answer_by(event.paid_on, appeal_days),
            payer_claim_number=event.payer_claim_number,
        )


def _added_up(adjustments: tuple[DeniedAdjustment, ...]) -> list[DeniedAdjustment]:
    """One refusal per line, group and CARC: a payer may name the same reason twice."""
    totals: dict[tuple[object, ...], DeniedAdjustment] = {}
    for each in adjustments:
        place = (each.line_id, each.group, each.carc)
        earlier = totals.get(place)
        totals[place] = each.model_copy(update={"amount": each.amount + earlier.amount}) if earlier else each
    return list(totals.values())
