"""A code that names no service of its own is told in words."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.unlisted import is_unlisted

from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..rules import Rule
from ..surroundings import Surroundings

_DIALYSIS_REVENUE = ("082", "083", "084", "085", "088")
"""How the revenue codes of dialysis begin: Medicare has its sessions billed under the unlisted code (CMS MCPM 8 §50.3)."""


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each such line without a description."""
    for line in hcpcs_lines(content):
        if line.procedure is None or line.description or _is_dialysis(line):
            continue
        if is_unlisted(line.procedure):
            message = f"{line.procedure} says nothing without a description"
            yield rule.finding(message, f"lines/{line.ordinal}/description")


def _is_dialysis(line: ChargeLine) -> bool:
    return (line.revenue_code or "").startswith(_DIALYSIS_REVENUE)
