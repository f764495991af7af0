"""A service under a coverage policy has a diagnosis that the policy lists."""

from collections.abc import Iterator
from typing import Any

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each line whose diagnoses its policy does not list, but where a notice answers it or it is another benefit; the pack names both."""
    said = rule.setting(content.service_from) or {}
    notices, benefits = said.get("notices", ()), said.get("screening", ())
    for line in hcpcs_lines(content):
        if line.procedure is None or any(modifier in notices for modifier in line.modifiers):
            continue
        pointed = [
            content.diagnoses[pointer - 1]
            for pointer in line.diagnosis_pointers
            if 1 <= pointer <= len(content.diagnoses)
        ]
        codes = [diagnosis.code for diagnosis in pointed or content.diagnoses]
        if any(_is_benefit(line.procedure, codes, benefit) for benefit in benefits):
            continue
        for policy in around.codes.policies_for(line.procedure):
            if not any(around.codes.supports(policy, line.procedure, code, line.service_from) for code in codes):
                message = f"{policy} lists none of {', '.join(codes) or 'no diagnosis'} for procedure {line.procedure}"
                yield rule.finding(message, f"lines/{line.ordinal}/diagnosis_pointers")


def _is_benefit(procedure: str, codes: list[str], benefit: dict[str, Any]) -> bool:
    return procedure.startswith(tuple(benefit["begins"])) and not benefit["diagnoses"].isdisjoint(codes)
