"""In which setting a visit took place, and what is known of a hospital stay."""

import re
from datetime import date

from claimstream_schemas.values.encounter import Stay

from ..visit import Setting
from . import elements as fhir

_INPATIENT = ("IMP", "ACUTE", "NONAC")
_PLACE_BY_CLASS = {"EMER": "23", "VR": "10", "HH": "12"}
_URGENT_CARE = "20"
_PRIORITY = {"EM": "1", "UR": "2", "EL": "3"}
_HOUR = slice(11, 13)
_NUBC_STATUS = re.compile("[0-9]{1,2}")


def setting_of(encounter: fhir.Encounter) -> Setting:
    """Whether a facility or a professional bills: a stay in a bed is the facility's."""
    return "institutional" if encounter.class_ and encounter.class_.code in _INPATIENT else "professional"


def place_of(encounter: fhir.Encounter) -> str | None:
    """The place of service that class or type say; None leaves it to the location."""
    if any("urgent care" in (concept.said or "").lower() for concept in encounter.type):
        return _URGENT_CARE
    return _PLACE_BY_CLASS.get(encounter.class_.code or "") if encounter.class_ else None


def stay_of(encounter: fhir.Encounter, started: date) -> Stay | None:
    """The hospital stay. What the record does not tell is «information not available» (9), not a guess."""
    if setting_of(encounter) != "institutional":
        return None
    period = encounter.period or fhir.Period()
    hospitalization = encounter.hospitalization or fhir.Hospitalization()
    priority = next((coding.code for coding in (encounter.priority or fhir.Concept()).coding), None)
    skilled = any("skilled nursing" in (concept.said or "").lower() for concept in encounter.type)
    return Stay(
        type_of_bill="21" if skilled else "11",
        admitted_on=started,
        admitted_hour=_hour(period.start),
        discharged_hour=_hour(period.end),
        admission_type=_PRIORITY.get(priority or "", "9"),
        admission_source="9",
        patient_status=_discharge_status(hospitalization.discharge_disposition),
    )


def _discharge_status(disposition: fhir.Concept | None) -> str:
    for coding in disposition.coding if disposition else ():
        if coding.code and _NUBC_STATUS.fullmatch(coding.code):
            return coding.code.zfill(2)
    return "01"


def _hour(moment: str | None) -> int | None:
    text = (moment or "")[_HOUR]
    return int(text) if text.isascii() and text.isdigit() else None
