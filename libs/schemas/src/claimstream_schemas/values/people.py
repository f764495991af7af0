"""People and places. What identifies a patient is used inside an event's ``person`` block only."""

import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from .base import Value
from .identifiers import Npi

Sex = Literal["F", "M", "U"]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


_STATE = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"[0-9]{5}([0-9]{4})?")
_SUBDIVISION = 3
_POSTAL_CODE = range(3, 16)


class Address(Value):
    """A postal address. In the United States it has a state and a ZIP code; elsewhere what that country has of them."""

    line1: str = Field(max_length=55)
    line2: str | None = Field(default=None, max_length=55)
    city: str = Field(max_length=30)
    state: str = Field(
        default="", description="Two letters; elsewhere the province or subdivision, if the country has any"
    )
    postal_code: str = Field(
        default="", description="ZIP or ZIP+4, digits only; elsewhere as the country has it, if it does"
    )
    country: str | None = Field(
        default=None, pattern=r"^[A-Z]{2}$", description="ISO 3166-1, two letters (N404); None: the United States"
    )

    @property
    def is_foreign(self) -> bool:
        """Whether it lies outside the United States."""
        return self.country not in (None, "US")

    @model_validator(mode="after")
    def _has_what_its_country_has(self) -> Self:
        if self.is_foreign:
            return self._fits_x12()
        if not _STATE.fullmatch(self.state):
            msg = "state: two letters; or give the country, where it is not the United States"
            raise ValueError(msg)
        if not _ZIP.fullmatch(self.postal_code):
            msg = (
                "postal_code: a ZIP code of five or nine digits; or give the country, where it is not the United States"
            )
            raise ValueError(msg)
        return self

    def _fits_x12(self) -> Self:
        """What N402, N403 and N407 take."""
        if self.country == "CA" and not _STATE.fullmatch(self.state):
            msg = "state: the two letters of the province"
            raise ValueError(msg)
        if len(self.state) > _SUBDIVISION:
            msg = f"state: at most {_SUBDIVISION} characters; leave it out where the country has no such code"
            raise ValueError(msg)
        if self.postal_code and len(self.postal_code) not in _POSTAL_CODE:
            msg = f"postal_code: {_POSTAL_CODE[0]} to {_POSTAL_CODE[-1]} characters; leave it out where the country has none"
            raise ValueError(msg)
        return self


class PersonName(Value):
    """A person's name as the payer knows it."""

    last: str = Field(min_length=1, max_length=60)
    first: str | None = Field(default=None, max_length=35)
    middle: str | None = Field(default=None, max_length=25)
    suffix: str | None = Field(default=None, max_length=10)


class Patient(Value):
    """Who was seen."""

    name: PersonName
    birth_date: date
    sex: Sex
    address: Address | None = None
    death_date: date | None = None
    medical_record_number: str | None = Field(default=None, max_length=50)


class Subscriber(Value):
    """Who holds the coverage. ``relationship`` is the patient's to the subscriber, X12 code: 18 self, 01 spouse, 19 child, 21 unknown, G8 other."""

    member_id: str = Field(min_length=2, max_length=80)
    group_number: str | None = Field(default=None, max_length=50)
    group_name: str | None = Field(default=None, max_length=60, description="SBR04, sent where there is no number")
    relationship: Literal["18", "01", "19", "20", "21", "39", "40", "53", "G8"] = "18"
    name: PersonName
    birth_date: date | None = None
    sex: Sex = "U"
    address: Address | None = None


class Guarantor(Value):
    """Who answers for the patient's own share; not the patient where it is set."""

    name: PersonName
    address: Address | None = None


class Provider(Value):
    """A person or an organisation that renders, refers, supervises, attends or operates."""

    npi: Npi
    last_name: str = Field(max_length=60, description="A person's last name, or the organisation's name")
    first_name: str | None = Field(default=None, max_length=35, description="None for an organisation")
    taxonomy: str | None = Field(default=None, max_length=10, description="NUCC taxonomy code")


class Facility(Value):
    """Where the service was given, when that is not the billing provider's own address."""

    name: str = Field(max_length=60)
    npi: Npi | None = None
    address: Address
