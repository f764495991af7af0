"""A bundle: its resources by the ways in which others refer to them, and the references that lead nowhere.

References resolve by ``urn:uuid:…`` (and any other full URL), by ``Type/id``, by ``Type?identifier=system|value``, by an
identifier alone, and to contained resources; a reference to a version leads to what the bundle has. One that leads nowhere, or to
another server, is kept and listed.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from ...domain.mapping_report import Dangling
from .elements import Reference, Resource

R = TypeVar("R", bound=Resource)
Json = dict[str, Any]


class MalformedBundle(Exception):
    """The bundle is not what FHIR says: each fault with its place."""

    def __init__(self, faults: list[dict[str, str]]) -> None:
        """Keep the faults: ``place`` is a JSON pointer, ``problem`` says what is wanted there."""
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class Entry:
    """One resource of the bundle with its place."""

    place: str
    resource: Json
    full_url: str | None = None
    container: "Entry | None" = None
    """The resource that holds it, whose other contained resources it may name."""

    @property
    def base(self) -> str | None:
        """The server that it comes from, where its full URL says so."""
        return _base(self.full_url) if self.full_url else None

    @cached_property
    def type(self) -> str:
        """The resource's type."""
        return str(self.resource["resourceType"])

    @property
    def label(self) -> str:
        """What people and other systems call it: it does not change with its place in the bundle, where it has an id."""
        return f"{self.type}/{self.resource['id']}" if self.resource.get("id") else self.place

    @cached_property
    def is_modified(self) -> bool:
        """Whether it says that it means something else than what it seems to, in a way that nobody here knows."""
        return bool(self.resource.get("implicitRules")) or _is_modified(self.resource)


