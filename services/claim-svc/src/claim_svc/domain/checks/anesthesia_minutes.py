"""Anesthesia is counted in minutes (MJ), and nothing else is."""

import re
from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_ANESTHESIA = re.compile("00[1-9][0-9]{2}|01[0-9]{3}")
"""00100 to 01999."""
_MINUTES = "MJ"
_NONE: dict[str, frozenset[str]] = {"modifiers": frozenset(), "untimed": frozenset()}


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line in the wrong unit; the pack names the modifiers of anesthesia that somebody gave, and how codes begin that may not be timed."""
    said = rule.setting(content.service_from) or _NONE
    for line in content.lines:
        code = line.procedure or ""
        may_be_timed = kind_of(content.kind).bills_clinicians and _ANESTHESIA.fullmatch(code) is not None
        is_timed = (
            may_be_timed
            and not code.startswith(tuple(said["untimed"]))
            and not said["modifiers"].isdisjoint(line.modifiers)
        )
        if line.unit_of_measure == _MINUTES and not may_be_timed:
            yield rule.finding("minutes (MJ) are the unit of anesthesia alone", f"lines/{line.ordinal}/unit_of_measure")
        if line.unit_of_measure != _MINUTES and is_timed:
            yield rule.finding("anesthesia is billed in minutes (MJ)", f"lines/{line.ordinal}/unit_of_measure")
