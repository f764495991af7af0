"""From a bundle to the visits in it, with a report of what was read, kept, refused, and left dangling.

Claim and ExplanationOfBenefit are kept and never read: what a payer will decide is not known at intake. Only a missing
patient, or a day that is not told, refuses an encounter; its neighbours in the bundle are not touched.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from claimstream_schemas.values.people import Patient

from ...domain.asking import Asked
from ...domain.mapping_report import MappingReport, Refused, ResourceUse
from ...domain.visit import VOID, Clinicians, Visit, kind_billed_in
from . import elements as fhir
from .bundle import Bundle, Entry, Json
from .conditions import condition_of, read_conditions
from .coverages import Billed, ReadCoverage, billed_to, coverages_of, in_order, of_nobody, read_coverage
from .lifetimes import Days
from .locations import described_location, location_ids, location_kind, was_at_home
from .modifiers import Modifiers, modified
from .moments import day_of, earliest, instant_of, is_before, is_day
from .people import clinician_of, patient_of
from .performed import read_performed
from .statuses import status_of
from .stays import is_skilled_nursing, patient_status_of, setting_of, stated_place_of, stay_of

READ = (
    "Patient", "RelatedPerson", "Coverage", "Account", "Practitioner", "PractitionerRole", "Organization", "Location", "Encounter",
    "Condition", "Procedure", "Immunization", "DiagnosticReport",
)  # fmt: skip
"""The types that a visit is read from; every other one is kept with the bundle."""

ZoneOf = Callable[[tuple[str, ...]], ZoneInfo | None]
"""The time zone of the first location that is known by one of these ids, else the practice's; None: days are as written."""


def as_written(_: tuple[str, ...]) -> ZoneInfo | None:
    """No zone is set anywhere."""
    return None


def read_bundle(document: Json, zone_of: ZoneOf = as_written) -> tuple[list[Visit], MappingReport]:
    """The visits of a bundle, and the report.

    Raises:
        MalformedBundle: when the bundle, or a resource that is read, is not what FHIR says.
    """
    bundle = Bundle.of(document)
    reader = _Reader(bundle, zone_of)
    visits = [visit for told in reader.encounters() if (visit := reader.visit(told))]
    report = reader.report
    report.resources = {
        name: ResourceUse(count, "read" if name in READ else "kept") for name, count in sorted(bundle.counts().items())
    }
    report.encounters = [visit.ehr_encounter_id for visit in visits]
    report.dangling = bundle.dangling()
    report.notes += [f"{place}: holds no resource, nothing is done with it" for place in bundle.without_resource]
    report.notes += [f"encounter {visit.ehr_encounter_id}: {note}" for visit in visits for note in visit.notes]
    return visits, report


@dataclass(frozen=True)
class _Told:
    """One encounter: the telling of it that counts, and the places of all of them."""

    entry: Entry
    encounter: fhir.Encounter
    key: tuple[str, str]
    places: tuple[str, ...]
    is_undecided: bool = False


