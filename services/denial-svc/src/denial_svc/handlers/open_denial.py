"""A payer refused all or part of a claim: a case is opened for each refusal."""

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimDenied

from ..domain.case import Case
from ..domain.catalogue import Catalogue
from ..domain.deadlines import Clock
from ..domain.judging import judge
from ..domain.refusal import Refusal, added_up
from ..events import denial_changed, refusals_of
from ..store import DenialUnit

DEFAULT_APPEAL_DAYS = 120
"""For a payer that the practice does not list (any more): the shortest of the usual limits, Medicare's redetermination."""


async def open_denial(event: ClaimDenied, unit: DenialUnit, catalogue: Catalogue) -> None:
    """Open a case for each refused adjustment, once; what was decided of it meanwhile holds at once."""
    known = await unit.payers.get(event.practice_id)
    if known is None:
        raise WaitsFor(f"practice/{event.practice_id}")
    await unit.alone_with_claim(event.practice_id, event.claim_id)
    is_reversed = await unit.reversals.get(event.practice_id, event.remittance_id, event.payment_ordinal) is not None
    refusals = added_up(refusals_of(event))
    await unit.load_cases(event.practice_id, [refusal.place.case_id for refusal in refusals])
    clock = Clock(
        paid_on=event.paid_on,
        service_from=event.service_from,
        appeal_days=known.appeal_days.get(event.payer_id, DEFAULT_APPEAL_DAYS),
        filing_days=known.filing_days.get(event.payer_id),
    )
    for refusal in refusals:
        if await unit.cases.get(event.practice_id, refusal.place.case_id) is not None:
            continue
        case = _case(event, refusal, catalogue, clock)
        settlement = await unit.settlements.get(case.practice_id, case.case_id)
        settled = settlement.settle(case) if settlement else case
        kept = settled.withdraw() if is_reversed else settled
        unit.cases.put(kept)
        unit.publish(denial_changed(kept, unit.actor))


def _case(event: ClaimDenied, refusal: Refusal, catalogue: Catalogue, clock: Clock) -> Case:
    judgement = judge(refusal, catalogue)
    return Case(
        **vars(refusal.place),
        **vars(judgement),
        case_id=refusal.place.case_id,
        control_number=event.control_number,
        payer_id=event.payer_id,
        payer_claim_number=event.payer_claim_number,
        procedure=refusal.procedure,
        remarks=refusal.remarks,
        amount=refusal.amount,
        standing=refusal.amount,
        kind=refusal.kind,
        paid_on=event.paid_on,
        answer_by=clock.answer_by(refusal, judgement.route, catalogue),
    )
