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
    for place, value, lengths in texts_of(content):
        if value is None or (value.isascii() and len(value) in lengths and value[:1].isalnum()):
            continue
        if "name" not in place and letters_lost(value):
            yield rule.finding("the text has letters that X12 does not carry; give the Latin spelling", place)
        elif written_length(value) >= lengths.stop or 0 < written_length(value) < lengths.start:
            message = f"the text is not {lengths[0]} to {lengths[-1]} characters in the letters of X12"
            yield rule.finding(message, place)


def countries(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each country that ISO 3166 does not know."""
    for place, address in addresses_of(content):
        if address.country is not None and address.country not in COUNTRIES:
            yield rule.finding(f"there is no country {address.country}", f"{place}/country")
