"""A visit ended, or is opened again: nothing of it is billed, and what was is taken back or waits to be."""

from dataclasses import replace

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.practice import Practice

from ..domain.billing import Billing
from ..domain.claim import Claim, VisitEnding
from ..events import claim_assembled
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .corrections import keep_correction
from .scrubbing import judge_for_next
from .self_pay import end_self_pay
from .settling import keep, take_off
from .submitting import submit


async def end_visit(event: EncounterCoded, ending: VisitEnding, standing: list[Claim], unit: ClaimUnit) -> None:
    """What was not submitted is withdrawn; for what was, a void waits, but where the visit is only open again."""
    holds_money = []
    for claim in [claim for claim in standing if claim.is_live or claim.patient_paid]:
        ended = await _end(claim, event, ending, unit)
        holds_money += [claim.claim_id] if ended.patient_paid else []
        if claim.is_submitted and claim.is_live and ending != "reopened":
            await keep_correction(event, claim.claim_id, "void", ended.voided(event.encounter_version), unit)
    await end_self_pay(event, unit, is_all=not standing)
    has_left = any(claim.is_submitted for claim in standing)
    remain = tuple(claim.claim_id for claim in standing if has_left or claim.claim_id in holds_money)
    unit.billings.put(Billing(event.practice_id, event.encounter_id, event.encounter_version, remain))


async def _end(claim: Claim, event: EncounterCoded, ending: VisitEnding, unit: ClaimUnit) -> Claim:
    ended = claim.end_visit(ending, event.encounter_version)
    if event.facts.patient_paid is not None and claim.patient_paid:
        ended = replace(ended, content=ended.content.with_patient_paid(event.facts.patient_paid))
        if claim.is_submitted:
            unit.publish(claim_assembled(ended))
    if claim.is_submitted:
        return keep(ended, unit)
    await take_off(claim, ended, unit)
    return ended


def take_up_again(standing: list[Claim], unit: ClaimUnit, practice: Practice, book: Rulebook) -> None:
    """The visit is to be billed after all: submitted claims go on, and a payer whose turn came meanwhile is billed."""
    for claim in [claim for claim in standing if claim.is_submitted and claim.visit_ended is not None]:
        going_on = replace(claim, visit_ended=None)
        following = going_on.next_sequence()
        if following:
            going_on = judge_for_next(going_on, following, unit, practice, book)
        leaves = following is not None and not going_on.is_stopped
        keep(submit(going_on, following, unit, practice, book) if following and leaves else going_on, unit)
