"""What a request to ``/encounters`` holds: one native encounter, many of them a line each, or a FHIR bundle."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from claimstream_kit.errors import Invalid, Malformed
from claimstream_kit.nulls import places_of_nulls
from claimstream_kit.problems import breaks_rules_alone, faults_of
from pydantic import TypeAdapter, ValidationError

from ..domain.mapping_report import MappingReport
from ..domain.visit import Visit
from ..intake.fhir.bundle import MalformedBundle
from ..intake.fhir.reading import ZoneOf, as_written, read_bundle
from ..intake.native import EncounterDocument

FHIR = "application/fhir+json"
NATIVE = "application/json"
NDJSON = "application/x-ndjson"
_READ = (NATIVE, NDJSON, FHIR)
_SHOWN = 50
_DOCUMENT = TypeAdapter(EncounterDocument)


class Refused(Invalid):
    """A request that cannot be read: each fault with its place and what is wanted there. Nothing is stored."""

    slug = "unreadable-encounters"
    title = "The encounters cannot be read"

    def __init__(self, faults: list[dict[str, str]], *, remedy: str | None = None) -> None:
        """The first fault's place is the problem's place."""
        first = faults[0]
        super().__init__(
            f"{first['place']}: {first['problem']}", place=first["place"], remedy=remedy or first.get("remedy")
        )
        self.faults = faults[:_SHOWN]


class UnknownMediaType(Invalid):
    """Its Content-Type is none that is read here."""

    slug = "media-type"
    title = "The body is of a kind that is not read"
    status = 415


class NotAsDescribed(Refused):
    """It has not the form that ``/openapi.json`` describes."""

    slug = Malformed.slug
    title = Malformed.title


@dataclass(frozen=True)
class Body:
    """What was read of a request."""

    visits: list[Visit]
    report: MappingReport | None = None


async def _no_zones() -> ZoneOf:
    return as_written


async def read_body(
    content_type: str, content: bytes, *, most: int, zones: Callable[[], Awaitable[ZoneOf]] = _no_zones
) -> Body:
    """The visits in a request's body; ``zones`` is asked where a moment has to become a day.

    Raises:
        UnknownMediaType: by its Content-Type it is something else.
        Refused: when it cannot be read.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _READ:
        raise UnknownMediaType(f"a body is one of {', '.join(_READ)}", place="/Content-Type", remedy="Say which it is.")
    if kind == NDJSON:
        return _read_lines(content, most)
    document = _parse(content)
    if kind == FHIR or (isinstance(document, dict) and "resourceType" in document):
        return await asyncio.to_thread(_read_bundle, document, await zones())
    return Body([_read_native(document, "")])


def _parse(content: bytes, place: str = "/") -> Any:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        why = f"is not JSON: {error}" if _is_utf8(content) else "is not UTF-8"
        raise Refused([{"place": place, "problem": why}], remedy="send UTF-8 JSON") from error
    if b"\\u0000" in content and (places := list(places_of_nulls(document, place.rstrip("/")))):
        faults = [{"place": each, "problem": "holds the character U+0000"} for each in places]
        raise Refused(faults, remedy="send the text without it: no database takes it")
    return document


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read_lines(content: bytes, most: int) -> Body:
    lines = [line for line in content.split(b"\n") if line.strip()]
    if not lines:
        raise Refused([{"place": "/", "problem": "is empty"}], remedy="send one encounter a line")
    if len(lines) > most:
        raise Refused([{"place": "/", "problem": f"has more than {most} lines"}], remedy="send it in several requests")
    visits: list[Visit] = []
    faults: list[dict[str, str]] = []
    for number, line in enumerate(lines):
        try:
            visits.append(_read_native(_parse(line, f"/{number}"), f"/{number}"))
        except Refused as refused:
            faults += refused.faults
    if faults:
        raise Refused(faults, remedy="correct these lines and send all of them again: nothing was stored")
    _refuse_repeated(visits)
    return Body(visits)


def _refuse_repeated(visits: list[Visit]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for number, visit in enumerate(visits):
        earlier = seen.setdefault((visit.source_system, visit.ehr_encounter_id), number)
        if earlier != number and visits[earlier].digest != visit.digest:
            problem = f"is another version of the encounter in line {earlier}"
            raise Refused([{"place": f"/{number}/encounter_id", "problem": problem}], remedy="send versions one by one")


def _read_native(document: Any, place: str) -> Visit:
    try:
        return _DOCUMENT.validate_python(document, extra="forbid").to_visit()
    except ValidationError as error:
        faults = [{**fault, "place": _joined(place, fault["place"])} for fault in faults_of(error)]
        kind = Refused if breaks_rules_alone(error) else NotAsDescribed
        raise kind(faults, remedy="see /openapi.json for each field") from error


def _joined(place: str, inner: str) -> str:
    return place + ("" if inner == "/" and place else inner)


def _read_bundle(document: Any, zone_of: ZoneOf) -> Body:
    if not isinstance(document, dict):
        raise Refused([{"place": "/", "problem": "must be a FHIR R4 Bundle"}])
    try:
        visits, report = read_bundle(document, zone_of)
    except MalformedBundle as error:
        raise Refused(error.faults, remedy="correct the bundle: nothing was stored") from error
    if not visits:
        raise Refused(list(_faults_of(report)))
    return Body(visits, report)


def _faults_of(report: MappingReport) -> Iterator[dict[str, str]]:
    for refused in report.refused:
        yield {"place": refused.place, "problem": refused.problem, "remedy": refused.remedy}
    if not report.refused:
        yield {"place": "/entry", "problem": "holds no Encounter", "remedy": "add the Encounter to the bundle"}
