"""A drug's NDC travels with its own quantity and unit."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_BOTH = 2


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each NDC whose quantity or unit nobody gave."""
    for line in content.lines:
        missing = [name for name in ("ndc_quantity", "ndc_unit") if getattr(line, name) is None]
        if line.ndc is not None and missing:
            message = "the drug's own quantity or unit is not known, so its NDC is left out"
            yield rule.finding(message, f"lines/{line.ordinal}/{missing[0]}")
        if line.ndc is None and len(missing) < _BOTH:
            yield rule.finding("a drug's quantity without its NDC is left out", f"lines/{line.ordinal}/ndc")


def code(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each NDC that no package has."""
    for line in content.lines:
        if line.ndc is not None and not line.ndc.strip("0"):
            yield rule.finding("an NDC of zeros is no drug's", f"lines/{line.ordinal}/ndc")
