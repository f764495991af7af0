"""Corrections of what has left: kept, and let go when a person wants it and the payer has decided."""

from dataclasses import replace
from uuid import UUID, uuid4

from claimstream_kit import Conflict
from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.claim import PayerSequence
from claimstream_schemas.values.money import ZERO, cents
from claimstream_schemas.values.practice import Practice

from ..domain.billing import Billing
from ..domain.claim import SEQUENCES, Claim, ClaimContent
from ..domain.correction import Correction, CorrectionKind, correction_id
from ..domain.frequency import way_of
from ..events import claim_assembled, self_pay_of
from ..rulebook import Rulebook
from ..store import ClaimUnit, SelfPayVisit
from .scrubbing import judge_for_next, scrub_claim
from .services_taken import give_up_services, take_lines, take_services
from .settling import keep, settle, take_off
from .submitting import submit


class CorrectionRefused(Conflict):
    """The correction cannot leave like this: its payer does not take it, or something else must go first."""

    slug = "correction-refused"


async def keep_correction(
    event: EncounterCoded, claim_id: UUID, kind: CorrectionKind, content: ClaimContent, unit: ClaimUnit
) -> None:
    """What a newer version wants of a claim waits for a person; it takes the place of an older one."""
    now = unit.clock.now()
    await put_correction(
        Correction(
            practice_id=event.practice_id,
            correction_id=correction_id(event.practice_id, claim_id, event.encounter_version),
            claim_id=claim_id,
            encounter_id=event.encounter_id,
            encounter_version=event.encounter_version,
            kind=kind,
            origin="encounter",
            content=content,
            reason=f"version {event.encounter_version} of the encounter",
            actor=unit.actor,
            created_at=now,
            changed_at=now,
        ),
        unit,
    )


async def put_correction(correction: Correction, unit: ClaimUnit) -> None:
    """Keep a new correction; an open one of the same claim gives way to it."""
    await unit.corrections.load([(correction.practice_id, correction.correction_id)])
    earlier = await unit.open_correction(correction.practice_id, correction.claim_id)
    if earlier is not None and earlier.correction_id != correction.correction_id:
        unit.corrections.put(earlier.give_way(at=unit.clock.now()))
    unit.corrections.put(correction)
    await _mark(correction, unit)