@dataclass
class Bundle:
    """The resources of one bundle."""

    entries: list[Entry]
    source: str | None = None
    without_resource: list[str] = field(default_factory=list)
    """Places of entries that hold no resource."""
    _by_reference: dict[str, Entry] = field(default_factory=dict)
    _by_identifier: dict[tuple[str | None, str], Entry] = field(default_factory=dict)
    _read: dict[str, Resource] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Json) -> "Bundle":
        """The bundle in a JSON document.

        Raises:
            MalformedBundle: when it is no bundle of resources.
        """
        numbered = list(_entries(document))
        entries = [entry for _, entry in numbered]
        meta = document.get("meta")
        source = meta.get("source") if isinstance(meta, dict) else None
        held = {number for number, _ in numbered}
        empty = [f"/entry/{number}" for number in range(len(document["entry"])) if number not in held]
        bundle = cls(entries, source if isinstance(source, str) else None, empty)
        for _, entry in numbered:
            bundle._know(entry)
        return bundle

    def _know(self, entry: Entry) -> None:
        resource = entry.resource
        if entry.full_url:
            self._by_reference[entry.full_url] = entry
        if resource.get("id"):
            self._by_reference.setdefault(f"{entry.type}/{resource['id']}", entry)
        identifiers = resource.get("identifier")
        for identifier in identifiers if isinstance(identifiers, list) else ():
            if identifier.get("value"):
                system, value = identifier.get("system"), identifier["value"]
                token = f"{system}|{value}" if system else value
                self._by_reference.setdefault(f"{entry.type}?identifier={token}", entry)
                self._by_identifier.setdefault((system, value), entry)

    def counts(self) -> Counter[str]:
        """How many resources of each type there are."""
        return Counter(entry.type for entry in self.entries)

    def of_type(self, kind: type[R], *names: str) -> Iterator[tuple[Entry, R]]:
        """The resources of some types, read as ``kind``."""
        wanted = names or (kind.__name__,)
        places = sorted(place for name in wanted for place in self._places_of_types.get(name, ()))
        for place in places:
            yield self.entries[place], self.read(self.entries[place], kind)

    @cached_property
    def _places_of_types(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, entry in enumerate(self.entries):
            found.setdefault(entry.type, []).append(place)
        return found

    def contained(self, name: str, *, but_in: tuple[str, ...] = ()) -> Iterator[Entry]:
        """The resources of one type that others contain, except those in resources of some types."""
        for entry in self.entries:
            for each in _contained(entry) if entry.type not in but_in else ():
                if each.resource.get("resourceType") == name:
                    yield each

    def read(self, entry: Entry, kind: type[R]) -> R:
        """A resource read as ``kind``, once.

        Raises:
            MalformedBundle: with the place of each fault.
        """
        known = self._read.get(entry.place)
        if isinstance(known, kind):
            return known
        try:
            resource = _adapter(kind).validate_python(entry.resource)
        except ValidationError as error:
            faults = [
                {
                    "place": _pointer(entry.place, fault["loc"]),
                    "problem": str(fault["msg"]).removeprefix("Value error, "),
                }
                for fault in error.errors()
            ]
            raise MalformedBundle(faults) from error
        self._read[entry.place] = resource
        return resource

    def find(self, reference: Reference | None, within: Entry) -> Entry | None:
        """What a reference leads to, or None."""
        if reference is None:
            return None
        if reference.reference:
            return self._find(reference.reference, within)
        identifier = reference.identifier
        return (
            self._by_identifier.get((identifier.system, identifier.value)) if identifier and identifier.value else None
        )

    def find_as(self, kind: type[R], reference: Reference | None, within: Entry) -> R | None:
        """What a reference leads to, read as ``kind``; None where it leads nowhere or to something else."""
        entry = self.find(reference, within)
        return self.read(entry, kind) if entry is not None and entry.type == kind.__name__ else None

    def _find(self, reference: str, within: Entry) -> Entry | None:
        if reference.startswith("#"):
            return _find_contained(reference, within.container or within)
        reference = reference.partition("/_history/")[0].rstrip("/")
        base = within.base
        beside = self._by_reference.get(f"{base}/{reference}") if base and "://" not in reference else None
        return beside or self._by_reference.get(reference) or self._by_tail(reference)

    def _by_tail(self, reference: str) -> Entry | None:
        """What an address leads to by its type and id, unless that resource is another server's."""
        if "://" not in reference:
            return None
        found = self._by_reference.get("/".join(reference.split("/")[-2:]))
        return found if found and found.base in (None, _base(reference)) else None

    def dangling(self) -> list[Dangling]:
        """Every reference that leads nowhere, with its place."""
        return [
            Dangling(place, reference, display)
            for entry in self.entries
            for place, reference, display in _references(entry.resource, entry.place)
            if self._find(reference, entry) is None
        ]


def _contained(entry: Entry) -> Iterator[Entry]:
    for place, resource in enumerate(entry.resource.get("contained") or ()):
        if isinstance(resource.get("resourceType"), str):
            yield Entry(f"{entry.place}/contained/{place}", resource, entry.full_url, entry)


def _find_contained(reference: str, holder: Entry) -> Entry | None:
    if reference == "#":
        return holder
    return next((each for each in _contained(holder) if f"#{each.resource.get('id')}" == reference), None)


def _base(address: str) -> str | None:
    """The server's part of ``https://server/fhir/Type/id``; None of a URN."""
    return address.rstrip("/").rsplit("/", 2)[0] if address.startswith(("http://", "https://")) else None


def _is_modified(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value.get("modifierExtension")) or any(
            _is_modified(member) for name, member in value.items() if name != "contained"
        )
    return isinstance(value, list) and any(_is_modified(member) for member in value)


def _entries(document: Json) -> Iterator[tuple[int, Entry]]:
    """The resources with their numbers; an entry may hold none (a deletion, an outcome), which is no fault."""
    entries = document.get("entry")
    if document.get("resourceType") != "Bundle":
        raise MalformedBundle([{"place": "/resourceType", "problem": "must be Bundle"}])
    if not isinstance(entries, list) or not entries:
        raise MalformedBundle([{"place": "/entry", "problem": "must be a list of at least one entry"}])
    faults = []
    for number, entry in enumerate(entries):
        if isinstance(entry, dict) and entry.get("resource") is None:
            continue
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            faults.append({"place": f"/entry/{number}/resource", "problem": "must be a resource with a resourceType"})
        elif misshapen := list(_misshapen(entry, f"/entry/{number}")):
            faults += misshapen
        else:
            yield number, Entry(f"/entry/{number}/resource", resource, entry.get("fullUrl"))
    if faults:
        raise MalformedBundle(faults)


def _misshapen(entry: Json, place: str) -> Iterator[dict[str, str]]:
    """What every resource is found by, where it has not the shape that FHIR gives it."""
    resource = entry["resource"]
    if not isinstance(entry.get("fullUrl"), str | None):
        yield {"place": f"{place}/fullUrl", "problem": "must be a text"}
    if not isinstance(resource.get("id"), str | None):
        yield {"place": f"{place}/resource/id", "problem": "must be a text"}
    contained = resource.get("contained") or []
    if not isinstance(contained, list) or not all(isinstance(one, dict) for one in contained):
        yield {"place": f"{place}/resource/contained", "problem": "must be a list of resources"}
    identifiers = resource.get("identifier")
    # Most resources have many identifiers, a few (Bundle, Composition, QuestionnaireResponse) have one: it is kept and not looked at.
    if not isinstance(identifiers, list | dict | None):
        yield {"place": f"{place}/resource/identifier", "problem": "must be a list of identifiers"}
    for number, identifier in enumerate(identifiers if isinstance(identifiers, list) else ()):
        if not isinstance(identifier, dict) or not all(
            isinstance(identifier.get(name), str | None) for name in ("system", "value")
        ):
            problem = "must be an identifier whose system and value are texts"
            yield {"place": f"{place}/resource/identifier/{number}", "problem": problem}


def _references(value: Any, place: str) -> Iterator[tuple[str, str, str | None]]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield place, reference, value.get("display") if isinstance(value.get("display"), str) else None
        for name, member in value.items():
            if isinstance(member, dict | list):
                yield from _references(member, f"{place}/{name}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            if isinstance(member, dict | list):
                yield from _references(member, f"{place}/{number}")


_ADAPTERS: dict[type[Resource], TypeAdapter[Any]] = {}


def _adapter(kind: type[R]) -> TypeAdapter[R]:
    return _ADAPTERS.setdefault(kind, TypeAdapter(kind))


def _pointer(place: str, location: tuple[int | str, ...]) -> str:
    return place + "".join(f"/{step}" for step in location)
