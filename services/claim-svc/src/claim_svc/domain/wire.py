"""What an 837 carries of a claim's numbers and texts, with the places that a person knows them by."""

from collections.abc import Iterator

from claimstream_schemas.values.people import Address
from claimstream_x12 import transliterate
from claimstream_x12.elements import ALLOWED

from .claim import ClaimContent

_STREET, _CITY, _STATE, _POSTAL_CODE = range(1, 56), range(2, 31), range(1, 4), range(3, 16)
_NOTE, _REFERENCE, _LAST, _FIRST = range(1, 81), range(1, 51), range(1, 61), range(1, 36)
"""How many characters N301, N401, N402, N403, NTE02, REF02, NM103 and NM104 have."""
_CARRIED = ALLOWED | frozenset("abcdefghijklmnopqrstuvwxyz")


def carries(number: str) -> bool:
    """Whether every character of it arrives, capitals for small letters."""
    return _CARRIED.issuperset(number) and bool(number.strip())


def letters_lost(text: str) -> bool:
    """Whether a letter or digit of it has nothing on the wire, or nothing at all is left."""
    return not transliterate(text) or any(one.isalnum() and not transliterate(one) for one in set(text))


def written_length(text: str) -> int:
    """How long it is on the wire."""
    return len(transliterate(text))


def identifiers_of(content: ClaimContent) -> Iterator[tuple[str, str | None]]:
    """Numbers that must arrive as they are."""
    for number, holder in enumerate(content.subscribers, start=1):
        yield f"subscribers/{number}/member_id", holder.member_id
        yield f"subscribers/{number}/group_number", holder.group_number
    facts = content.facts
    yield "facts/referral_number", facts.referral_number
    yield "facts/prior_authorization", facts.prior_authorization
    yield "facts/clia_number", facts.clia_number
    for line in content.lines:
        if line.prior_authorization is not None:
            yield f"lines/{line.ordinal}/prior_authorization", line.prior_authorization


def addresses_of(content: ClaimContent) -> Iterator[tuple[str, Address]]:
    """Where people live and services are given."""
    if content.patient.address is not None:
        yield "patient/address", content.patient.address
    for number, holder in enumerate(content.subscribers, start=1):
        if holder.address is not None and holder.address is not content.patient.address:
            yield f"subscribers/{number}/address", holder.address
    if content.facility is not None:
        yield "facility/address", content.facility.address


def texts_of(content: ClaimContent) -> Iterator[tuple[str, str | None, range]]:
    """Texts that may be spelled otherwise, and how long each may be: streets, cities, the note. Names have a rule of their own."""
    for place, address in addresses_of(content):
        yield f"{place}/line1", address.line1, _STREET
        yield f"{place}/line2", address.line2, _STREET
        yield f"{place}/city", address.city, _CITY
        yield f"{place}/state", address.state or None, _STATE
        yield f"{place}/postal_code", address.postal_code or None, _POSTAL_CODE
    yield "facts/note", content.facts.note, _NOTE
    yield "patient/medical_record_number", content.patient.medical_record_number, _REFERENCE
    name = content.patient.name
    yield "patient/name/last", name.last, _LAST
    yield "patient/name/first", name.first, _FIRST
    for number, holder in enumerate(content.subscribers, start=1):
        yield f"subscribers/{number}/name/last", holder.name.last, _LAST
        yield f"subscribers/{number}/name/first", holder.name.first, _FIRST
        yield f"subscribers/{number}/group_name", holder.group_name, _LAST
    for line in content.lines:
        if line.description is not None and not line.description.isascii():
            yield f"lines/{line.ordinal}/description", line.description, _NOTE
