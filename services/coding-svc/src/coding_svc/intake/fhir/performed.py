"""What was done at an encounter: what is completed is charged, what was stopped is asked, the rest is told of."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...domain.asking import Asked
from ...domain.visit import Service
from . import elements as fhir
from .bundle import Bundle, Entry
from .code_systems import PROCEDURES, codes_of, system_of
from .lifetimes import Days
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


def read_performed(bundle: Bundle, performed: Iterable[tuple[Entry, fhir.Performed]], days: Days) -> Done:
    """The services of one encounter; a service without a day has that of a visit of one day."""
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
        elif (wanted := _without_its_day(resource, days)) is not None:
            detail = f"{entry.label} was done {wanted}: on which day? Add it with its day, or let it go"
            done.questions.append(Asked(question="procedure", detail=detail, about=entry.label))
        else:
            done.services.append(_service(bundle, entry, resource, concept, days))
    return done


def _without_its_day(resource: fhir.Performed, days: Days) -> str | None:
    """What is told instead of a day; None where the day is told, or the visit has only one."""
    if resource.when:
        return None if is_day(resource.when) else f"in {resource.when}"
    return None if days.last == days.first else "on a day that is not told, in a visit of several"


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


def _service(
    bundle: Bundle,
    entry: Entry,
    resource: fhir.Performed,
    concept: fhir.Concept,
    days: Days,
) -> Service:
    reasons = (bundle.find(reference, entry) for reference in resource.reason_reference)
    return Service(
        name=resource.id or entry.place,
        service_from=day_of(resource.when, days.zone) if resource.when else days.first,
        codes=codes_of(concept),
        text=concept.said,
        procedure=next((c.code for c in concept.coding if system_of(c) in PROCEDURES and c.code), None),
        reasons=tuple(reason.label for reason in reasons if reason),
        is_vaccine=entry.type == "Immunization",
    )


def _is_note(concept: fhir.Concept) -> bool:
    return any(coding.code in _NOTES for coding in concept.coding)
