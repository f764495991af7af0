"""A claim meets the rules of its payer, and later those of the payer after it."""

from claimstream_schemas.values.claim import PayerSequence, RuleFinding
from claimstream_schemas.values.practice import Practice

from ..domain.claim import SEQUENCES, Claim, ClaimContent
from ..domain.codes import CodeSets
from ..domain.scrubbing import scrub
from ..domain.surroundings import Surroundings
from ..domain.unchecked import unchecked_in
from ..rulebook import Rulebook
from ..store import ClaimUnit
from .services_taken import take_services


async def scrub_claim(claim: Claim, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """The claim, held with its findings or released, and what it is warned of."""
    content = claim.content
    primary, unknown = practice.payer(content.coverages[0].payer_id), unknown_payers(content, practice)
    if primary is None or unknown:
        return claim.judge(unknown)
    taken = await take_services(claim, unit)
    around = Surroundings(
        today=unit.clock.today(),
        codes=book.codes,
        practice=practice,
        payer=primary,
        billed_elsewhere=taken.services,
        visits_elsewhere=taken.visits,
    )
    _keep_unchecked(claim, unit, book.codes)
    filing = content.payers[0].claim_filing_indicator
    rules = book.packs.for_payer(primary, filing, content.kind, content.judged_on)
    judged = claim.judge(scrub(claim, rules, around))
    return judged.with_unchecked(unchecked_in(content, book.codes.tables))


def judge_for_next(claim: Claim, sequence: PayerSequence, unit: ClaimUnit, practice: Practice, book: Rulebook) -> Claim:
    """The claim with what the rules of a later payer find; ``is_stopped`` says whether they keep it from that payer."""
    place, content = SEQUENCES.index(sequence), claim.content
    if place == 0:
        return claim
    payer = practice.payer(content.coverages[place].payer_id)
    if payer is None:
        return claim.judge_next((_unknown([content.coverages[place].payer_id]),))
    filing = content.payers[place].claim_filing_indicator
    rules = book.packs.for_payer(payer, filing, content.kind, content.judged_on, later=True)
    around = Surroundings(unit.clock.today(), book.codes, practice, payer, billed_elsewhere={}, place=place)
    return claim.judge_next(scrub(claim, rules, around))


def _keep_unchecked(claim: Claim, unit: ClaimUnit, codes: CodeSets) -> None:
    """Count the codes that no loaded list speaks of: neither good nor bad."""
    content = claim.content
    checks = [(each.code, codes.diagnosis(each.code, content.judged_on)) for each in content.diagnoses]
    checks += [
        (line.procedure, codes.procedure(line.procedure, line.service_from)) for line in content.lines if line.procedure
    ]
    for code, reason in {code: check.reason for code, check in checks if check.standing == "unchecked"}.items():
        unit.unchecked_codes.add(practice=claim.practice_id, claim_id=claim.claim_id, code=code, reason=reason)


def unknown_payers(content: ClaimContent, practice: Practice) -> tuple[RuleFinding, ...]:
    """A coverage whose payer the practice does not know, or knows no more: nothing can be sent to it."""
    known = {payer.payer_id for payer in content.payers if practice.payer(payer.payer_id)}
    unknown = [coverage.payer_id for coverage in content.coverages if coverage.payer_id not in known]
    return (_unknown(unknown),) if unknown else ()


def _unknown(payers: list[str]) -> RuleFinding:
    return RuleFinding(
        rule="payer-known",
        message=f"the practice has no payer {', '.join(payers)}",
        remedy="Add the payer to the practice, or correct the coverage.",
        place="coverages",
        source="the practice's own list of payers",
    )
