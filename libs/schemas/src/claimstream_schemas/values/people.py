"""People and places. What identifies a patient is used inside an event's ``person`` block only."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from .base import Value
from .identifiers import Npi

Sex = Literal["F", "M", "U"]
State = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Address(Value):
    """A postal address in the United States."""

    line1: str = Field(max_length=55)
    line2: str | None = Field(default=None, max_length=55)
    city: str = Field(max_length=30)
    state: State
    postal_code: str = Field(pattern=r"^\d{5}(\d{4})?$", description="ZIP or ZIP+4, digits only")


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
