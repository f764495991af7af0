"""The practice: who bills, where, for which payers; as people write it by hand, with its fee schedules and its charge master."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import to_json

from .base import NO_TEXT, Document, Flag
from .days import Day
from .encounter import ClaimKind, Modifier
from .identifiers import PracticeId
from .money import Charge, Percent, SomePercent, Units
from .people import State

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        msg = "no time zone of the IANA list has this name; write for instance America/New_York"
        raise ValueError(msg) from error
    return name


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_zone)]
"""A name of the IANA time zone list."""


def _digits(count: int) -> Callable[[str], str]:
    wanted = re.compile(rf"([0-9]{{{count}}})?")

    def check(text: str) -> str:
        if not wanted.fullmatch(text):
            msg = f"{count} digits"
            raise ValueError(msg)
        return text

    return check


NpiIfAny = Annotated[str, AfterValidator(_digits(10))]
PlaceIfAny = Annotated[str, AfterValidator(_digits(2))]

WayOfCorrecting = Literal["replacement", "new_claim", "reopening"]
PART_B: ClaimKind = "professional"
"""Original Medicare's contractors of Part B take professional claims."""

MEDICARE = frozenset({"MA", "MB"})
"""Filing codes (SBR09) of original Medicare."""

PACK_BY_FILING_CODE: Mapping[str, str] = MappingProxyType(
    {"MA": "medicare", "MB": "medicare", "MC": "medicaid", "16": "medicare-advantage"}
)
"""The rule pack of a payer that names none, by filing code (SBR09): original Medicare, Medicaid, Medicare Advantage."""

LocationKind = Literal["clinic", "hospital", "nursing_home"]
"""A hospital or a nursing home has no single place of service (CMS, MCPM 26 §10.5)."""


class PracticeAddress(Document):
    """A street address; a billing address needs ZIP+4 and is no PO box."""

    line1: str = Field(max_length=55)
    line2: str | None = Field(default=None, max_length=55)
    city: str = Field(max_length=30)
    state: State
    postal_code: str = Field(pattern=r"^[0-9]{9}$", description="ZIP+4, nine digits")


class Contact(Document):
    """Who answers a payer's call (PER)."""

    name: str = Field(max_length=60)
    phone: str = Field(pattern=r"^[0-9]{10}$")


class Payer(Document):
    """A payer of the practice: the name and the ids it goes by, its filing rule and its contract."""

    id: Key
    name: str = Field(max_length=60)
    x12_id: str = Field(min_length=2, max_length=20, description="NM109 of 2010BB")
    receiver_id: str = Field(min_length=2, max_length=15, description="ISA08/GS03: the partner that takes its files")
    claim_filing_indicator: str = Field(min_length=1, max_length=2, description="SBR09, e.g. MB, MC, CI, BL, HM")
    timely_filing_days: Annotated[int, Field(ge=1, le=3650), NO_TEXT] = Field(
        description="From the service date to our submission"
    )
    appeal_days: Annotated[int, Field(ge=1, le=3650), NO_TEXT] = Field(
        default=180, description="From the payment date to our answer"
    )
    fee_schedule: Key | None = Field(default=None, description="None: what to expect is unknown")
    also_known_as: tuple[str, ...] = Field(default=(), description="Ids or names the EHR uses for it")
    reports_patient_paid: Flag | None = Field(
        default=None,
        description="Whether claims tell what the patient paid (AMT*F5, value code FC); None: all but Medicare",
    )
    corrections: dict[ClaimKind, WayOfCorrecting] = Field(
        default_factory=dict,
        description="How it takes a correction of what it has decided, by kind of claim; else a replacement, of Medicare's Part B a reopening",
    )
    newborns: Literal["own_id", "mothers_id"] = Field(
        default="own_id",
        description="Whether a newborn waits for a member id of its own, or is billed under its mother's",
    )

    pack: Key | None = Field(
        default=None,
        description="Rule pack that its claims meet beside those for all; None: by filing code (MA and MB medicare, MC medicaid, 16 medicare-advantage)",
    )

    def pack_for(self, filing_code: str) -> str | None:
        """The rule pack of a plan of this payer: the payer's own, else by the plan's filing code."""
        return self.pack or PACK_BY_FILING_CODE.get(filing_code)

    def way_of_correcting(self, kind: ClaimKind) -> WayOfCorrecting:
        """Its own policy; without one Medicare's Part B takes a reopening (42 CFR 405.980), every other payer a replacement."""
        is_part_b = kind == PART_B and self.claim_filing_indicator in MEDICARE
        return self.corrections.get(kind, "reopening" if is_part_b else "replacement")


