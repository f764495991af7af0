"""Modifiers that nobody knows, on what a visit is read from: each makes its resource mean something else, and is asked."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ...domain.asking import Asked
from . import elements as fhir
from .bundle import Bundle, Entry


class Modifiers:
    """The modified resources of one bundle, by what uses them."""

    def __init__(self, bundle: Bundle) -> None:
        """Look once at the roles, which nothing refers to: they name their clinician."""
        self.bundle = bundle
        self.roles: dict[str, list[Entry]] = defaultdict(list)
        for entry, role in bundle.of_type(fhir.PractitionerRole):
            practitioner = bundle.find(role.practitioner, entry)
            if practitioner is not None and entry.is_modified:
                self.roles[practitioner.place].append(entry)

    def asked(self, entry: Entry, encounter: fhir.Encounter, coverages: Iterable[Entry], *, but: Entry) -> list[Asked]:
        """What must be asked of the parts of a visit that these coverages pay for, the patient (``but``) apart."""
        used = {each.place: each for each in (*self._around(entry, encounter), *self._paying(coverages))}
        return [modified(each) for place, each in used.items() if each.is_modified and place != but.place]

    def _around(self, entry: Entry, encounter: fhir.Encounter) -> Iterator[Entry]:
        """Where it was, and who took part."""
        for reference in (encounter.service_provider, *(place.location for place in encounter.location)):
            if found := self.bundle.find(reference, entry):
                yield found
        for participant in encounter.participant:
            if found := self.bundle.find(participant.individual, entry):
                yield found
                yield from self.roles.get(found.place, ())

    def _paying(self, coverages: Iterable[Entry]) -> Iterator[Entry]:
        for each in coverages:
            yield each
            coverage = self.bundle.read(each, fhir.Coverage)
            for reference in (coverage.subscriber, *coverage.payor):
                if found := self.bundle.find(reference, each):
                    yield found


def modified(entry: Entry) -> Asked:
    """What is asked of a modified resource."""
    detail = f"{entry.label} carries a modifier that is not known here: it may mean something else"
    return Asked(question="record", detail=detail, about=entry.label)
