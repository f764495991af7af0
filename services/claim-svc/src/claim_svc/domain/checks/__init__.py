"""The kinds of rule that a pack may use, one a file: each finds what it is about, and knows no other."""

from ..surroundings import Check
from . import (
    admission,
    before_icd10,
    codes_at_service_date,
    dates,
    diagnosis_pointers,
    drugs,
    duplicate,
    latin_names,
    left_out,
    limits,
    medical_necessity,
    npi_check_digit,
    present_on_admission,
    required_fields,
    timely_filing,
    totals,
)

CHECKS: dict[str, Check] = {
    "required": required_fields.check,
    "npi-check-digit": npi_check_digit.check,
    "diagnosis-pointers": diagnosis_pointers.check,
    "codes-at-service-date": codes_at_service_date.check,
    "before-icd10": before_icd10.check,
    "totals": totals.check,
    "dates": dates.check,
    "duplicate": duplicate.check,
    "timely-filing": timely_filing.check,
    "medical-necessity": medical_necessity.check,
    "present-on-admission": present_on_admission.check,
    "admission": admission.check,
    "limits": limits.check,
    "left-out": left_out.check,
    "drugs": drugs.check,
    "names": latin_names.check,
}
"""By the name that a pack uses."""
