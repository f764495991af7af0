"""A coded encounter becomes a claim, and leaves at once when nothing stands against it.

A newer version of an encounter replaces what stood of it, claims and self-pay visit alike, until something of it was submitted; then it
waits as a correction (``domain/billing.py``). Of a visit that ended (cancelled, entered in error, opened again) nothing is billed: what was
not submitted is withdrawn; for what was, a void waits, but where the visit is only open again and its next version will come.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimAssembled, EncounterCoded
from claimstream_schemas.values.identifiers import claim_id, control_number
from claimstream_schemas.values.money import ZERO, cents, from_cents
from claimstream_schemas.values.practice import Practice

from ..domain.billing import Billing, is_mended_by
from ..domain.claim import Claim, ClaimContent, VisitEnding
from ..domain.codes import CodeSets
from ..domain.fingerprints import fingerprint
from ..domain.rules import RulePacks
from ..domain.splitting import parts_of
from ..events import claim_assembled, claim_held, content_of, self_pay_assembled, self_pay_ended
from ..store import ClaimUnit, Ownership, SelfPayVisit
from .scrub_claim import give_up_services, scrub_claim, submit


def reads(event: EncounterCoded) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What assembling reads: the practice, how the encounter is billed, its claims, their lines and services; or its self-pay visit."""
    practice = event.practice_id
    yield "practices", (practice,)
    yield "billings", (practice, event.encounter_id)
    if not event.coverages or event.encounter_version > 1:
        yield "self_pay_visits", (practice, event.encounter_id)
    if not event.coverages:
        return
    for part, lines in enumerate(parts_of(event.kind, event.lines), start=1):
        yield "claims", (practice, claim_id(practice, event.encounter_id, event.kind, part))
        for line in lines:
            yield "charge_lines", (practice, line.line_id)
            mark = fingerprint(event.person.patient, event.providers, line)
            if mark is not None:
                yield "billed_services", (practice, mark)


async def assemble_claim(event: EncounterCoded, unit: ClaimUnit, packs: RulePacks, codes: CodeSets) -> None:
    """A coded encounter becomes its claims; without a coverage its charges are the patient's own."""
    known = await unit.practices.get(event.practice_id)
    if known is None:
        raise WaitsFor(f"practice/{event.practice_id}")
    billing = await _billing(event, unit)
    if billing is not None and billing.encounter_version >= event.encounter_version:
        return
    standing = await _standing(billing, unit) if billing is not None else []
    was_self_pay = billing is not None and await _is_self_pay(event, unit)
    if event.ended is not None:
        await _end_visit(event, event.ended, standing, unit, was_self_pay=was_self_pay)
        return
    wanted = _claims_of(event, known.practice)
    if any(claim.is_submitted for claim in standing):
        mended = _keep_for_correction(event, standing, wanted, known.practice, unit)
        claims = tuple(claim.claim_id for claim in standing)
        _take_up_again(_keep_at_desk(event, standing, mended, unit), unit, known.practice, packs)
    else:
        await _withdraw(event, standing, wanted, unit)
        await _keep_self_pay(event, unit, was_self_pay=was_self_pay)
        mended, claims = wanted, tuple(wanted)
    unit.billings.put(Billing(event.practice_id, event.encounter_id, event.encounter_version, claims))
    for claim in [claim for claim in standing if claim.claim_id in mended]:
        await give_up_services(claim, unit)
    for number, content in mended.items():
        earlier = await unit.claims.get(event.practice_id, number)
        claim = earlier or Claim(event.practice_id, number, control_number(number), event.encounter_id, content)
        await settle(claim.with_content(content), unit, known.practice, packs, codes)


