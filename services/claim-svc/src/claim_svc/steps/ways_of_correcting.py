"""The ways in which a correction leaves: a replacement, a void, both with a claim anew, a new claim, or the patient's own to pay."""

from dataclasses import replace
from uuid import UUID

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.money import ZERO, cents
from claimstream_schemas.values.practice import Practice

from ..domain.billing import Billing
from ..domain.change_reasons import CORRECTS_THE_MEMBER, with_change_reason
from ..domain.claim import Claim, ClaimContent
from ..domain.correction import Correction
from ..events import claim_assembled, self_pay_of
from ..rulebook import Rulebook
from ..store import ClaimUnit, SelfPayVisit
from .payer_policies import CorrectionRefused, refuse_what_its_payer_does_not_take
from .scrubbing import scrub_claim
from .services_taken import give_up_services, take_lines, take_services
from .settling import keep, settle, take_off
from .submitting import recall, submit
from .voiding import send_voids


async def replacement(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """The claim goes again as it is to become: a replacement of what its payer has decided; an original where nobody has it."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or claim.is_with("P"):
        return correction
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    content = correction.content.with_patient_paid(claim.content.facts.patient_paid)
    findings = await _against(claim, content, unit, practice, book)
    if findings:
        return correction.hold(findings, at=unit.clock.now())
    await give_up_services(claim, unit)
    judged = await scrub_claim(claim.with_content(content), unit, practice, book)
    take_lines(judged, unit)
    sent = submit(await recall(judged, "P", unit), "P", unit, practice, book)
    unit.publish(claim_assembled(sent))
    keep(sent, unit)
    return correction.send(sent.submissions, at=unit.clock.now()).instead_of(claim.content)


async def _against(
    claim: Claim, content: ClaimContent, unit: ClaimUnit, practice: Practice, book: Rulebook
) -> tuple[RuleFinding, ...]:
    """What rules find in what the claim is to become; its services stay its own."""
    await give_up_services(claim, unit)
    judged = await scrub_claim(claim.with_content(content), unit, practice, book)
    await give_up_services(judged, unit)
    await take_services(claim, unit)
    take_lines(claim, unit)
    return judged.findings


async def void(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """The claim is taken back: at once where no payer has it, else by a void to each payer that takes one."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or claim.is_with_payer:
        return correction
    if not claim.standing_decisions:
        await _give_up_submissions(claim, unit)
        await take_off(claim, claim.take_back(), unit)
        return correction.send(None, at=unit.clock.now())
    refuse_what_its_payer_does_not_take(claim, correction, practice)
    marked = replace(claim, content=claim.content.model_copy(update={"stay": correction.content.stay}))
    sent, voiding = await send_voids(correction, marked, marked.standing_decisions, unit, practice, book)
    keep(voiding.begin_void(), unit)
    return sent


async def rebilling(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """Another payer's, or another patient's: the claim is voided, and when that is answered what it is to become goes as a claim of its own."""
    claim = await unit.claims.get(correction.practice_id, correction.claim_id)
    if claim is None or claim.is_with_payer or claim.is_voiding:
        return correction
    if claim.standing_decisions:
        refuse_what_its_payer_does_not_take(claim, correction, practice)
        findings = await _against(claim, correction.content, unit, practice, book)
        if findings:
            return correction.hold(findings, at=unit.clock.now())
        marked = replace(claim, content=with_change_reason(claim.content, CORRECTS_THE_MEMBER))
        sent, voiding = await send_voids(correction, marked, marked.standing_decisions, unit, practice, book)
        keep(voiding.begin_void(), unit)
        return sent.go_on()
    await _give_up_submissions(claim, unit)
    await give_up_services(claim, unit)
    billed = await settle(claim.void().with_content(correction.content), unit, practice, book)
    return correction.send(billed.submissions or None, at=unit.clock.now())


async def _give_up_submissions(claim: Claim, unit: ClaimUnit) -> None:
    """What a payer has taken back, and said nothing new of, is live no more."""
    for sequence in claim.billed:
        await unit.retire_submissions(claim, sequence)


async def new_claim(correction: Correction, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Correction:
    """A claim that does not stand yet, or was taken back, is billed."""
    await _refuse_lines_of_others(correction, unit)
    number = correction.claim_id
    known = await unit.claims.get(correction.practice_id, number)
    fresh = known or Claim.first(correction.practice_id, number, correction.encounter_id, correction.content)
    claim = await settle(fresh.with_content(correction.content), unit, practice, book)
    await _bill_on(correction, (number,), unit)
    return correction.send(claim.submissions or None, at=unit.clock.now())


async def self_pay(correction: Correction, unit: ClaimUnit) -> Correction:
    """The visit is the patient's own to pay."""
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
