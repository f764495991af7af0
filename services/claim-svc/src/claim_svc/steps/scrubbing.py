"""A claim meets the rules of its payer."""

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.practice import Practice

from ..domain.claim import Claim
from ..domain.codes import CodeSets
from ..domain.scrubbing import scrub
from ..domain.surroundings import Surroundings
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .services_taken import take_services


async def scrub_claim(claim: Claim, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """The claim, held with its findings or released, and what it is warned of."""
    primary = practice.payer(claim.content.coverages[0].payer_id)
    if primary is None or len(claim.content.payers) < len(claim.content.coverages):
        return claim.judge((_unknown_payer(claim),))
    around = Surroundings(
        today=unit.clock.today(),
        codes=book.codes,
        practice=practice,
        payer=primary,
        billed_elsewhere=await take_services(claim, unit),
    )
    _keep_unchecked(claim, unit, book.codes)
    return claim.judge(scrub(claim, book.packs.for_payer(primary.id), around))


def _keep_unchecked(claim: Claim, unit: ClaimUnit, codes: CodeSets) -> None:
    """Count the codes that no loaded list speaks of: neither good nor bad."""
    content = claim.content
    checks = [(each.code, codes.diagnosis(each.code, content.judged_on)) for each in content.diagnoses]
    checks += [
        (line.procedure, codes.procedure(line.procedure, line.service_from)) for line in content.lines if line.procedure
    ]
    for code, reason in {code: check.reason for code, check in checks if check.standing == "unchecked"}.items():
        unit.unchecked_codes.add(practice=claim.practice_id, claim_id=claim.claim_id, code=code, reason=reason)


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
