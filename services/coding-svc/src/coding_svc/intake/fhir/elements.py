"""The parts of FHIR R4 resources that a visit is read from. What a resource says beyond them stays in the kept bundle."""

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from .moments import Moment
from .moments import holds as _holds


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)


def _plain(word: str) -> str:
    return " ".join(word.replace("-", " ").replace("_", " ").casefold().split())


class Element(BaseModel):
    """A part of a resource; members that are not read are ignored here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Period(Element):
    """A span of time; the hours are kept as text because only an admission asks for them."""

    start: Moment | None = None
    end: Moment | None = None


def holds(period: Period | None, on: date | None) -> bool:
    """Whether what has that period holds on a day; what has none does."""
    return period is None or _holds(period.start, period.end, on)


class Identifier(Element):
    """An identifier within a system."""

    system: str | None = None
    value: str | None = None
    use: str | None = None
    type: "Concept | None" = None


class Coding(Element):
    """A code in a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None
    user_selected: bool | None = Field(default=None, alias="userSelected")


class Concept(Element):
    """A text, codes, or both."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None

    @property
    def said(self) -> str | None:
        """The text, else the first code's display."""
        return self.text or next((coding.display for coding in self.coding if coding.display), None)

    @property
    def words(self) -> tuple[str, ...]:
        """Its codes, then its text and displays, in small letters with single spaces."""
        said = (*(each.code for each in self.coding), self.text, *(each.display for each in self.coding))
        return tuple(_plain(word) for word in said if word and word.strip())

    def has(self, code: str) -> bool:
        """Whether one of its codes is that one."""
        return any(coding.code == code for coding in self.coding)


class Reference(Element):
    """A reference to another resource, or to who has an identifier."""

    reference: str | None = None
    identifier: Identifier | None = None
    display: str | None = None


class Quantity(Element):
    """A measured amount, an age for instance."""

    value: float | None = None
    unit: str | None = None
    code: str | None = None

    @property
    def measure(self) -> str:
        """Its unit in small letters; nothing where none is told."""
        return (self.code or self.unit or "").strip().lower()


class Range(Element):
    """Two amounts, between which it lies."""

    low: Quantity | None = None
    high: Quantity | None = None


class HumanName(Element):
    """A person's name."""

    use: str | None = None
    family: str | None = None
    given: tuple[str, ...] = ()
    suffix: tuple[str, ...] = ()
    text: str | None = None
    period: Period | None = None


class FhirAddress(Element):
    """A postal address."""

    use: str | None = None
    period: Period | None = None
    line: tuple[str, ...] = ()
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None

    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=lambda name: "postalCode" if name == "postal_code" else name
    )


class Resource(Element):
    """Any resource."""

    resource_type: str
    id: str | None = None
    identifier: tuple[Identifier, ...] = ()

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=_camel, populate_by_name=True)


_WITH_A_CLASS = ConfigDict(
    frozen=True,
    extra="ignore",
    alias_generator=lambda name: "class" if name == "class_" else _camel(name),
    populate_by_name=True,
)


class Patient(Resource):
    """Who was seen."""

    name: tuple[HumanName, ...] = ()
    gender: str | None = None
    birth_date: Moment | None = None
    address: tuple[FhirAddress, ...] = ()
    deceased_date_time: Moment | None = None


class RelatedPerson(Resource):
    """Someone of the patient's family, for instance the subscriber."""

    name: tuple[HumanName, ...] = ()
    gender: str | None = None
    birth_date: Moment | None = None
    address: tuple[FhirAddress, ...] = ()


class Participant(Element):
    """Someone who took part in an encounter."""

    type: tuple[Concept, ...] = ()
    individual: Reference | None = None


class EncounterLocation(Element):
    """A place of an encounter."""

    location: Reference | None = None


