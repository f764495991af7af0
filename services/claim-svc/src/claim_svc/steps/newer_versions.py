"""A newer version of an encounter: it replaces what has not left, and waits as a correction of what has."""

from dataclasses import replace
from uuid import UUID

from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.practice import Practice

from ..contents import content_of
from ..domain.billing import Billing, is_mended_by
from ..domain.claim import Claim, ClaimContent
from ..domain.correction import CorrectionKind
from ..domain.frequency import kind_of_correction, without_its_way
from ..domain.parts import first_claim
from ..events import claim_assembled
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .corrections import keep_correction, leave, without_correction
from .ended_visits import take_up_again
from .self_pay import keep_self_pay
from .services_taken import give_up_services
from .settling import keep, take_off

Wanted = dict[UUID, ClaimContent]


async def standing_claims(billing: Billing | None, unit: ClaimUnit) -> list[Claim]:
    """The claims that an encounter is billed on so far."""
    if billing is None:
        return []
    await unit.claims.load([(billing.practice, number) for number in billing.claims])
    claims = [await unit.claims.get(billing.practice, number) for number in billing.claims]
    return [claim for claim in claims if claim is not None]


async def give_way(  # noqa: PLR0913  what stands, what is wanted, and what judges it
    event: EncounterCoded, standing: list[Claim], wanted: Wanted, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> tuple[Wanted, tuple[UUID, ...]]:
    """What stood gives way to this version, or waits as a correction; what may be made at once, and the claims that are billed then."""
    mended, claims = wanted, tuple(wanted)
    if any(claim.is_taken_back or claim.has_left for claim in standing):
        mended = await _keep_for_correction(event, standing, wanted, unit, practice, book)
        claims = tuple(claim.claim_id for claim in standing)
        standing = [await unit.claims.get(claim.practice_id, claim.claim_id) or claim for claim in standing]
        take_up_again(_keep_the_rest(event, standing, wanted, mended, unit), unit, practice, book)
    else:
        await _withdraw_others(event, standing, wanted, unit)
        await keep_self_pay(event, unit)
    for claim in standing:
        if claim.claim_id in mended:
            await give_up_services(claim, unit)
            if claim.correction:
                keep(await without_correction(claim, unit), unit)
    return mended, claims


async def _withdraw_others(event: EncounterCoded, standing: list[Claim], wanted: Wanted, unit: ClaimUnit) -> None:
    """Nothing was submitted: the claims that this version does without are withdrawn, and their charges leave the books."""
    for claim in standing:
        if claim.claim_id not in wanted:
            await take_off(claim, claim.withdraw(event.encounter_version), unit)


async def _keep_for_correction(  # noqa: PLR0913  what stands, what is wanted, and what judges it
    event: EncounterCoded, standing: list[Claim], wanted: Wanted, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> Wanted:
    """Keep what is to become of each claim, or of the visit as self-pay; what may be done at once is returned.

    Other payers behind the first are no correction while none of them has anything: the claim goes on with them.
    """
    live = [claim for claim in standing if claim.is_live]
    mended = {claim.claim_id for claim in standing if is_mended_by(claim, wanted.get(claim.claim_id), live)}
    for claim in live:
        if claim.claim_id not in mended:
            content = wanted.get(claim.claim_id)
            if content is None:
                await keep_correction(event, claim.claim_id, "void", claim.voided(event.encounter_version), unit)
            elif _says_more(content, claim.content):
                kind = kind_of_correction(claim, content)
                kept = await keep_correction(event, claim.claim_id, kind, without_its_way(content), unit)
                if kind == "next_payers" and claim.is_first_payers_alone:
                    await leave(kept.approve(unit.actor, at=unit.clock.now()), unit, practice, book)
    there = {claim.claim_id for claim in live} | mended
    others: list[tuple[UUID, CorrectionKind, ClaimContent]] = [
        (number, "new_claim", content) for number, content in wanted.items() if number not in there
    ]
    if not wanted:
        others.append((event.encounter_id, "self_pay", content_of(event, event.lines, practice)))
    for number, other, content in others:
        await keep_correction(event, number, other, content, unit)
    return {number: wanted[number] for number in mended}


def _says_more(then: ClaimContent, now: ClaimContent) -> bool:
    """Whether a payer would be told anything else: what stands beside the claim, and the desk's money, is none of it."""
    aside = {"encounter_version": 0, "left_out": (), "place_of_service_source": None}
    one, other = (each.with_patient_paid(None).model_copy(update=aside) for each in (then, now))
    return one.document != other.document


def _keep_the_rest(
    event: EncounterCoded, standing: list[Claim], wanted: Wanted, mended: Wanted, unit: ClaimUnit
) -> list[Claim]:
    """What changes nothing for a payer is taken over at once: a version that says the same, and what the patient paid at the desk.

    The desk's money is on the first claim that stands; where every one was taken back, on the first of these.
    """
    live = [claim for claim in standing if claim.is_live]
    taken_back = [claim for claim in standing if claim.is_taken_back]
    first = next(iter(wanted), first_claim(event))
    keeper = first if first in {*mended, *(claim.claim_id for claim in live)} else [*live, *taken_back][0].claim_id
    after = []
    for claim in [claim for claim in (*live, *taken_back) if claim.claim_id not in mended]:
        content = wanted.get(claim.claim_id)
        is_same = content is not None and not _says_more(content, claim.content)
        update = {"encounter_version": event.encounter_version} if is_same else {}
        amount = event.facts.patient_paid if claim.claim_id == keeper else None
        told = replace(claim, content=claim.content.model_copy(update=update).with_patient_paid(amount))
        if told.content != claim.content:
            told = keep(told, unit)
        if told.patient_paid != claim.patient_paid:
            unit.publish(claim_assembled(told))
        after.append(told)
    return after
