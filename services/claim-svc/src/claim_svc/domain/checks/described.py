"""A code that names no service of its own is told in words."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.unlisted import is_unlisted

from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each such line without a description."""
    for line in hcpcs_lines(content):
        if line.procedure is not None and not line.description and is_unlisted(line.procedure):
            message = f"{line.procedure} says nothing without a description"
            yield rule.finding(message, f"lines/{line.ordinal}/description")
