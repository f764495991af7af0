"""Names that X12 can carry: an 837 has Latin letters alone, and nobody but a person knows how a name is spelled in them."""

from collections.abc import Iterator

from claimstream_schemas.values.people import Provider
from claimstream_x12 import transliterate

from .claim import ClaimContent


def nameless(content: ClaimContent) -> Iterator[str]:
    """The place of each name of which nothing would be left on the wire."""
    for place, name in _people(content):
        if name and not _has_letter(name):
            yield place
    if content.facility is not None and not _is_sayable(content.facility.name):
        yield "facility/name"


def _people(content: ClaimContent) -> Iterator[tuple[str, str | None]]:
    yield "patient/name/last", content.patient.name.last
    yield "patient/name/first", content.patient.name.first
    for number, subscriber in enumerate(content.subscribers, start=1):
        yield f"subscribers/{number}/name/last", subscriber.name.last
        yield f"subscribers/{number}/name/first", subscriber.name.first
    for role, provider in content.providers:
        if provider is not None:
            yield from _provider(f"providers/{role}", provider)
    for line in content.lines:
        if line.rendering is not None:
            yield from _provider(f"lines/{line.ordinal}/rendering", line.rendering)


def _provider(place: str, provider: Provider) -> Iterator[tuple[str, str | None]]:
    if provider.first_name is None and _is_sayable(provider.last_name):
        return  # an organisation may be called by a number
    yield f"{place}/last_name", provider.last_name
    yield f"{place}/first_name", provider.first_name


def _has_letter(name: str) -> bool:
    return any(map(str.isalpha, name if name.isascii() else transliterate(name)))


def _is_sayable(name: str) -> bool:
    return any(map(str.isalnum, name if name.isascii() else transliterate(name)))
