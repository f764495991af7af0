"""What the sets of questions and answers (270, 271, 276, 277, 278) share: traces, refusals, persons, deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """TRN: the number by which whoever asked knows the question again."""

    kind: Annotated[str, "TRN01"] = "1"  # 1 of this transaction, 2 of the one that it answers
    number: Annotated[str, "TRN02"]
    company: Annotated[str, "TRN03"] = ""  # whose number it is: 9 or 1 with a tax number
    supplement: Annotated[str, "TRN04"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """AAA: why a question cannot be answered, and what to do."""

    valid: Annotated[str, "AAA01"] = "N"  # Y the request was valid, and is refused all the same
    reason: Annotated[str, "AAA03"] = ""  # 42 cannot respond now, 72 invalid member id, 75 not found …
    follow_up: Annotated[str, "AAA04"] = ""  # C correct and resubmit, N no resubmission, R allowed, S do not resubmit …


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRole:
    """PRV: what a provider is to this patient or service, and its taxonomy or other number."""

    role: Annotated[str, "PRV01"]  # PE performing, RF referring, AT attending …
    qualifier: Annotated[str, "PRV02"] = ""  # PXC taxonomy, 9K, HPI …
    id: Annotated[str, "PRV03"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCode:
    """C022: a diagnosis or another code of an HI segment."""

    qualifier: Annotated[str, "1"]  # ABK principal, ABF other, ABJ admitting, DR, LOI …
    code: Annotated[str, "2"]  # without the point
    date_form: Annotated[str, "3"] = ""  # D8, RD8
    dates: Annotated[str, "4"] = ""
    amount: Annotated[Decimal | None, "5"] = None
    quantity: Annotated[Decimal | None, "6"] = None
    version: Annotated[str, "7"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """HSD: how much of a service, how often, in which time and pattern."""

    quantity_kind: Annotated[str, "HSD01"] = ""  # DY days, FL units, HS hours, MN months, VS visits
    quantity: Annotated[Decimal | None, "HSD02"] = None
    frequency_unit: Annotated[str, "HSD03"] = ""  # DA, MO, VS, WK, YR
    frequency: Annotated[Decimal | None, "HSD04"] = None
    period_kind: Annotated[str, "HSD05"] = ""  # 21 years, 27 visit, 29 remaining, 34 month, 35 week …
    periods: Annotated[int | None, "HSD06"] = None
    pattern: Annotated[str, "HSD07"] = ""  # days of the week or month
    time_of_day: Annotated[str, "HSD08"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """INS: what a person is to the subscriber."""

    is_subscriber: Annotated[str, "INS01"]  # Y, N
    relationship: Annotated[str, "INS02"]  # 18 self, 01 spouse, 19 child, 34 other adult, G8 other …
    maintenance: Annotated[str, "INS03"] = ""  # 001: identifying data have changed
    maintenance_reason: Annotated[str, "INS04"] = ""  # 25
    benefit_status: Annotated[str, "INS05"] = ""  # 278
    employment: Annotated[str, "INS08"] = ""  # 278
    student: Annotated[str, "INS09"] = ""  # F, P, N
    disabled: Annotated[str, "INS10"] = ""  # Y, N
    birth_sequence: Annotated[int | None, "INS17"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Military:
    """MPI: service in the armed forces."""

    status: Annotated[str, "MPI01"]  # A partial, C current, L latest, O oldest, P prior, S second most current, T third
    employment: Annotated[str, "MPI02"]  # AE, AO, RE …
    branch: Annotated[str, "MPI03"]  # A air force, C army, E marine corps …
    description: Annotated[str, "MPI04"] = ""
    rank: Annotated[str, "MPI05"] = ""
    period_form: Annotated[str, "MPI06"] = ""  # D8, RD8
    period: Annotated[str, "MPI07"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """DMG: what identifies a person besides the name."""

    born: Annotated[date | None, "DMG01=D8 DMG02"] = None
    gender: Annotated[str, "DMG03"] = ""  # F, M, U
