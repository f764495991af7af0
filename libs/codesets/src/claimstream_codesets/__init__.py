"""Code sets by date of service, in one read-only file.

A code is good or bad only on a day: ICD-10-CM changes each October and April, HCPCS each quarter. So every question
here carries a date, and a day outside the loaded years is answered «unchecked», never valid and never invalid.

    sets = open_code_sets()
    sets.icd10cm.validity("S93.401A", on=date(2026, 3, 1))
    sets.icd10cm.search("acute bronchitis", on=date(2026, 3, 1))

The file is built from the published files in ``data/`` on first use (``python -m claimstream_codesets build``).
"""

from .code_sets import CodeSets, open_code_sets
from .icd10cm import Icd10Cm
from .npi import luhn_npi, with_check_digit
from .searching import Candidate
from .validity import Standing, Validity

__all__ = ["Candidate", "CodeSets", "Icd10Cm", "Standing", "Validity", "luhn_npi", "open_code_sets", "with_check_digit"]