class Fee(Document):
    """What a contract allows for one procedure."""

    procedure: str = Field(min_length=4, max_length=5)
    modifier: Modifier | None = None
    allowed: Charge


class FeeSchedule(Document):
    """A contract: per-code amounts first, else a percentage of the charge, else unknown.

    ``payer_share_percent`` is what the payer pays of the allowed amount where the patient's share is not known before
    the remittance; the expected payment is an expectation, not a promise.
    """

    id: Key
    version: str = Field(max_length=40)
    effective_from: Day
    effective_to: Day | None = None
    fees: tuple[Fee, ...] = ()
    percent_of_charge: SomePercent | None = None
    payer_share_percent: Percent = Decimal(100)


class SourceCode(Document):
    """A code as an EHR's own system writes it."""

    system: str = Field(description="E.g. snomed, loinc, cvx, or the EHR's own name for its list")
    code: str


class ChargeItem(Document):
    """One entry of the charge master: what the EHR says, what is billed for it, and the price."""

    sources: tuple[SourceCode, ...] = Field(min_length=1)
    procedure: str = Field(min_length=4, max_length=5, description="HCPCS or CPT code")
    modifiers: tuple[Modifier, ...] = ()
    revenue_code: str | None = Field(default=None, pattern=r"^[0-9]{4}$")
    units: Units = Decimal(1)
    price: Charge
    label: str = Field(max_length=80, description="The practice's own words; never a CPT descriptor")
    is_visit: Flag = Field(default=False, description="The visit's own code")


class ServiceLocation(Document):
    """A place where the practice sees patients."""

    id: str = Field(max_length=64, description="The EHR's id of the organisation or location")
    name: str = Field(max_length=60)
    npi: NpiIfAny = Field(default="", description="None where it bills and serves under the practice's own")
    address: PracticeAddress
    place_of_service: PlaceIfAny = Field(
        default="",
        description="Of a clinic; a hospital or nursing home has no single one, there the patient's status decides",
    )
    kind: LocationKind = "clinic"
    off_campus: Flag = Field(default=False, description="A hospital's department off its campus: place of service 19")
    time_zone: TimeZone | None = Field(default=None, description="Where its days begin; None: the practice's")
    taxonomy: str | None = Field(default=None, min_length=10, max_length=10)
    tax_id: str | None = Field(default=None, pattern=r"^[0-9]{9}$")
    bills: tuple[ClaimKind, ...] | None = Field(
        default=None,
        description="Kinds of claim that it bills under its own name, NPI and address; None: a hospital or nursing home its institutional ones",
    )

    def bills_itself(self, kind: ClaimKind) -> bool:
        """Whether claims of this kind name it, and not the practice, as who bills (loop 2010AA)."""
        own: tuple[ClaimKind, ...] = ("institutional",) if self.kind in ("hospital", "nursing_home") else ()
        return bool(self.npi) and kind in (own if self.bills is None else self.bills)


class RosterEntry(Document):
    """A clinician of the practice; the roster's NPI goes before the EHR's."""

    id: str = Field(max_length=64, description="The EHR's id of the practitioner")
    npi: str = Field(pattern=r"^[0-9]{10}$")
    last_name: str = Field(max_length=60)
    first_name: str | None = Field(default=None, max_length=35)
    taxonomy: str | None = Field(default=None, max_length=10)


