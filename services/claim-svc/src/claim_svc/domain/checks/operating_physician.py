"""Surgery of a stay names who operated."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """The operating physician who is missing; the pack names the sections of ICD-10-PCS that are surgery."""
    stay, surgery = content.stay, tuple(rule.setting(content.judged_on) or ())
    if stay is None or content.providers.operating is not None:
        return
    if any(procedure.code.startswith(surgery) for procedure in stay.procedures):
        yield rule.finding("the operating physician is missing", "providers/operating")
