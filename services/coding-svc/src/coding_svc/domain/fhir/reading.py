"""From a bundle to the visits in it, with a report of what was read, kept, refused, and left dangling.

Claim and ExplanationOfBenefit are kept and never read: what a payer will decide is not known at intake. Only a missing
patient or a missing Encounter.period refuses an encounter; its neighbours in the bundle are not touched.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from claimstream_schemas.values.encounter import DiagnosisKind
from claimstream_schemas.values.people import Facility, Patient

from ..visit import Clinicians, Condition, Service, StatedCode, StatedCoverage, Visit
from . import elements as fhir
from .bundle import Bundle, Entry, Json
from .people import address_of, clinician_of, coverage_of, patient_of
from .stays import place_of, setting_of, stay_of

READ = (
    "Patient", "RelatedPerson", "Coverage", "Practitioner", "PractitionerRole", "Organization", "Location", "Encounter",
    "Condition", "Procedure", "Immunization", "DiagnosticReport",
)  # fmt: skip
"""The types that a visit is read from; every other one is kept with the bundle."""

_SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "http://loinc.org": "loinc",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://www.ama-assn.org/go/cpt": "cpt",
}
_ICD10CM = ("http://hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10")
_PROCEDURES = (
    "http://www.ama-assn.org/go/cpt",
    "https://bluebutton.cms.gov/resources/codesystem/hcpcs",
    "http://terminology.hl7.org/CodeSystem/HCPCS",
    "urn:oid:2.16.840.1.113883.6.285",
)
_AT_ADMISSION = "AD"  # of http://terminology.hl7.org/CodeSystem/diagnosis-role
_NOTES = ("34117-2", "51847-2")
_NOT_DONE = ("not-done", "entered-in-error", "cancelled", "preparation")
_REFUTED = ("refuted", "entered-in-error")


@dataclass(frozen=True)
class Refused:
    """An encounter that could not be read."""

    place: str
    problem: str
    remedy: str
    ehr_encounter_id: str | None


@dataclass
class MappingReport:
    """What became of a bundle."""

    resources: dict[str, dict[str, Any]] = field(default_factory=dict)
    encounters: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    dangling: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> Json:
        """The report as JSON."""
        return asdict(self)


def read_bundle(document: Json) -> tuple[list[Visit], MappingReport]:
    """The visits of a bundle, and the report.

    Raises:
        MalformedBundle: when the bundle, or a resource that is read, is not what FHIR says.
    """
    bundle = Bundle.of(document)
    reader = _Reader(bundle)
    visits = [visit for entry, encounter in bundle.of_type(fhir.Encounter) if (visit := reader.visit(entry, encounter))]
    report = reader.report
    report.resources = {
        name: {"count": count, "use": "read" if name in READ else "kept"}
        for name, count in sorted(bundle.counts().items())
    }
    report.encounters = [visit.ehr_encounter_id for visit in visits]
    report.dangling = [asdict(dangling) for dangling in bundle.dangling()]
    return visits, report


class _Reader:
    """Reads the encounters of one bundle; what belongs to an encounter is gathered once for all of them."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.report = MappingReport()
        self.conditions = self._belonging(fhir.Condition)
        self.performed = self._belonging(fhir.Performed, "Procedure", "Immunization", "DiagnosticReport")
        self.coverages: dict[int, list[StatedCoverage]] = {}

    def _belonging(self, kind: type[Any], *names: str) -> dict[str, list[tuple[Entry, Any]]]:
        """Resources by the place of the encounter that they name."""
        found: dict[str, list[tuple[Entry, Any]]] = defaultdict(list)
        for entry, resource in self.bundle.of_type(kind, *names):
            encounter = self.bundle.find(resource.encounter, entry)
            if encounter is not None:
                found[encounter.place].append((entry, resource))
        return found

    def visit(self, entry: Entry, encounter: fhir.Encounter) -> Visit | None:
        """One encounter as a visit; None where it is refused."""
        source, number = _natural_key(self.bundle, encounter)
        person = self.bundle.find(encounter.subject, entry)
        patient = patient_of(self.bundle.read(person, fhir.Patient)) if person and person.type == "Patient" else None
        started = fhir.day_of(encounter.period.start) if encounter.period else None
        if person is None or patient is None:
            place = f"{entry.place}/subject" if person is None else person.place
            self._refuse(place, "no patient with a name and a birth date", "add the Patient to the bundle", number)
            return None
        if encounter.period is None or started is None:
            self._refuse(f"{entry.place}/period", "Encounter.period has no start", "give the period's start", number)
            return None
        ended = fhir.day_of(encounter.period.end) or started
        clinicians = self._clinicians(entry, encounter)
        return Visit(
            source_system=source,
            ehr_encounter_id=number,
            format="fhir",
            setting=setting_of(encounter),
            encounter_class=encounter.class_.code if encounter.class_ else None,
            started_on=started,
            ended_on=max(ended, started),
            types=tuple(_condition(concept) for concept in encounter.type),
            conditions=self._conditions(entry, encounter),
            services=self._services(entry, started),
            patient=patient,
            coverages=tuple(self._coverages(person, patient)),
            clinicians=clinicians,
            location_ids=self._location_ids(entry, encounter),
            location=self._location(entry, encounter),
            place_of_service=place_of(encounter),
            stay=stay_of(encounter, started),
        )

    def _refuse(self, place: str, problem: str, remedy: str, number: str | None) -> None:
        self.report.refused.append(Refused(place, problem, remedy, number))

    def _conditions(self, entry: Entry, encounter: fhir.Encounter) -> tuple[Condition, ...]:
        """The reasons first, then what was recorded at this encounter; a reason recorded there too is one condition."""
        named = [(self.bundle.find(reference, entry)) for reference in encounter.reason_reference]
        places = {found.place for found in named if found}
        recorded = [
            _condition(resource.code, name=place.place, since=resource.onset_date_time, is_reason=place.place in places)
            for place, resource in self.conditions.get(entry.place, ())
            if resource.code and not _is_refuted(resource)
        ]
        reasons = [_condition(concept, is_reason=True) for concept in encounter.reason_code]
        merged: list[Condition] = []
        for reason in reasons:
            twin = next((condition for condition in recorded if _same(condition, reason)), None)
            merged.append(twin.model_copy(update={"is_reason": True}) if twin else reason)
        rest = [condition for condition in recorded if not any(_same(condition, other) for other in merged)]
        listed = (*merged, *sorted(rest, key=lambda condition: not condition.is_reason))
        return (*listed, *self._admitting(entry, encounter))

    def _admitting(self, entry: Entry, encounter: fhir.Encounter) -> Iterator[Condition]:
        """What the encounter calls its diagnosis at admission, beside its place among the others."""
        for diagnosis in encounter.diagnosis:
            roles = diagnosis.use.coding if diagnosis.use else ()
            found = self.bundle.find_as(fhir.Condition, diagnosis.condition, entry)
            if found is not None and found.code and any(role.code == _AT_ADMISSION for role in roles):
                yield _condition(found.code, kind="admitting")

    def _services(self, entry: Entry, started: date) -> tuple[Service, ...]:
        services = []
        for place, resource in self.performed.get(entry.place, ()):
            concept = resource.what
            if concept is None or resource.status in _NOT_DONE or _is_note(concept):
                continue
            reasons = (self.bundle.find(reference, place) for reference in resource.reason_reference)
            services.append(
                Service(
                    name=resource.id or place.place,
                    service_from=resource.day or started,
                    codes=_codes(concept),
                    text=concept.said,
                    procedure=next((c.code for c in concept.coding if c.system in _PROCEDURES and c.code), None),
                    reasons=tuple(reason.place for reason in reasons if reason),
                    is_vaccine=place.type == "Immunization",
                )
            )
        return tuple(services)

    def _clinicians(self, entry: Entry, encounter: fhir.Encounter) -> Clinicians:
        by_role: dict[str, Any] = {}
        for participant in encounter.participant:
            roles = [coding.code for concept in participant.type for coding in concept.coding] or ["PPRF"]
            clinician = clinician_of(self.bundle, participant.individual, entry)
            if clinician:
                by_role.update((role, clinician) for role in roles if role and role not in by_role)
        main = by_role.get("PPRF") or by_role.get("ATND") or next(iter(by_role.values()), None)
        return Clinicians(rendering=main, attending=by_role.get("ATND") or main, referring=by_role.get("REF"))

    def _coverages(self, person: Entry, patient: Patient) -> list[StatedCoverage]:
        """The patient's coverages in the order of billing."""
        if id(person) not in self.coverages:
            found = []
            for entry, coverage in self.bundle.of_type(fhir.Coverage):
                if self.bundle.find(coverage.beneficiary, entry) is not person:
                    continue
                stated = coverage_of(self.bundle, entry, coverage, patient)
                if stated is None:
                    self.report.notes.append(
                        f"{entry.place}: a coverage without a member id, or cancelled, cannot be billed"
                    )
                else:
                    found.append((coverage.order or 99, stated))
            self.coverages[id(person)] = [stated for _, stated in sorted(found, key=lambda pair: pair[0])]
        return self.coverages[id(person)]

    def _location_ids(self, entry: Entry, encounter: fhir.Encounter) -> tuple[str, ...]:
        """What the practice may know the place by: the organisation, then the location."""
        references = [encounter.service_provider, *(place.location for place in encounter.location)]
        names: list[str] = []
        for reference in references:
            found = self.bundle.find(reference, entry)
            if found:
                names += [str(found.resource.get("id") or "")]
                names += [str(i.get("value")) for i in found.resource.get("identifier") or () if isinstance(i, dict)]
            elif reference and reference.reference:
                names.append(reference.reference.rpartition("|")[2])
        return tuple(dict.fromkeys(name for name in names if name))

    def _location(self, entry: Entry, encounter: fhir.Encounter) -> Facility | None:
        organization = self.bundle.find_as(fhir.Organization, encounter.service_provider, entry)
        address = address_of(organization.address) if organization else None
        if organization is None or address is None or not organization.name:
            return None
        return Facility(name=organization.name[:60], address=address)


