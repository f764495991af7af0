"""Domain to shared events."""

from collections.abc import Iterable, Iterator

from claimstream_schemas import ContractChanged, EncounterCoded, EncounterReceived, PracticeChanged
from claimstream_schemas.encounter_coded import EncounterPerson, Ended
from claimstream_schemas.values.contract import NamedContract, terms_of
from claimstream_schemas.values.encounter import VisitFacts
from claimstream_schemas.values.practice import FeeSchedule, PracticeDocument

from .domain.contracts import ContractVersion, chunks_of
from .domain.encounter import Encounter


def practice_changed(practice: PracticeDocument, version: int, contracts: tuple[NamedContract, ...]) -> PracticeChanged:
    """Who bills, and under which contracts."""
    return PracticeChanged(
        practice_id=practice.id, practice_version=version, practice=practice.without_prices, contracts=contracts
    )


def contract_changed(contract: ContractVersion, schedules: Iterable[FeeSchedule]) -> Iterator[ContractChanged]:
    """A contract's new revision, in chunks."""
    chunks = list(chunks_of(terms_of(schedules)))
    for number, terms in enumerate(chunks, start=1):
        yield ContractChanged(
            practice_id=contract.practice,
            contract_id=contract.id,
            revision=contract.revision,
            chunk=number,
            chunks=len(chunks),
            terms=terms,
        )


def contract_removed(contract: ContractVersion) -> ContractChanged:
    """The practice has it no more."""
    return ContractChanged(
        practice_id=contract.practice, contract_id=contract.id, revision=contract.revision, removed=True
    )


def encounter_received(encounter: Encounter) -> EncounterReceived:
    """It came, as this version."""
    visit = encounter.visit
    return EncounterReceived(
        practice_id=encounter.practice,
        encounter_id=encounter.id,
        encounter_version=encounter.version,
        source_system=visit.source_system,
        ehr_encounter_id=visit.ehr_encounter_id,
        format=visit.format,
        content_digest=visit.digest.hex(),
    )


def encounter_coded(encounter: Encounter) -> EncounterCoded:
    """It can be billed."""
    visit, outcome = encounter.answers.of(encounter.visit), encounter.outcome
    return EncounterCoded(
        practice_id=encounter.practice,
        encounter_id=encounter.id,
        encounter_version=encounter.version,
        source_system=visit.source_system,
        ehr_encounter_id=visit.ehr_encounter_id,
        kind=outcome.kind or visit.kind.name,
        started_on=visit.started_on,
        ended_on=visit.through,
        place_of_service=outcome.place_of_service,
        place_of_service_source=outcome.place_of_service_source,
        location_id=outcome.location_id,
        facility=outcome.facility,
        providers=outcome.providers,
        coverages=outcome.coverages,
        diagnoses=outcome.diagnoses,
        lines=outcome.lines,
        stay=outcome.stay,
        facts=outcome.facts,
        uncoded=outcome.uncoded,
        code_sets=outcome.code_sets,
        coded_by=outcome.coded_by,
        person=EncounterPerson(patient=visit.patient, subscribers=outcome.subscribers, guarantor=visit.guarantor),
    )


def encounter_ended(encounter: Encounter) -> EncounterCoded:
    """An earlier version could be billed; this one is not to be, or not yet."""
    visit = encounter.visit
    ended: Ended = "reopened" if encounter.state == "unfinished" else "cancelled"
    if visit.status == "entered-in-error":
        ended = "entered_in_error"
    return EncounterCoded(
        practice_id=encounter.practice,
        encounter_id=encounter.id,
        encounter_version=encounter.version,
        source_system=visit.source_system,
        ehr_encounter_id=visit.ehr_encounter_id,
        kind=visit.kind.name,
        started_on=visit.started_on,
        ended_on=visit.through,
        ended=ended,
        facts=VisitFacts(patient_paid=visit.facts.patient_paid),
        coded_by=encounter.outcome.coded_by,
        person=EncounterPerson(patient=visit.patient),
    )
