"""What a review of services asks to know about special care: ambulance, spinal manipulation, oxygen, home health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """CRC: conditions that hold, or do not, for one kind of care."""

    category: Annotated[str, "CRC01"]  # 07 ambulance, 08 chiropractic, 09 equipment, 11 oxygen, 75, 76, 77
    applies: Annotated[str, "CRC02"]  # Y, N
    codes: Annotated[tuple[str, ...], "CRC03 to CRC07"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """CL1: how a patient came in, and how the stay ends."""

    admission_type: Annotated[str, "CL101"] = ""
    admission_source: Annotated[str, "CL102"] = ""
    patient_status: Annotated[str, "CL103"] = ""
    nursing_home_residency: Annotated[str, "CL104"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbulanceTransport:
    """CR1."""

    weight_unit: Annotated[str, "CR101"] = ""  # LB, KG
    weight: Annotated[Decimal | None, "CR102"] = None
    transport: Annotated[str, "CR103"] = ""  # I initial, R return, T transfer, X round trip
    reason: Annotated[str, "CR104"] = (
        ""  # A nearest facility, B preferred doctor, C family, D specialist, E rehabilitation
    )
    distance_unit: Annotated[str, "CR105"] = ""  # DH miles, DK kilometres
    distance: Annotated[Decimal | None, "CR106"] = None
    origin: Annotated[str, "CR107"] = ""
    destination: Annotated[str, "CR108"] = ""
    round_trip_purpose: Annotated[str, "CR109"] = ""
    stretcher_purpose: Annotated[str, "CR110"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpinalManipulation:
    """CR2."""

    treatment_number: Annotated[int | None, "CR201"] = None
    treatments: Annotated[Decimal | None, "CR202"] = None
    subluxation_from: Annotated[str, "CR203"] = ""
    subluxation_to: Annotated[str, "CR204"] = ""
    period_unit: Annotated[str, "CR205"] = ""
    periods: Annotated[Decimal | None, "CR206"] = None
    monthly_treatments: Annotated[Decimal | None, "CR207"] = None
    condition: Annotated[str, "CR208"] = ""  # A acute, C chronic …
    complication: Annotated[str, "CR209"] = ""  # Y, N
    description: Annotated[str, "CR210"] = ""
    more_description: Annotated[str, "CR211"] = ""
    x_rays: Annotated[str, "CR212"] = ""  # Y, N


@dataclass(frozen=True, slots=True, kw_only=True)
class OxygenTherapy:
    """CR5."""

    certification: Annotated[str, "CR501"] = ""  # I initial, R renewal, S revised
    treatment_periods: Annotated[Decimal | None, "CR502"] = None
    equipment: Annotated[str, "CR503"] = ""
    second_equipment: Annotated[str, "CR504"] = ""
    reason: Annotated[str, "CR505"] = ""
    flow_rate: Annotated[Decimal | None, "CR506"] = None
    daily_uses: Annotated[Decimal | None, "CR507"] = None
    hours_a_use: Annotated[Decimal | None, "CR508"] = None
    therapist_order: Annotated[str, "CR509"] = ""
    blood_gas: Annotated[Decimal | None, "CR510"] = None
    saturation: Annotated[Decimal | None, "CR511"] = None
    test_condition: Annotated[str, "CR512"] = ""
    findings: Annotated[tuple[str, ...], "CR513 to CR515"] = ()
    portable_flow_rate: Annotated[Decimal | None, "CR516"] = None
    delivery_system: Annotated[str, "CR517"] = ""
    third_equipment: Annotated[str, "CR518"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeHealthCare:
    """CR6."""

    prognosis: Annotated[str, "CR601"]
    start: Annotated[date | None, "CR602"]
    period_form: Annotated[str, "CR603"] = ""  # RD8
    period: Annotated[str, "CR604"] = ""  # certified
    diagnosed_on: Annotated[date | None, "CR605"] = None
    skilled_nursing_facility: Annotated[str, "CR606"] = ""
    medicare_covered: Annotated[str, "CR607"] = ""
    certification: Annotated[str, "CR608"] = ""  # I initial, R renewal, S revised …
    surgery_on: Annotated[date | None, "CR609"] = None
    surgery_qualifier: Annotated[str, "CR610"] = ""
    surgery: Annotated[str, "CR611"] = ""
    ordered_on: Annotated[date | None, "CR612"] = None
    last_visit: Annotated[date | None, "CR613"] = None
    physician_contact: Annotated[date | None, "CR614"] = None
    admission_form: Annotated[str, "CR615"] = ""  # RD8
    last_admission: Annotated[str, "CR616"] = ""
    discharged_from: Annotated[str, "CR617"] = ""
    secondary_diagnosed_on: Annotated[date | None, "CR618"] = None
    third_diagnosed_on: Annotated[date | None, "CR619"] = None
    fourth_diagnosed_on: Annotated[date | None, "CR620"] = None
    fifth_diagnosed_on: Annotated[date | None, "CR621"] = None
