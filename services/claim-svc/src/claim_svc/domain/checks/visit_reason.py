"""An unscheduled outpatient visit tells why the patient came."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The reason that is missing: by bill type, kind of admission and revenue code together."""
    stay, asked = content.stay, rule.setting(content.judged_on)
    if stay is None or asked is None or stay.facility_and_care not in asked["bills"]:
        return
    if stay.admission_type not in asked["admissions"]:
        return
    if any(diagnosis.kind == "reason_for_visit" for diagnosis in content.diagnoses):
        return
    if any(line.revenue_code in asked["revenue"] for line in content.lines):
        yield rule.finding("the patient's reason for the visit is missing", "diagnoses")