async def settle(claim: Claim, unit: ClaimUnit, practice: Practice, packs: RulePacks, codes: CodeSets) -> Claim:
    """Scrub the claim, put its charges on the books, and hold or submit it."""
    claim = await scrub_claim(claim, unit, practice, packs, codes)
    for line in claim.content.lines:
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id))
    unit.publish(claim_assembled(claim))
    if claim.findings:
        unit.publish(claim_held(claim, unit.actor))
    else:
        claim = submit(claim, claim.next_sequence() or "P", unit, practice, packs)
    claim = replace(claim, updated_at=unit.clock.now())
    unit.claims.put(claim)
    unit.arrived(f"claim/{claim.practice_id}/{claim.claim_id}")
    return claim


async def _billing(event: EncounterCoded, unit: ClaimUnit) -> Billing | None:
    """How the encounter is billed so far. A replica of the release before this one bills without keeping it: then its rows tell."""
    billing: Billing | None = await unit.billings.get(event.practice_id, event.encounter_id)
    if billing is not None or event.encounter_version == 1:
        return billing
    rows = await unit.connection.fetch(
        "SELECT id, (document->'content'->>'encounter_version')::int AS version FROM claims WHERE practice = $1 AND encounter_id = $2",
        event.practice_id,
        event.encounter_id,
    )
    visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
    versions = [row["version"] for row in rows] + ([visit.encounter_version] if visit is not None else [])
    if not versions:
        return None
    return Billing(event.practice_id, event.encounter_id, max(versions), tuple(row["id"] for row in rows))


async def _standing(billing: Billing, unit: ClaimUnit) -> list[Claim]:
    await unit.claims.load([(billing.practice, number) for number in billing.claims])
    claims = [await unit.claims.get(billing.practice, number) for number in billing.claims]
    return [claim for claim in claims if claim is not None]


def _claims_of(event: EncounterCoded, practice: Practice) -> dict[UUID, ClaimContent]:
    if not event.coverages:
        return {}
    return {
        claim_id(event.practice_id, event.encounter_id, event.kind, part): content_of(event, lines, practice, part=part)
        for part, lines in enumerate(parts_of(event.kind, event.lines), start=1)
    }


def _keep_for_correction(
    event: EncounterCoded,
    standing: list[Claim],
    wanted: dict[UUID, ClaimContent],
    practice: Practice,
    unit: ClaimUnit,
) -> dict[UUID, ClaimContent]:
    """Keep what is to become of each claim, or of the visit as self-pay; what may be done at once is returned."""
    nothing = content_of(event, (), practice)
    live = [claim for claim in standing if claim.state != "withdrawn"]
    becomes = {claim.claim_id: wanted.get(claim.claim_id, nothing) for claim in live} | wanted
    if not wanted:
        becomes[event.encounter_id] = content_of(event, event.lines, practice)
    mended = {claim.claim_id for claim in standing if is_mended_by(claim, wanted.get(claim.claim_id), live)}
    for number, content in becomes.items():
        if number not in mended:
            _keep_waiting(event, number, content, unit)
    return {number: wanted[number] for number in mended}


def _keep_waiting(event: EncounterCoded, number: UUID, content: ClaimContent, unit: ClaimUnit) -> None:
    unit.waiting_corrections.add(
        practice=event.practice_id,
        claim_id=number,
        encounter_version=event.encounter_version,
        document=content.model_dump(mode="json", exclude_none=True),
    )


async def _withdraw(
    event: EncounterCoded, standing: list[Claim], wanted: dict[UUID, ClaimContent], unit: ClaimUnit
) -> None:
    """Nothing was submitted: the claims that this version does without are withdrawn, and their charges leave the books."""
    for claim in standing:
        if claim.claim_id not in wanted:
            await _take_off(claim, claim.withdraw(event.encounter_version), unit)


async def _take_off(claim: Claim, withdrawn: Claim, unit: ClaimUnit) -> None:
    """Its services and lines are free, and its charges leave the books."""
    await give_up_services(claim, unit)
    unit.publish(claim_assembled(withdrawn))
    unit.claims.put(replace(withdrawn, updated_at=unit.clock.now()))


