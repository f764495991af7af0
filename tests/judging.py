"""What becomes of an encounter without a stack: it is coded, made into claims, and scrubbed, each service called as functions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from uuid import UUID

from claim_svc.code_sets import code_sets
from claim_svc.contents import content_of
from claim_svc.domain.claim import Claim, ClaimContent
from claim_svc.domain.fingerprints import fingerprint, visit_mark, who_is_treated
from claim_svc.domain.parts import claims_of
from claim_svc.domain.scrubbing import scrub
from claim_svc.domain.surroundings import Surroundings
from claim_svc.domain.unchecked import unchecked_in
from claim_svc.rulepack_files import load_packs
from claimstream_cli.places import checkout
from claimstream_codesets import open_code_sets
from claimstream_schemas import EncounterCoded
from claimstream_schemas.values.identifiers import encounter_id
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.domain.encounter import Encounter
from coding_svc.domain.visit import Visit
from coding_svc.events import encounter_coded
from coding_svc.intake.native import EncounterDocument

DAY = date(2026, 9, 16)
NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)


@dataclass
class Books:
    """What live claims have already: the services and visits that they took, as the service keeps them."""

    owners: dict[str, UUID] = field(default_factory=dict)

    def take(self, claim: UUID, content: ClaimContent) -> tuple[dict[int, UUID], dict[int, UUID]]:
        who = who_is_treated(content.patient, content.subscribers)
        services, visits = {}, {}
        for line in content.lines:
            marks = [(fingerprint(who, content.providers, line), services)]
            if content.kind == "professional":
                marks.append((visit_mark(who, content.providers, line), visits))
            for mark, elsewhere in marks:
                if mark is not None and self.owners.setdefault(mark, claim) != claim:
                    elsewhere[line.ordinal] = self.owners[mark]
        return services, visits


@dataclass(frozen=True)
class Judged:
    """One claim, and what its rules say."""

    content: ClaimContent
    holds: set[str]
    warns: set[str]
    unchecked: tuple[str, ...]


@cache
def practice() -> PracticeDocument:
    return PracticeDocument.model_validate_json((checkout() / "demo/practice.json").read_bytes())


@cache
def packs():
    return load_packs(checkout() / "services/claim-svc/rulepacks")


def coded(document: dict) -> Encounter:
    """A native encounter, coded."""
    return coded_visit(EncounterDocument.model_validate(document).to_visit())


def coded_visit(visit: Visit) -> Encounter:
    """A visit, coded."""
    number = encounter_id(practice().id, visit.source_system, visit.ehr_encounter_id)
    outcome = code_visit(visit, practice(), open_code_sets(), number)
    return Encounter(id=number, practice=practice().id, version=1, visit=visit, outcome=outcome, changed_at=NOW)


def judged_claims(encounter: Encounter, books: Books) -> list[Judged]:
    """The claims of a coded encounter, in order."""
    return list(judged(encounter_coded(encounter), books))


def judged(event: EncounterCoded, books: Books) -> Iterator[Judged]:
    for part in claims_of(event):
        content = content_of(event, part.lines, practice(), part=part.number)
        services, visits = books.take(part.claim_id, content)
        yield judge(part.claim_id, event.encounter_id, content, services, visits)


def judge(number: UUID, encounter: UUID, content: ClaimContent, services=None, visits=None, place: int = 0) -> Judged:
    payer = practice().payer(content.coverages[place].payer_id)
    filing = content.payers[place].claim_filing_indicator
    rules = packs().for_payer(payer, filing, content.kind, content.judged_on, later=place > 0)
    around = Surroundings(DAY, code_sets(), practice(), payer, services or {}, visits or {}, place)
    found = scrub(Claim.first(practice().id, number, encounter, content), rules, around)
    by = {severity: {one.rule for one in found if one.severity == severity} for severity in ("hold", "warn")}
    return Judged(content, by["hold"], by["warn"], unchecked_in(content, code_sets().tables))