async def leave(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """The correction leaves, if it can now; else it goes on waiting for the payer, or for a person with its findings."""
    match correction.kind:
        case "new_claim":
            after = await _new_claim(correction, unit, practice, book)
        case "self_pay":
            after = await _self_pay(correction, unit)
        case "void":
            after = await _void(correction, unit, practice, book)
        case "replacement":
            after = await _replace(correction, unit, practice, book)
    unit.corrections.put(after)
    await _mark(after, unit)
    return after


async def bill_following(
    claim: Claim, sequence: PayerSequence, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> Claim:
    """The next payer is billed, if its rules let it; where it has decided already, as it takes a correction, or a person sees that it has to be told."""
    claim = judge_for_next(claim, sequence, unit, practice, book)
    if claim.is_stopped:
        return claim
    decision = claim.standing_decision(sequence)
    if decision is None:
        return submit(claim, sequence, unit, practice, book)
    payer = practice.payer(claim.content.coverages[SEQUENCES.index(sequence)].payer_id)
    if payer is not None and decision.payer_claim_number and way_of(claim, sequence, payer) == "replacement":
        await unit.retire_submissions(claim, sequence)
        return submit(claim, sequence, unit, practice, book)
    now = unit.clock.now()
    name = payer.id if payer else "the next payer"
    why = f"a payer before it decided anew: {name} cannot be sent a replacement, ask for a reopening"
    earlier = await unit.open_correction(claim.practice_id, claim.claim_id)
    if earlier is not None:
        unit.corrections.put(earlier.also_because(why, at=now))
        return claim.stands_with(sequence)
    told = Correction(
        practice_id=claim.practice_id,
        correction_id=uuid4(),
        claim_id=claim.claim_id,
        encounter_id=claim.encounter_id,
        encounter_version=claim.content.encounter_version,
        kind="replacement",
        origin="payer",
        content=claim.content,
        reason=why,
        actor=unit.actor,
        created_at=now,
        changed_at=now,
    )
    await unit.corrections.load([(claim.practice_id, told.correction_id)])
    unit.corrections.put(told)
    return claim.stands_with(sequence).with_correction("waiting")


def refuse_what_its_payer_does_not_take(claim: Claim, correction: Correction, practice: Practice) -> None:
    """Refuse a replacement or a void where the payer wants another way.

    Raises:
        CorrectionRefused: with what to do instead.
    """
    payer = practice.payer(claim.content.coverages[0].payer_id)
    if payer is None or correction.kind not in ("replacement", "void") or claim.is_with_nobody:
        return
    way = way_of(claim, "P", payer)
    if way == "reopening":
        raise CorrectionRefused(
            f"{payer.id} takes no replacement and no void of such a claim",
            remedy="Ask the payer for a reopening (or send its money back), then drop this correction with that reason.",
        )
    if way == "new_claim" and correction.kind == "void":
        raise CorrectionRefused(
            f"{payer.id} takes no void of such a claim", remedy="Drop this correction, or refund what was paid."
        )
    if way == "replacement" and any(decision.payer_claim_number is None for decision in claim.standing_decisions):
        raise CorrectionRefused(
            "a payer's decision came without its claim number (CLP07), which a replacement and a void must name",
            remedy="Ask the payer to send the remittance again with its number, or have it correct the claim by telephone.",
        )


async def _replace(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or claim.is_with("P"):
        return correction
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    await give_up_services(claim, unit)
    content = correction.content.with_patient_paid(claim.content.facts.patient_paid)
    judged = await scrub_claim(claim.with_content(content), unit, practice, book)
    if judged.findings:
        await give_up_services(judged, unit)
        await take_services(claim, unit)
        take_lines(claim, unit)
        return correction.hold(judged.findings, at=unit.clock.now())
    take_lines(judged, unit)
    await unit.retire_submissions(judged, "P")
    sent = submit(judged.recall("P"), "P", unit, practice, book)
    unit.publish(claim_assembled(sent))
    keep(sent, unit)
    return correction.send(sent.submissions, at=unit.clock.now())


async def _void(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or claim.is_with_payer:
        return correction
    if claim.is_with_nobody:
        await take_off(claim, claim.take_back(), unit)
        return correction.send(None, at=unit.clock.now())
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    for sequence in [decision.payer_sequence for decision in claim.standing_decisions]:
        await unit.retire_submissions(claim, sequence)
        claim = submit(claim.recall(sequence), sequence, unit, practice, book, void=True)
    keep(claim.begin_void(), unit)
    return correction.send(claim.submissions, at=unit.clock.now())


async def _new_claim(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    await _refuse_lines_of_others(correction, unit)
    number = correction.claim_id
    known = await unit.claims.get(correction.practice_id, number)
    fresh = known or Claim.first(correction.practice_id, number, correction.encounter_id, correction.content)
    claim = await settle(fresh.with_content(correction.content), unit, practice, book)
    await _bill_on(correction, (number,), unit)
    return correction.send(claim.submissions or None, at=unit.clock.now())


async def _self_pay(correction: Correction, unit: ClaimUnit) -> Correction:
    await _refuse_lines_of_others(correction, unit)
    content = correction.content
    charge, at_desk = cents(content.total_charge), cents(content.facts.patient_paid or ZERO)
    visit = SelfPayVisit(
        correction.practice_id,
        correction.encounter_id,
        correction.encounter_version,
        charge,
        patient_paid_cents=at_desk,
    )
    unit.self_pay_visits.put(visit)
    unit.publish(self_pay_of(correction))
    await _bill_on(correction, (), unit)
    return correction.send(None, at=unit.clock.now())


async def _refuse_lines_of_others(correction: Correction, unit: ClaimUnit) -> None:
    """A charge line is on one live claim: what it was on goes first."""
    keys = [(correction.practice_id, line.line_id) for line in correction.content.lines]
    await unit.charge_lines.load(keys)
    owners = [await unit.charge_lines.get(*key) for key in keys]
    others = {owner.claim_id for owner in owners if owner and owner.is_live and owner.claim_id != correction.claim_id}
    if others:
        raise CorrectionRefused(
            f"its charges are still on claim {', '.join(sorted(map(str, others)))}",
            remedy="Send that claim's void first; when it is answered, this one can go.",
        )


async def _bill_on(correction: Correction, claims: tuple[UUID, ...], unit: ClaimUnit) -> None:
    """The visit stands on these from now on; a claim of it that was taken back hands on what was paid for it at the desk."""
    billing = await unit.billings.get(correction.practice_id, correction.encounter_id)
    if billing is None:
        return
    standing = tuple(dict.fromkeys((*billing.claims, *claims)))
    unit.billings.put(Billing(billing.practice, billing.encounter_id, billing.encounter_version, standing))
    await unit.claims.load([(billing.practice, number) for number in billing.claims])
    for number in billing.claims:
        claim = await unit.claims.get(billing.practice, number)
        if claim is not None and claim.is_taken_back and claim.patient_paid:
            without = replace(claim, content=claim.content.with_patient_paid(None))
            unit.publish(claim_assembled(without))
            keep(without, unit)


async def _mark(correction: Correction, unit: ClaimUnit) -> None:
    """The claim shows that a correction of it is open."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    state = correction.open_as
    if claim is not None and claim.correction != state:
        keep(claim.with_correction(state), unit)
