"""Domain to shared events."""

from claimstream_schemas import EncounterCoded, EncounterReceived
from claimstream_schemas.encounter_coded import EncounterPerson

from .domain.encounter import Encounter


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
    visit, outcome = encounter.visit, encounter.outcome
    return EncounterCoded(
        practice_id=encounter.practice,
        encounter_id=encounter.id,
        encounter_version=encounter.version,
        source_system=visit.source_system,
        ehr_encounter_id=visit.ehr_encounter_id,
        kind=outcome.kind or "professional",
        started_on=visit.started_on,
        ended_on=visit.ended_on,
        place_of_service=outcome.place_of_service,
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