class _Reader:
    """Reads the encounters of one bundle; what belongs to an encounter is gathered once for all of them."""

    def __init__(self, bundle: Bundle, zone_of: ZoneOf) -> None:
        self.bundle = bundle
        self.zone_of = zone_of
        self.report = MappingReport()
        self.conditions, self.of_nobody = self._belonging(fhir.Condition)
        self.performed, unclaimed = self._belonging(fhir.Performed, "Procedure", "Immunization", "DiagnosticReport")
        self.report.notes += [f"{entry.place}: names no encounter, it is not charged" for entry, _ in unclaimed]
        self.report.notes += of_nobody(bundle)
        self.modifiers = Modifiers(bundle)
        self.coverages: dict[str, list[Entry]] = {}

    def _belonging(
        self, kind: type[Any], *names: str
    ) -> tuple[dict[str, list[tuple[Entry, Any]]], list[tuple[Entry, Any]]]:
        """Resources by the place of the encounter that they name, and those that name none."""
        found: dict[str, list[tuple[Entry, Any]]] = defaultdict(list)
        of_nobody = []
        for entry, resource in self.bundle.of_type(kind, *names):
            encounter = self.bundle.find(resource.encounter, entry)
            if encounter is not None:
                found[encounter.place].append((entry, resource))
            elif resource.encounter is None:
                of_nobody.append((entry, resource))
        return found, of_nobody

    def encounters(self) -> list[_Told]:
        """Each encounter once: of two tellings the one that was updated last; where that is not told, it is asked."""
        by_key: dict[tuple[str, str], list[tuple[Entry, fhir.Encounter]]] = defaultdict(list)
        for entry, encounter in self.bundle.of_type(fhir.Encounter):
            by_key[_natural_key(self.bundle, encounter)].append((entry, encounter))
        return [self._which_counts(key, tellings) for key, tellings in by_key.items()]

    def _which_counts(self, key: tuple[str, str], tellings: list[tuple[Entry, fhir.Encounter]]) -> _Told:
        places = tuple(entry.place for entry, _ in tellings)
        if len(tellings) > 1:
            self.report.notes.append(f"encounter {key[1]} is told {len(tellings)} times, at {', '.join(places)}")
        if all(entry.resource == tellings[0][0].resource for entry, _ in tellings[1:]):
            return _Told(*tellings[0], key, places)
        updated = [moment for entry, _ in tellings if (moment := _updated(entry))]
        if len(updated) == len(tellings) and updated.count(max(updated)) == 1:
            return _Told(*tellings[updated.index(max(updated))], key, places)
        billable = sorted(tellings, key=lambda telling: status_of(telling[1]).status in VOID)
        return _Told(*billable[0], key, places, is_undecided=True)

    def visit(self, told: _Told) -> Visit | None:
        """One encounter as a visit; None where it is refused."""
        entry, encounter = told.entry, told.encounter
        source, number = told.key
        person = self.bundle.find(encounter.subject, entry)
        period = encounter.period or fhir.Period()
        patient = self._patient(entry, person, number, earliest(period.start))
        if person is None or patient is None or not self._has_its_days(entry, encounter, number):
            return None
        ids = location_ids(self.bundle, entry, encounter)
        zone = self.zone_of(ids)
        started = day_of(period.start or "", zone)
        ended = day_of(period.end, zone) if period.end else None
        setting = setting_of(encounter)
        status = status_of(encounter)
        has_stay = kind_billed_in(setting).has_stay
        goes_on = ended is None and has_stay
        days = Days(patient.birth_date, started, None if goes_on else max(ended or started, started), zone)
        conditions = read_conditions(
            self.bundle,
            entry,
            encounter,
            self._of(told, self.conditions),
            [each for each in self.of_nobody if _is_at(self.bundle.find(each[1].subject, each[0]), person)],
            days=days,
            is_inpatient=has_stay,
        )
        billed = billed_to(self.bundle, entry, encounter, person)
        read = self._coverages(person, patient, days, billed)
        held = [each for each in read if each.touches(started, ended or started)]
        done = read_performed(self.bundle, self._of(told, self.performed), days)
        of_its_parts = (
            *self.modifiers.asked(entry, encounter, [each.entry for each in held if not each.note], but=person),
            *conditions.questions,
            *done.questions,
            *billed.asked,
            *(each.asked for each in held if each.asked),
        )
        return Visit(
            source_system=source,
            ehr_encounter_id=number,
            format="fhir",
            setting=setting,
            encounter_class=encounter.class_.code if encounter.class_ else None,
            status=status.status,
            updated_at=_updated(entry),
            started_on=started,
            ended_on=max(ended, started) if ended else None,
            types=tuple(condition_of(concept) for concept in encounter.type),
            conditions=tuple(conditions.conditions),
            services=tuple(done.services),
            patient=patient,
            coverages=in_order(read, billed.priorities),
            clinicians=self._clinicians(entry, encounter),
            location_ids=ids,
            location=described_location(self.bundle, entry, encounter),
            location_kind=location_kind(self.bundle, entry, encounter),
            place_of_service=stated_place_of(encounter),
            patient_status=patient_status_of(encounter),
            is_at_home=was_at_home(self.bundle, entry, encounter),
            is_skilled_nursing=is_skilled_nursing(encounter),
            stay=stay_of(encounter, zone),
            shown=tuple(conditions.shown),
            questions=(
                *self._questions(told),
                *status.asked(entry.label),
                *(modified(each) for each in (entry, person) if each.is_modified),
                *(() if status.status in VOID else of_its_parts),
            ),
            notes=tuple(filter(None, (status.note, *done.notes))),
        )

    def _patient(self, entry: Entry, person: Entry | None, number: str, on: date | None) -> Patient | None:
        resource = self.bundle.read(person, fhir.Patient) if person and person.type == "Patient" else None
        patient = patient_of(resource, on) if resource else None
        if patient is not None:
            return patient
        born = resource.birth_date if resource else None
        if person is not None and born is not None and not is_day(born):
            place, problem = f"{person.place}/birthDate", f"{born} is no day"
            self._refuse(place, problem, "give the birth date with its month and day", number)
        elif person is not None and resource is not None and born is not None:
            problem = "no name with a family name that holds on the day of the visit"
            self._refuse(f"{person.place}/name", problem, "give family and given", number)
        else:
            place = person.place if person else f"{entry.place}/subject"
            self._refuse(place, "no patient with a name and a birth date", "add the Patient to the bundle", number)
        return None

    def _has_its_days(self, entry: Entry, encounter: fhir.Encounter, number: str) -> bool:
        period = encounter.period or fhir.Period()
        if period.start is None:
            self._refuse(f"{entry.place}/period", "Encounter.period has no start", "give the period's start", number)
            return False
        for name, moment in (("start", period.start), ("end", period.end)):
            if moment is not None and not is_day(moment):
                place, remedy = f"{entry.place}/period/{name}", "give it with its month and day"
                self._refuse(place, f"{moment} is no day", remedy, number)
                return False
        if period.end and is_before(period.end, period.start):
            self._refuse(f"{entry.place}/period/end", "it ends before it begins", "correct the period", number)
            return False
        return True

    def _refuse(self, place: str, problem: str, remedy: str, number: str | None) -> None:
        self.report.refused.append(Refused(place, problem, remedy, number))

    def _of(self, told: _Told, belonging: dict[str, list[tuple[Entry, Any]]]) -> list[tuple[Entry, Any]]:
        return [each for place in told.places for each in belonging.get(place, ())]

    def _questions(self, told: _Told) -> list[Asked]:
        """What is not understood of the tellings themselves."""
        questions = []
        if told.is_undecided:
            detail = "the bundle tells this encounter in several ways, and not which is the newest (meta.lastUpdated)"
            questions.append(Asked(question="record", detail=detail, about=told.entry.label))
        return questions

    def _clinicians(self, entry: Entry, encounter: fhir.Encounter) -> Clinicians:
        by_role: dict[str, Any] = {}
        for participant in encounter.participant:
            roles = [coding.code for concept in participant.type for coding in concept.coding] or ["PPRF"]
            clinician = clinician_of(self.bundle, participant.individual, entry)
            if clinician:
                by_role.update((role, clinician) for role in roles if role and role not in by_role)
        main = by_role.get("PPRF") or by_role.get("ATND") or next(iter(by_role.values()), None)
        return Clinicians(rendering=main, attending=by_role.get("ATND") or main, referring=by_role.get("REF"))

    def _coverages(self, person: Entry, patient: Patient, days: Days, billed: Billed) -> list[ReadCoverage]:
        """The patient's coverages, as on the days of the visit."""
        if person.place not in self.coverages:
            self.coverages[person.place] = coverages_of(self.bundle, person)
        own = self.coverages[person.place]
        read = [read_coverage(self.bundle, each, person, patient, days) for each in (*own, *billed.adopted)]
        told = [each.note for each in read if each.note]
        self.report.notes += [note for note in told if note not in self.report.notes]
        return read


def _is_at(found: Entry | None, entry: Entry) -> bool:
    """Whether a reference led to that resource."""
    return found is not None and found.place == entry.place


def _updated(entry: Entry) -> datetime | None:
    """When a resource was updated last; None where it does not say."""
    meta = entry.resource.get("meta")
    return instant_of(meta.get("lastUpdated")) if isinstance(meta, dict) else None


def _natural_key(bundle: Bundle, encounter: fhir.Encounter) -> tuple[str, str]:
    ordered = sorted(encounter.identifier, key=lambda identifier: identifier.use != "official")
    for identifier in ordered:
        if identifier.value:
            return identifier.system or bundle.source or "fhir", identifier.value
    return bundle.source or "fhir", encounter.id or "without-id"
