"""In which setting a visit took place, as what the patient was seen, and what is known of a hospital stay."""

import re
from zoneinfo import ZoneInfo

from claimstream_schemas.values.encounter import TypeOfBill

from ...domain.stays import HOSPITAL, SKILLED_NURSING
from ...domain.visit import PatientStatus, Setting, StatedStay, kind_billed_in
from . import elements as fhir
from .moments import day_of, hour_of, is_day

_NOT_ACUTE = "NONAC"
_INPATIENT = ("IMP", "ACUTE", _NOT_ACUTE)
_STATUS_BY_CLASS: dict[str, PatientStatus] = {
    "EMER": "emergency",
    "OBSENC": "observation",
    "SS": "observation",
    "AMB": "outpatient",
    "PRENC": "outpatient",
    "HH": "home",
    "VR": "telehealth",
}
"""HL7 ActEncounterCode; the field (FLD) and what is not listed say nothing."""

_URGENT_CARE = "20"
_PRIORITY = {"EM": "1", "UR": "2", "EL": "3"}
_NUBC_STATUS = re.compile("[0-9]{1,2}")
_DISPOSITIONS = {"home": "01", "aadvice": "07", "exp": "20", "snf": "03", "rehab": "62", "psy": "65"}
"""HL7 discharge-disposition to NUBC patient status, where one word means one code; a hospice or another facility may be several."""

_ADMIT_SOURCES = {"hosp-trans": "4", "nursing": "5"}


def setting_of(encounter: fhir.Encounter) -> Setting:
    """Whether a facility or a professional bills: a stay in a bed is the facility's."""
    return "institutional" if encounter.class_ and encounter.class_.code in _INPATIENT else "professional"


def patient_status_of(encounter: fhir.Encounter) -> PatientStatus | None:
    """As what the patient was seen."""
    code = encounter.class_.code if encounter.class_ else None
    return "inpatient" if code in _INPATIENT else _STATUS_BY_CLASS.get(code or "")


def stated_place_of(encounter: fhir.Encounter) -> str | None:
    """The place of service that the kind of visit names."""
    is_urgent = any("urgent care" in (concept.said or "").lower() for concept in encounter.type)
    return _URGENT_CARE if is_urgent else None


def is_skilled_nursing(encounter: fhir.Encounter) -> bool:
    """Whether it is a stay in a skilled nursing facility, which Medicare Part A pays."""
    return any("skilled nursing" in (concept.said or "").lower() for concept in encounter.type)


def stay_of(encounter: fhir.Encounter, zone: ZoneInfo | None) -> StatedStay | None:
    """The hospital stay. Its end, and how the patient left, are what the record says, or None."""
    if not kind_billed_in(setting_of(encounter)).has_stay:
        return None
    period = encounter.period or fhir.Period()
    hospitalization = encounter.hospitalization or fhir.Hospitalization()
    priority = next((coding.code for coding in (encounter.priority or fhir.Concept()).coding), None)
    return StatedStay(
        type_of_bill=_type_of_bill(encounter),
        admitted_on=day_of(period.start, zone) if period.start and is_day(period.start) else None,
        admitted_hour=hour_of(period.start, zone),
        discharged_hour=hour_of(period.end, zone),
        admission_type=_PRIORITY.get(priority or "", "9"),
        admission_source=_admit_source(hospitalization.admit_source),
        patient_status=_discharge_status(hospitalization.discharge_disposition),
    )


def _type_of_bill(encounter: fhir.Encounter) -> TypeOfBill | None:
    """A skilled nursing stay, or one in an acute hospital; what is neither is asked."""
    if is_skilled_nursing(encounter):
        return SKILLED_NURSING
    is_acute = encounter.class_ is not None and encounter.class_.code != _NOT_ACUTE
    return HOSPITAL if is_acute else None


def _admit_source(source: fhir.Concept | None) -> str:
    """What is not told is «information not available» (9), not a guess."""
    codes = (coding.code or "" for coding in (source.coding if source else ()))
    return next((_ADMIT_SOURCES[code] for code in codes if code in _ADMIT_SOURCES), "9")


def _discharge_status(disposition: fhir.Concept | None) -> str | None:
    for coding in disposition.coding if disposition else ():
        code = coding.code or ""
        if _NUBC_STATUS.fullmatch(code):
            return code.zfill(2)
        if code in _DISPOSITIONS:
            return _DISPOSITIONS[code]
    return None
