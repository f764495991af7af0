"""What was done at an encounter: what is completed is charged, what was stopped is asked, the rest is told of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from ...domain.asking import Asked
from ...domain.visit import Service
from . import elements as fhir
from .bundle import Bundle, Entry
from .code_systems import PROCEDURES, codes_of, system_of
from .moments import day_of, is_day

_DONE = {
    "Procedure": ("completed",),
    "Immunization": ("completed",),
    "DiagnosticReport": ("final", "amended", "corrected", "appended"),
}
_STOPPED = "stopped"
_NOTES = ("34117-2", "51847-2")


@dataclass
class Done:
    """What was read of it."""

    services: list[Service] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_performed(
    bundle: Bundle, performed: Iterable[tuple[Entry, fhir.Performed]], started: date, zone: ZoneInfo | None
) -> Done:
    """The services of one encounter, which began on that day."""
    done = Done()
    for entry, resource in performed:
        concept = resource.what
        if concept is None or _is_note(concept):
            continue
        if resource.status not in _DONE[entry.type]:
            _tell(entry, resource, concept, done)
        elif entry.is_modified:
            detail = f"{entry.label} carries a modifier that is not known here: was it done?"
            done.questions.append(Asked(question="record", detail=detail, about=entry.label))
        elif resource.when and not is_day(resource.when):
            detail = f"{entry.label} was done in {resource.when}: on which day? Add it with its day, or let it go"
            done.questions.append(Asked(question="procedure", detail=detail, about=entry.label))
        else:
            done.services.append(_service(bundle, entry, resource, concept, started, zone))
    return done


def _tell(entry: Entry, resource: fhir.Performed, concept: fhir.Concept, done: Done) -> None:
    if resource.status == _STOPPED:
        code = next((coding.code for coding in concept.coding if coding.code), concept.said or "without a code")
        detail = (
            f"{entry.label} ({code}) was stopped: add it with modifier 53 (a facility: 73 before anesthesia, 74 after it),"
            " or let it go"
        )
        done.questions.append(Asked(question="procedure", detail=detail, about=entry.label))
    else:
        done.notes.append(f"{entry.label} is {resource.status or 'without a status'}: not charged")


def _service(  # noqa: PLR0913  what was done, where it stands, and when the visit was
    bundle: Bundle,
    entry: Entry,
    resource: fhir.Performed,
    concept: fhir.Concept,
    started: date,
    zone: ZoneInfo | None,
) -> Service:
    reasons = (bundle.find(reference, entry) for reference in resource.reason_reference)
    return Service(
        name=resource.id or entry.place,
        service_from=day_of(resource.when, zone) if resource.when else started,
        codes=codes_of(concept),
        text=concept.said,
        procedure=next((c.code for c in concept.coding if system_of(c) in PROCEDURES and c.code), None),
        reasons=tuple(reason.label for reason in reasons if reason),
        is_vaccine=entry.type == "Immunization",
    )


def _is_note(concept: fhir.Concept) -> bool:
    return any(coding.code in _NOTES for coding in concept.coding)
