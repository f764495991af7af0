"""The native encounter: what an EHR posts as JSON. An unknown field is a mistake and is refused with its place."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from claimstream_schemas.values.base import NO_TEXT, Document
from claimstream_schemas.values.days import Day
from claimstream_schemas.values.encounter import DiagnosisKind, Modifier, NdcUnit, PoaIndicator, VisitFacts
from claimstream_schemas.values.money import LARGEST_AMOUNT, Charge, SomeUnits
from claimstream_schemas.values.people import Address, Guarantor, Patient, PersonName, Sex, Subscriber
from claimstream_schemas.values.revenue_codes import has_hipps_code
from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from ..domain.visit import (
    UNFINISHED,
    Clinician,
    Clinicians,
    Condition,
    Service,
    Setting,
    StatedCode,
    StatedCoverage,
    StatedStay,
    Visit,
    VisitStatus,
    kind_billed_in,
)

Short = Annotated[str, StringConstraints(min_length=1, max_length=120)]
_HIPPS = re.compile("[0-9A-Za-z]{5}")


def _icd10(code: str) -> str:
    return code.replace(".", "").upper()


Icd10 = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][0-9][0-9A-Za-z](\.?[0-9A-Za-z]{1,4})?$"),
    AfterValidator(_icd10),
]


Fault = tuple[tuple[int | str, ...], str]
"""Where in the document, and what is wanted there."""


def _fault(place: tuple[int | str, ...], problem: str) -> InitErrorDetails:
    return InitErrorDetails(
        type=PydanticCustomError("fits_together", "{problem}", {"problem": problem}), loc=place, input=None
    )


class StatedDiagnosis(Document):
    """Why the patient came, or what was found: an ICD-10-CM code, a text for the encoder, or the EHR's own code with its text."""

    code: Icd10 | None = Field(default=None, description="ICD-10-CM, with or without its dot")
    text: str | None = Field(default=None, min_length=2, max_length=400)
    source: StatedCode | None = Field(default=None, description="The EHR's own code, e.g. of SNOMED CT")
    kind: DiagnosisKind | None = None
    present_on_admission: PoaIndicator | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.code is None and self.text is None:
            msg = "give a code or a text"
            raise ValueError(msg)
        return self

    def to_condition(self, place: int) -> Condition:
        """The condition that this states; services point to it by its place."""
        return Condition(
            name=str(place),
            icd10=self.code,
            codes=(self.source,) if self.source else (),
            text=self.text,
            kind=self.kind,
            present_on_admission=self.present_on_admission,
        )


class StatedService(Document):
    """Something done: a HCPCS or CPT code, a revenue code, or a code that the practice's charge master knows."""

    line_id: Short | None = Field(
        default=None, description="The EHR's id of the line; the line's ordinal where there is none"
    )
    service_from: Day | None = Field(default=None, description="None: the day of the visit")
    service_to: Day | None = None
    procedure: str | None = Field(
        default=None,
        min_length=4,
        max_length=7,
        description="HCPCS or CPT code; with revenue code 0022, 0023 or 0024 the HIPPS code",
    )
    source: StatedCode | None = Field(default=None, description="A code of the charge master, instead of a procedure")
    modifiers: tuple[Modifier, ...] = Field(default=(), max_length=4)
    revenue_code: str | None = Field(default=None, pattern=r"^[0-9]{4}$")
    units: SomeUnits | None = Field(default=None, description="More than 0; None: one")
    unit_of_measure: Literal["UN", "MJ", "DA"] = "UN"
    charge: Charge | None = Field(default=None, description="None: the charge master's price")
    diagnosis_pointers: tuple[Annotated[int, Field(ge=1, le=25), NO_TEXT], ...] = Field(
        default=(), max_length=4, description="Places in the list of diagnoses, from 1"
    )
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    prior_authorization: str | None = Field(default=None, max_length=50)
    ndc: str | None = Field(default=None, pattern=r"^[0-9]{11}$")
    ndc_quantity: SomeUnits | None = Field(
        default=None, description="How much of the drug, in ndc_unit; not the procedure's units"
    )
    ndc_unit: NdcUnit | None = Field(
        default=None, description="F2 international unit, GR gram, ME milligram, ML millilitre, UN unit"
    )
    label: str | None = Field(default=None, max_length=80, description="Your own words")
    rendering: Clinician | None = None

    @model_validator(mode="after")
    def _says_what_was_done(self) -> Self:
        if self.procedure is None and self.source is None and self.revenue_code is None:
            msg = "give a procedure, a revenue_code or a source code of the charge master"
            raise ValueError(msg)
        if self.procedure and has_hipps_code(self.revenue_code) and not _HIPPS.fullmatch(self.procedure):
            msg = f"the procedure of revenue code {self.revenue_code} is a HIPPS code: five letters or digits"
            raise ValueError(msg)
        return self

    def to_service(self, ordinal: int, started_on: date) -> Service:
        """The service that this states."""
        return Service(
            name=self.line_id or str(ordinal),
            service_from=self.service_from or started_on,
            service_to=self.service_to,
            codes=(self.source,) if self.source else (),
            text=self.label,
            procedure=self.procedure.upper() if self.procedure else None,
            modifiers=self.modifiers,
            revenue_code=self.revenue_code,
            units=self.units,
            unit_of_measure=self.unit_of_measure,
            charge=self.charge,
            diagnosis_pointers=self.diagnosis_pointers,
            place_of_service=self.place_of_service,
            prior_authorization=self.prior_authorization,
            ndc=self.ndc,
            ndc_quantity=self.ndc_quantity,
            ndc_unit=self.ndc_unit,
            rendering=self.rendering,
        )