class Practice(Document):
    """A practice: who bills, where and by whom, for which payers."""

    id: PracticeId
    name: str = Field(max_length=60)
    npi: str = Field(pattern=r"^[0-9]{10}$")
    tin: str = Field(pattern=r"^[0-9]{9}$")
    taxonomy: str = Field(min_length=10, max_length=10)
    address: PracticeAddress
    contact: Contact
    submitter_id: str = Field(min_length=2, max_length=15, description="ISA06/GS02")
    shares_identifiers_with: tuple[PracticeId, ...] = Field(
        default=(),
        max_length=100,
        description="Practices here that may have the same tax id (a hospital and its group) or the same submitter id (that of"
        " a billing agent); each names the other. An NPI is never shared.",
    )
    clia_number: str | None = Field(
        default=None,
        pattern=r"^[0-9]{2}D[0-9]{7}$",
        description="CLIA number of its own laboratory (REF*X4), for tests whose encounter names none",
    )
    time_zone: TimeZone | None = Field(
        default=None, description="Where its days begin; None: the day of service is the one that the EHR writes"
    )
    payers: tuple[Payer, ...] = Field(min_length=1)
    locations: tuple[ServiceLocation, ...] = ()
    roster: tuple[RosterEntry, ...] = ()

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        payers = [payer.id for payer in self.payers]
        if twice := {name for name in payers if payers.count(name) > 1}:
            msg = f"payers: {', '.join(sorted(twice))} is there twice"
            raise ValueError(msg)
        return self

    def payer(self, key: str) -> Payer | None:
        """The payer with that key."""
        return next((payer for payer in self.payers if payer.id == key), None)

    def payer_known_as(self, name: str) -> Payer | None:
        """The payer with that key, X12 id, name or other name, whatever its case."""
        return self._payers_by_name.get(name.strip().casefold())

    def clinician_known_as(self, *names: str | None) -> RosterEntry | None:
        """The first of the roster that goes by one of these ids or NPIs."""
        places = [place for name in names if name and (place := self._roster_places.get(name)) is not None]
        return self.roster[min(places)] if places else None

    def location_known_as(self, *names: str) -> ServiceLocation | None:
        """The first of the locations that goes by one of these ids."""
        places = [place for name in names if (place := self._location_places.get(name)) is not None]
        return self.locations[min(places)] if places else None

    @cached_property
    def _location_places(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, location in enumerate(self.locations):
            found.setdefault(location.id, place)
        return found

    @cached_property
    def _payers_by_name(self) -> dict[str, Payer]:
        found: dict[str, Payer] = {}
        for payer in self.payers:
            for text in (payer.id, payer.x12_id, payer.name, *payer.also_known_as):
                found.setdefault(text.casefold(), payer)
        return found

    @cached_property
    def _roster_places(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for place, entry in enumerate(self.roster):
            found.setdefault(entry.id, place)
        for place, entry in enumerate(self.roster):
            found.setdefault(entry.npi, place)
        return found


class PracticeDocument(Practice):
    """A practice as loaded by ``PUT /practices/{id}``: with its fee schedules and its charge master."""

    fee_schedules: tuple[FeeSchedule, ...] = ()
    charge_master: tuple[ChargeItem, ...] = ()

    @model_validator(mode="after")
    def _fee_schedules_are_known(self) -> Self:
        schedules = {schedule.id for schedule in self.fee_schedules}
        for payer in self.payers:
            if payer.fee_schedule and payer.fee_schedule not in schedules:
                msg = f"payers/{payer.id}/fee_schedule: no fee schedule is called {payer.fee_schedule}"
                raise ValueError(msg)
        return self

    @property
    def without_prices(self) -> Practice:
        """The practice alone."""
        return Practice(**{name: getattr(self, name) for name in Practice.model_fields})


P = TypeVar("P", bound=Practice)


def read_practice(document: Mapping[str, Any], kind: type[P]) -> P:
    """The practice of a stored document. The same document gives the same value, so that it is read once and its indexes are kept."""
    found = _read(to_json(document), kind)
    if not isinstance(found, kind):
        raise TypeError(f"{type(found).__name__} is no {kind.__name__}")
    return found


@lru_cache(maxsize=64)
def _read(document: bytes, kind: type[Practice]) -> Practice:
    return kind.model_validate_json(document)
