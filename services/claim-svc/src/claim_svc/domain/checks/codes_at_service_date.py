"""Codes are good or bad on a day: of a stay the through date, else the day of service."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..icd10 import ICD10_BEGAN
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each code that may not be billed on its day; one that no list at hand speaks of is counted, not found."""
    on = content.judged_on
    if on >= ICD10_BEGAN:
        for number, diagnosis in enumerate(content.diagnoses, start=1):
            said = around.codes.diagnosis(diagnosis.code, on)
            if said.standing in ("invalid", "not_billable"):
                yield rule.finding(f"diagnosis {diagnosis.code}: {said.reason}", f"diagnoses/{number}/code")
    for line in hcpcs_lines(content):
        if line.procedure is None:
            continue
        said = around.codes.procedure(line.procedure, line.service_from)
        if said.standing == "invalid":
            yield rule.finding(f"procedure {line.procedure}: {said.reason}", f"lines/{line.ordinal}/procedure")
