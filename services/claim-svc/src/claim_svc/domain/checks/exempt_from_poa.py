"""A diagnosis that is exempt tells nothing of its presence on admission."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each exempt diagnosis with an indicator."""
    for number, diagnosis in enumerate(content.diagnoses, start=1):
        if diagnosis.present_on_admission is not None and around.codes.is_poa_exempt(diagnosis.code):
            message = f"{diagnosis.code} may be exempt from the present-on-admission indicator"
            yield rule.finding(message, f"diagnoses/{number}/present_on_admission")
