"""Numbers, texts and countries that an 837 can carry: nothing of what identifies may be lost or changed on the way."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..countries import COUNTRIES
from ..rules import Rule
from ..surroundings import Surroundings
from ..wire import addresses_of, carries, identifiers_of, letters_lost, texts_of, written_length


def identifiers(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each number with a character that X12 has not: it would arrive as another one."""
    for place, value in identifiers_of(content):
        if value is not None and not carries(value):
            yield rule.finding("the number has a character that X12 does not carry", place)


def texts(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each text of which letters would be lost, or that is too long once it is spelled in the letters of X12."""
    for place, value, most in texts_of(content):
        if value is None or (value.isascii() and len(value) <= most):
            continue
        if "name" not in place and letters_lost(value):
            yield rule.finding("the text has letters that X12 does not carry; give the Latin spelling", place)
        elif written_length(value) > most:
            yield rule.finding(f"the text is longer than {most} characters in the letters of X12", place)


def countries(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each country that ISO 3166 does not know."""
    for place, address in addresses_of(content):
        if address.country is not None and address.country not in COUNTRIES:
            yield rule.finding(f"there is no country {address.country}", f"{place}/country")