class Hospitalization(Element):
    """How a patient came and left."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=_camel)

    admit_source: Concept | None = None
    discharge_disposition: Concept | None = None


class EncounterDiagnosis(Element):
    """A condition, and the part it plays in the encounter; rank 1 is the first of its use."""

    condition: Reference | None = None
    use: Concept | None = None
    rank: int | None = None


class Encounter(Resource):
    """A visit."""

    status: str | None = None
    class_: Coding | None = None
    type: tuple[Concept, ...] = ()
    priority: Concept | None = None
    subject: Reference | None = None
    participant: tuple[Participant, ...] = ()
    period: Period | None = None
    reason_code: tuple[Concept, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    diagnosis: tuple[EncounterDiagnosis, ...] = ()
    location: tuple[EncounterLocation, ...] = ()
    account: tuple[Reference, ...] = ()
    service_provider: Reference | None = None
    hospitalization: Hospitalization | None = None

    model_config = _WITH_A_CLASS


class Condition(Resource):
    """A condition; it belongs to the encounter that it names."""

    code: Concept | None = None
    encounter: Reference | None = None
    subject: Reference | None = None
    category: tuple[Concept, ...] = ()
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    onset_date_time: Moment | None = None
    onset_period: Period | None = None
    onset_age: Quantity | None = None
    abatement_date_time: Moment | None = None
    abatement_period: Period | None = None
    abatement_age: Quantity | None = None
    abatement_range: Range | None = None
    abatement_string: str | None = None
    abatement_boolean: bool | None = None


class Performed(Resource):
    """What procedures, immunizations and reports have in common: a code, an encounter, a day."""

    status: str | None = None
    code: Concept | None = None
    vaccine_code: Concept | None = None
    encounter: Reference | None = None
    performed_period: Period | None = None
    performed_date_time: Moment | None = None
    occurrence_date_time: Moment | None = None
    effective_date_time: Moment | None = None
    effective_period: Period | None = None
    reason_reference: tuple[Reference, ...] = ()

    @property
    def what(self) -> Concept | None:
        """The code of what was done."""
        return self.vaccine_code or self.code

    @property
    def when(self) -> Moment | None:
        """When it was done, as written."""
        period = self.performed_period or self.effective_period
        begun = period.start if period else None
        return begun or self.performed_date_time or self.occurrence_date_time or self.effective_date_time


class Organization(Resource):
    """A place that gives or pays for care."""

    type: tuple[Concept, ...] = ()
    name: str | None = None
    alias: tuple[str, ...] = ()
    address: tuple[FhirAddress, ...] = ()


class Location(Resource):
    """A place."""

    name: str | None = None
    type: tuple[Concept, ...] = ()
    physical_type: Concept | None = None
    address: FhirAddress | None = None
    managing_organization: Reference | None = None


class Practitioner(Resource):
    """A clinician."""

    name: tuple[HumanName, ...] = ()


class PractitionerRole(Resource):
    """What a clinician is at a place."""

    practitioner: Reference | None = None
    organization: Reference | None = None
    code: tuple[Concept, ...] = ()
    specialty: tuple[Concept, ...] = ()


class CoverageClass(Element):
    """A group, plan or class that a coverage belongs to."""

    type: Concept | None = None
    value: str | None = None
    name: str | None = None


class Coverage(Resource):
    """Who pays."""

    status: str | None = None
    beneficiary: Reference | None = None
    subscriber: Reference | None = None
    subscriber_id: str | None = None
    relationship: Concept | None = None
    period: Period | None = None
    payor: tuple[Reference, ...] = ()
    order: int | None = None
    policy_holder: Reference | None = None
    class_: tuple[CoverageClass, ...] = ()

    model_config = _WITH_A_CLASS


class AccountCoverage(Element):
    """A coverage of an account, and its place in the order of billing."""

    coverage: Reference | None = None
    priority: int | None = None


class Account(Resource):
    """What an encounter is billed to."""

    coverage: tuple[AccountCoverage, ...] = ()