class SubscriberPerson(Document):
    """Who holds the coverage, where that is not the patient."""

    name: PersonName
    birth_date: Day | None = None
    sex: Sex = "U"
    address: Address | None = None


class StatedNativeCoverage(Document):
    """A coverage, in the order of billing."""

    payer: Short = Field(description="The payer's key, X12 id or name in the practice's list")
    member_id: str = Field(min_length=2, max_length=80)
    group_number: str | None = Field(default=None, max_length=50)
    relationship: Literal["18", "01", "19", "20", "21", "39", "40", "53", "G8"] = Field(
        default="18", description="The patient's relationship to the subscriber: 18 self, 01 spouse, 19 child, …"
    )
    subscriber: SubscriberPerson | None = Field(default=None, description="None: the patient")
    period_start: Day | None = None
    period_end: Day | None = None
    insurance_type: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{1,3}$",
        description="SBR05: why Medicare is secondary (12 to 16, 41 to 43, 47); MG, MI, SP name a supplement of Medicare",
    )
    filing_code: str | None = Field(
        default=None, pattern=r"^[A-Z0-9]{1,2}$", description="SBR09 of this plan; None: the payer's own"
    )

    @model_validator(mode="after")
    def _a_dependent_names_the_subscriber(self) -> Self:
        if self.relationship != "18" and self.subscriber is None:
            msg = "give the subscriber: the patient is not (relationship is not 18)"
            raise ValueError(msg)
        return self

    def is_held_by_another(self, patient: Patient) -> bool:
        """Whether it says at once that the patient holds it and that somebody else does."""
        holder = self.subscriber
        if self.relationship != "18" or holder is None:
            return False
        mine, theirs = patient.name, holder.name
        names = [(name.last.casefold(), (name.first or "").casefold()) for name in (mine, theirs)]
        return names[0] != names[1] or holder.birth_date not in (None, patient.birth_date)

    def to_coverage(self, patient: Patient) -> StatedCoverage:
        """The coverage that this states."""
        holder: Patient | SubscriberPerson = self.subscriber or patient
        return StatedCoverage(
            payers=(self.payer,),
            subscriber=Subscriber(
                member_id=self.member_id,
                group_number=self.group_number,
                relationship=self.relationship,
                name=holder.name,
                birth_date=holder.birth_date,
                sex=holder.sex,
                address=holder.address,
            ),
            period_start=self.period_start,
            period_end=self.period_end,
            insurance_type=self.insurance_type,
            filing_code=self.filing_code,
        )


