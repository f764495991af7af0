"""A claim meets the rules, and leaves at once when nothing stands against it."""

from uuid import UUID

from claimstream_schemas.values.claim import PayerSequence, RuleFinding
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim, Submission
from ..domain.codes import CodeSets
from ..domain.fingerprints import claimed_by_another, fingerprint
from ..domain.rules import RulePacks
from ..domain.scrubbing import Surroundings, scrub
from ..events import claim_submitted
from ..store import ClaimUnit, Ownership


async def scrub_claim(claim: Claim, unit: ClaimUnit, practice: Practice, packs: RulePacks, codes: CodeSets) -> Claim:
    """The claim, held with its findings or released, and what it is warned of."""
    primary = practice.payer(claim.content.coverages[0].payer_id)
    if primary is None or len(claim.content.payers) < len(claim.content.coverages):
        return claim.judge((_unknown_payer(claim),))
    around = Surroundings(
        today=unit.clock.today(),
        codes=codes,
        practice=practice,
        payer=primary,
        billed_elsewhere=await take_services(claim, unit),
    )
    keep_unchecked(claim, unit, codes)
    return claim.judge(scrub(claim, packs.for_payer(primary.id), around))


async def take_services(claim: Claim, unit: ClaimUnit) -> dict[int, UUID]:
    """Take the claim's services for it; those that another live claim has, by line ordinal."""
    elsewhere = {}
    for line in claim.content.lines:
        mark = fingerprint(claim.content.patient, claim.content.providers, line)
        if mark is None:
            continue
        owner = await unit.billed_services.get(claim.practice_id, mark)
        if owner is not None and owner.is_live and claimed_by_another(owner.claim_id, claim.claim_id):
            elsewhere[line.ordinal] = owner.claim_id
        elif owner is None or not owner.is_live:
            unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id))
    return elsewhere


async def give_up_services(claim: Claim, unit: ClaimUnit) -> None:
    """A claim's content is replaced: its services and lines are free until it takes them again."""
    for line in claim.content.lines:
        mark = fingerprint(claim.content.patient, claim.content.providers, line)
        owner = await unit.billed_services.get(claim.practice_id, mark) if mark else None
        if owner is not None and owner.claim_id == claim.claim_id and mark is not None:
            unit.billed_services.put(Ownership(claim.practice_id, mark, claim.claim_id, is_live=False))
        unit.charge_lines.put(Ownership(claim.practice_id, line.line_id, claim.claim_id, is_live=False))


def keep_unchecked(claim: Claim, unit: ClaimUnit, codes: CodeSets) -> None:
    """Count the codes that no loaded list speaks of: neither good nor bad."""
    content = claim.content
    checks = [(each.code, codes.diagnosis(each.code, content.service_from)) for each in content.diagnoses]
    checks += [
        (line.procedure, codes.procedure(line.procedure, line.service_from)) for line in content.lines if line.procedure
    ]
    for code, reason in {code: check.reason for code, check in checks if check.standing == "unchecked"}.items():
        unit.unchecked_codes.add(practice=claim.practice_id, claim_id=claim.claim_id, code=code, reason=reason)


def submit(claim: Claim, sequence: PayerSequence, unit: ClaimUnit, practice: Practice, packs: RulePacks) -> Claim:
    """The claim goes to the payer of this sequence."""
    event = claim_submitted(claim, sequence, practice, packs)
    unit.submissions.put(
        Submission(
            practice_id=claim.practice_id,
            submission_id=event.submission_id,
            claim_id=claim.claim_id,
            ordinal=event.submission_ordinal,
            payer_sequence=sequence,
            payer_id=event.payer.payer_id,
            frequency_code=event.frequency_code,
            total_charge=event.total_charge,
            submitted_at=unit.clock.now(),
        )
    )
    unit.arrived(f"submission/{claim.practice_id}/{event.submission_id}")
    unit.publish(event)
    return claim.submitted(sequence)


def _unknown_payer(claim: Claim) -> RuleFinding:
    known = {payer.payer_id for payer in claim.content.payers}
    unknown = [coverage.payer_id for coverage in claim.content.coverages if coverage.payer_id not in known]
    return RuleFinding(
        rule="payer-known",
        message=f"the practice has no payer {', '.join(unknown)}",
        remedy="Add the payer to the practice, or correct the coverage.",
        place="coverages",
        source="the practice's own list of payers",
    )
