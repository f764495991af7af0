"""Modifiers against each other, and against the list of those that exist."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..ambulance import is_ambulance, tells_the_way
from ..claim import ClaimContent
from ..hipps import hcpcs_lines
from ..rules import Rule
from ..surroundings import Surroundings


def exclusive(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each line with two modifiers that contradict each other."""
    for line in hcpcs_lines(content):
        if len(line.modifiers) > 1:
            said = frozenset(line.modifiers)
            for pair in rule.setting(line.service_from) or ():
                if pair <= said:
                    message = f"{' and '.join(sorted(pair))} exclude each other on one line"
                    yield rule.finding(message, f"lines/{line.ordinal}/modifiers")


def together(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each modifier that goes only with another one, without it."""
    for line in hcpcs_lines(content):
        for modifier in line.modifiers:
            wanted = (rule.setting(line.service_from) or {}).get(modifier)
            if wanted is not None and wanted not in line.modifiers:
                message = f"the modifier {modifier} goes only with {wanted}"
                yield rule.finding(message, f"lines/{line.ordinal}/modifiers")


def told(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each modifier of which a person should know what the payer does with it."""
    for line in hcpcs_lines(content):
        for modifier in line.modifiers:
            if modifier in (rule.setting(line.service_from) or ()):
                yield rule.finding(f"the line has the modifier {modifier}", f"lines/{line.ordinal}/modifiers")


def known(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """Each modifier that the list at hand has not and the pack does not accept; an ambulance's two letters are no list's."""
    for line in hcpcs_lines(content):
        for modifier in line.modifiers:
            if is_ambulance(line.procedure) and tells_the_way(modifier):
                continue
            if not around.codes.is_modifier(modifier) and modifier not in (rule.setting(line.service_from) or ()):
                yield rule.finding(f"no list at hand has the modifier {modifier}", f"lines/{line.ordinal}/modifiers")


def retired(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each modifier that ended before the service."""
    for line in hcpcs_lines(content):
        for modifier in line.modifiers:
            if modifier in (rule.setting(line.service_from) or ()):
                message = f"the modifier {modifier} had ended before the service"
                yield rule.finding(message, f"lines/{line.ordinal}/modifiers")