def _natural_key(bundle: Bundle, encounter: fhir.Encounter) -> tuple[str, str]:
    ordered = sorted(encounter.identifier, key=lambda identifier: identifier.use != "official")
    for identifier in ordered:
        if identifier.value:
            return identifier.system or bundle.source or "fhir", identifier.value
    return bundle.source or "fhir", encounter.id or "without-id"


def _codes(concept: fhir.Concept) -> tuple[StatedCode, ...]:
    return tuple(
        StatedCode(system=_SYSTEMS.get(coding.system or "", coding.system or "unknown"), code=coding.code)
        for coding in concept.coding
        if coding.code
    )


def _condition(
    concept: fhir.Concept,
    *,
    name: str | None = None,
    since: date | None = None,
    is_reason: bool = False,
    kind: DiagnosisKind | None = None,
) -> Condition:
    icd10 = next((coding.code for coding in concept.coding if coding.system in _ICD10CM and coding.code), None)
    return Condition(
        icd10=icd10.replace(".", "").upper() if icd10 else None,
        codes=_codes(concept),
        text=concept.said,
        kind=kind,
        since=since,
        name=name,
        is_reason=is_reason,
    )


def _same(one: Condition, other: Condition) -> bool:
    return bool(set(one.codes) & set(other.codes)) or (one.text is not None and one.text == other.text)


def _is_refuted(condition: fhir.Condition) -> bool:
    status = condition.verification_status
    return status is not None and any(coding.code in _REFUTED for coding in status.coding)


def _is_note(concept: fhir.Concept) -> bool:
    return any(coding.code in _NOTES for coding in concept.coding)
