"""An encounter's status: the words of R4 and R5, in any case. A word that is not known waits, and says so."""

from dataclasses import dataclass
from typing import get_args

from ...domain.asking import Asked
from ...domain.visit import VisitStatus
from . import elements as fhir

_STATUSES: dict[str, VisitStatus] = {status: status for status in get_args(VisitStatus)}
_OF_R5: dict[str, VisitStatus] = {
    "completed": "finished",
    "on-hold": "onleave",
    "discharged": "in-progress",
    "discontinued": "finished",
}
_DISCHARGED = "discharged"
_DISCONTINUED = "discontinued"
_WANTED = "send it with the status finished (R5: completed) when it may be billed"


@dataclass(frozen=True)
class ReadStatus:
    """The status as our own word, with what must be told or asked about the word that came."""

    status: VisitStatus
    note: str | None = None
    question: str | None = None

    def asked(self, about: str) -> tuple[Asked, ...]:
        """What a person has to settle of it."""
        return (Asked(question="record", detail=self.question, about=about),) if self.question else ()


def status_of(encounter: fhir.Encounter) -> ReadStatus:
    """What is not told, or no word of FHIR's, is «unknown», and waits."""
    said = (encounter.status or "").strip()
    word = said.lower().replace("_", "-").replace(" ", "-")
    status = _STATUSES.get(word) or _OF_R5.get(word)
    if status is None:
        told = f"the status «{said}» is no word of FHIR" if said else "no status is told"
        return ReadStatus("unknown", f"{told}: {_WANTED}")
    if word == _DISCHARGED:
        return ReadStatus(status, f"the status is {word}: the patient has left, the record is not complete; {_WANTED}")
    if word == _DISCONTINUED:
        return ReadStatus(status, question="the encounter was discontinued: is what was done to be billed?")
    return ReadStatus(status)