async def _is_self_pay(event: EncounterCoded, unit: ClaimUnit) -> bool:
    """Whether the patient owes the visit so far, or has paid for it. A billing without claims does not tell: its visit may have ended."""
    visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
    return visit is not None and (visit.is_live or visit.patient_paid_cents != 0)


async def _end_visit(
    event: EncounterCoded, ending: VisitEnding, standing: list[Claim], unit: ClaimUnit, *, was_self_pay: bool
) -> None:
    """Nothing of this version is billed, and what stood of earlier ones is taken back or waits to be."""
    version, at_desk = event.encounter_version, event.facts.patient_paid
    holds_money = []
    for claim in [claim for claim in standing if claim.state != "withdrawn" or claim.patient_paid]:
        ended = claim.end_visit(ending, version)
        if at_desk is not None and claim.patient_paid:
            ended = replace(ended, content=ended.content.with_patient_paid(at_desk))
        holds_money += [claim.claim_id] if ended.patient_paid else []
        if not claim.is_submitted:
            await _take_off(claim, ended, unit)
            continue
        unit.claims.put(replace(ended, updated_at=unit.clock.now()))
        if ending != "reopened":
            _keep_waiting(event, claim.claim_id, claim.voided(version), unit)
    if was_self_pay:
        visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
        paid = from_cents(visit.patient_paid_cents) if at_desk is None and visit is not None else at_desk
        _put_self_pay(event, self_pay_ended(event, at_desk=paid), unit)
    has_left = any(claim.is_submitted for claim in standing)
    remain = tuple(claim.claim_id for claim in standing if has_left or claim.claim_id in holds_money)
    unit.billings.put(Billing(event.practice_id, event.encounter_id, version, remain))


def _keep_at_desk(
    event: EncounterCoded, standing: list[Claim], mended: dict[UUID, ClaimContent], unit: ClaimUnit
) -> list[Claim]:
    """What the patient paid is on the books at once, whatever else of a version waits: on the first claim that stands."""
    live = [claim for claim in standing if claim.state != "withdrawn"]
    first = claim_id(event.practice_id, event.encounter_id, event.kind, 1)
    keeper = first if first in {*mended, *(claim.claim_id for claim in live)} else live[0].claim_id
    after = []
    for claim in [claim for claim in live if claim.claim_id not in mended]:
        amount = event.facts.patient_paid if claim.claim_id == keeper else None
        paid = replace(claim, content=claim.content.with_patient_paid(amount), updated_at=unit.clock.now())
        after.append(paid)
        if paid.patient_paid != claim.patient_paid:
            unit.claims.put(paid)
            unit.publish(claim_assembled(paid))
    return after


def _take_up_again(standing: list[Claim], unit: ClaimUnit, practice: Practice, packs: RulePacks) -> None:
    """The visit is to be billed after all: submitted claims go on, and a payer whose turn came meanwhile is billed."""
    for claim in [claim for claim in standing if claim.is_submitted and claim.visit_ended is not None]:
        going_on = replace(claim, visit_ended=None, updated_at=unit.clock.now())
        following = going_on.next_sequence()
        unit.claims.put(submit(going_on, following, unit, practice, packs) if following else going_on)


async def _keep_self_pay(event: EncounterCoded, unit: ClaimUnit, *, was_self_pay: bool) -> None:
    """The charges are the patient's own, or are so no longer."""
    if event.coverages and not was_self_pay:
        return
    _put_self_pay(event, self_pay_ended(event) if event.coverages else self_pay_assembled(event), unit)


def _put_self_pay(event: EncounterCoded, assembled: ClaimAssembled, unit: ClaimUnit) -> None:
    unit.self_pay_visits.put(
        SelfPayVisit(
            event.practice_id,
            event.encounter_id,
            event.encounter_version,
            cents(assembled.total_charge),
            is_live=event.ended is None and not event.coverages,
            patient_paid_cents=cents(assembled.patient_paid or ZERO),
        )
    )
    unit.publish(assembled)
