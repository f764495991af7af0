"""When ICD-10-CM began."""

from datetime import date

ICD10_BEGAN = date(2015, 10, 1)
"""45 CFR 162.1002(c)."""
