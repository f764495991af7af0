"""Service before ICD-10-CM was coded in ICD-9-CM."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..icd10 import ICD10_BEGAN
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Diagnoses of a day on which their code set was not in force."""
    if content.judged_on < ICD10_BEGAN and content.diagnoses:
        yield rule.finding(f"service on {content.judged_on} is before ICD-10-CM began on {ICD10_BEGAN}", "diagnoses")