class EncounterDocument(Document):
    """One encounter. (source_system, encounter_id) name it: sent again with other content, it is the next version."""

    encounter_id: Short = Field(description="The EHR's own id of the encounter")
    source_system: Short = Field(description="The EHR that says it")
    kind: Setting = "professional"
    status: VisitStatus = Field(
        default="finished",
        description="finished is billed; cancelled and entered-in-error are not; any other waits for a later version or a cut_off",
    )
    started_on: Day
    ended_on: Day | None = Field(default=None, description="None: the same day; of a stay in a bed: not known")
    cut_off: Day | None = Field(
        default=None,
        description="The last day that is billed now of an encounter that goes on (interim and monthly series bills)",
    )
    location: Short | None = Field(default=None, description="Id of one of the practice's locations")
    place_of_service: str | None = Field(default=None, pattern=r"^[0-9]{2}$")
    visit_type: StatedCode | None = Field(default=None, description="Kind of visit in the EHR's own code")
    visit_type_text: str | None = Field(
        default=None, max_length=200, description="Kind of visit in words, e.g. annual physical"
    )
    patient: Patient
    guarantor: Guarantor | None = None
    coverages: tuple[StatedNativeCoverage, ...] = Field(
        default=(), max_length=9, description="None is a self-pay visit"
    )
    providers: Clinicians = Clinicians()
    diagnoses: tuple[StatedDiagnosis, ...] = Field(default=(), max_length=40)
    services: tuple[StatedService, ...] = Field(default=(), max_length=400)
    stay: StatedStay | None = Field(
        default=None,
        description="Institutional encounters; of a professional one the admitted_on of a patient in a bed counts, and nothing else",
    )
    facts: VisitFacts = VisitFacts()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        faults = [*self._faults_of_days(), *self._faults_of_lines(), *self._faults_of_coverages()]
        if kind_billed_in(self.kind).has_stay and (self.stay is None or self.stay.type_of_bill is None):
            faults.append((("stay", "type_of_bill"), "an institutional encounter needs its stay with a type_of_bill"))
        if faults:
            raise ValidationError.from_exception_data(type(self).__name__, [_fault(*fault) for fault in faults])
        return self

    def _faults_of_days(self) -> Iterator[Fault]:
        if self.ended_on and self.ended_on < self.started_on:
            yield ("ended_on",), "ended_on lies before started_on"
        if self.cut_off and self.status not in UNFINISHED:
            problem = (
                "cut_off is for an encounter that goes on: give its status, such as in-progress, or leave cut_off out"
            )
            yield ("cut_off",), problem
        if self.cut_off and self.cut_off < self.started_on:
            yield ("cut_off",), "cut_off lies before started_on"

    def _faults_of_lines(self) -> Iterator[Fault]:
        if sum(service.charge or 0 for service in self.services) > LARGEST_AMOUNT:
            yield ("services",), f"the charges add up to more than {LARGEST_AMOUNT:,}"
        seen: set[str] = set()
        for place, service in enumerate(self.services):
            name = service.line_id or str(place + 1)
            if name in seen:
                yield ("services", place, "line_id"), "two services have the same line_id"
            seen.add(name)

    def _faults_of_coverages(self) -> Iterator[Fault]:
        for place, coverage in enumerate(self.coverages):
            if coverage.period_start and coverage.period_end and coverage.period_end < coverage.period_start:
                yield ("coverages", place, "period_end"), "period_end lies before period_start"
            if coverage.is_held_by_another(self.patient):
                problem = "18 says that the patient holds it, and its subscriber is somebody else"
                yield ("coverages", place, "relationship"), problem

    def to_visit(self) -> Visit:
        """The visit that this states."""
        said = self.visit_type is not None or self.visit_type_text is not None
        kind = Condition(codes=(self.visit_type,) if self.visit_type else (), text=self.visit_type_text)
        return Visit(
            source_system=self.source_system,
            ehr_encounter_id=self.encounter_id,
            format="native",
            setting=self.kind,
            status=self.status,
            cut_off=self.cut_off,
            started_on=self.started_on,
            ended_on=self.ended_on,
            types=(kind,) if said else (),
            conditions=tuple(diagnosis.to_condition(place) for place, diagnosis in enumerate(self.diagnoses, 1)),
            services=tuple(
                service.to_service(place, self.started_on) for place, service in enumerate(self.services, 1)
            ),
            patient=self.patient,
            guarantor=self.guarantor,
            coverages=tuple(coverage.to_coverage(self.patient) for coverage in self.coverages),
            clinicians=self.providers,
            location_ids=(self.location,) if self.location else (),
            place_of_service=self.place_of_service,
            patient_status="inpatient" if self.stay and self.stay.admitted_on else None,
            is_skilled_nursing=bool(self.stay and (self.stay.type_of_bill or "").startswith("21")),
            stay=self.stay,
            facts=self.facts,
        )


def example() -> dict[str, Any]:
    """An encounter of an invented patient, for the documentation."""
    return {
        "encounter_id": "V-1001",
        "source_system": "bay-ehr",
        "started_on": "2026-08-03",
        "location": "bay-state-main",
        "patient": {"name": {"last": "Sample", "first": "Robin"}, "birth_date": "1980-02-01", "sex": "F"},
        "coverages": [{"payer": "blue-cross", "member_id": "BCB445566"}],
        "providers": {"rendering": {"id": "dr-okafor"}},
        "diagnoses": [{"code": "E11.9"}],
        "services": [{"procedure": "99213", "charge": "155.00", "diagnosis_pointers": [1]}],
    }
