"""A payer decided again: cases of what it took back are withdrawn, those that it settled are closed, those that stand again are reopened.

A case of which less stands stays open.
"""

from claimstream_schemas import ClaimAdjudicated

from ..domain.case import Case
from ..domain.settling import Reversal, Settlement
from ..events import denial_changed, reversal_of, settlements_of
from ..store import DenialUnit


async def follow_decision(event: ClaimAdjudicated, unit: DenialUnit) -> None:
    """Move the cases of earlier decisions; those that are not open yet will be opened where this leaves them."""
    reversal, settlements = reversal_of(event), settlements_of(event)
    if reversal is None and not settlements:
        return
    await unit.alone_with_claim(event.practice_id, event.claim_id)
    if reversal is not None:
        await _withdraw(reversal, unit)
    await _settle(event.practice_id, settlements, unit)


async def _withdraw(reversal: Reversal, unit: DenialUnit) -> None:
    place = (reversal.practice, reversal.remittance_id, reversal.payment_ordinal)
    if await unit.reversals.get(*place) is not None:
        return
    unit.reversals.put(reversal)
    for case in await unit.load_cases_of(*place):
        _move(case, case.withdraw(), unit)


async def _settle(practice: str, settlements: list[Settlement], unit: DenialUnit) -> None:
    await unit.load_cases(practice, [said.case_id for said in settlements])
    for said in settlements:
        known = await unit.settlements.get(practice, said.case_id)
        settlement = known.follow(said) if known else said
        if settlement == known:
            continue
        unit.settlements.put(settlement)
        case = await unit.cases.get(practice, said.case_id)
        if case is not None:
            _move(case, settlement.settle(case), unit)


def _move(case: Case, moved: Case, unit: DenialUnit) -> None:
    """Keep the move, and tell it unless only less or more stands, of which denial.changed says nothing."""
    if moved != case:
        unit.cases.put(moved)
    if not moved.looks_like(case):
        unit.publish(denial_changed(moved, unit.actor))
