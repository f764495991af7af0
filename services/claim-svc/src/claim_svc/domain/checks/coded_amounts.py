"""Condition, occurrence and value codes have NUBC's form: two characters, a day with each occurrence, an amount with each value."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_LENGTH = 2


def check(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each that has not."""
    stay = content.stay
    if stay is None:
        return
    for number, condition in enumerate(stay.condition_codes, start=1):
        if not _is_code(condition):
            yield rule.finding("a condition code is two letters or digits", f"stay/condition_codes/{number}")
    for number, occurrence in enumerate(stay.occurrences, start=1):
        if not _is_code(occurrence.code):
            yield rule.finding("an occurrence code is two letters or digits", f"stay/occurrences/{number}/code")
        if occurrence.on is None:
            yield rule.finding("an occurrence has a day", f"stay/occurrences/{number}/on")
    for number, value in enumerate(stay.values, start=1):
        if not _is_code(value.code):
            yield rule.finding("a value code is two letters or digits", f"stay/values/{number}/code")
        if value.amount is None or value.amount < 0:
            yield rule.finding("a value has an amount of nothing or more", f"stay/values/{number}/amount")


def _is_code(code: str) -> bool:
    return len(code) == _LENGTH and code.isascii() and code.isalnum() and code == code.upper()
