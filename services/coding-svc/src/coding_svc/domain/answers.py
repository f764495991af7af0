"""What a person has answered about a visit. Answers are kept with its version: another version is looked at anew."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.encounter import TypeOfBill

from .asking import SETTLED_BY_A_WORD, Asked, Question
from .visit import Condition, Service, Visit

T = TypeVar("T")


class Settled(Value):
    """A question that may pass, and why."""

    question: Question
    about: str | None = None
    reason: str


class Answers(Value):
    """Everything answered so far."""

    coder: str | None = None
    """The subject of the token of who gave the codes."""
    diagnoses: tuple[Condition, ...] = ()
    services: tuple[Service, ...] = ()
    place_of_service: str | None = None
    payers: tuple[str, ...] = ()
    """The payers' keys in the order of billing; a payer that is left out is not billed."""
    ended_on: date | None = None
    cut_off: date | None = None
    patient_status: str | None = None
    type_of_bill: TypeOfBill | None = None
    prior_authorization: str | None = None
    insurance_type: str | None = None
    """Why Medicare is not the first payer (SBR05)."""
    not_billable: str | None = None
    settled: tuple[Settled, ...] = ()

    def and_then(self, later: "Answers") -> "Answers":
        """These and later ones: what is said anew replaces what was said, services and reasons are added."""
        said = {
            name: value
            for name, value in dict(later).items()
            if value not in (None, ()) and name not in ("services", "settled")
        }
        added = {"services": (*self.services, *later.services), "settled": (*self.settled, *later.settled)}
        return self.model_copy(update=said | added)

    def of(self, visit: Visit) -> Visit:
        """The visit with the answers in the places of what the EHR said."""
        update: dict[str, object] = {}
        if self.diagnoses:
            update["conditions"] = self.diagnoses
        if self.services:
            update["services"] = (*visit.services, *self.services)
        if self.ended_on:
            update["ended_on"] = self.ended_on
        if self.cut_off:
            update["cut_off"] = self.cut_off
        of_stay = {"patient_status": self.patient_status, "type_of_bill": self.type_of_bill}
        if visit.stay and any(of_stay.values()):
            update["stay"] = visit.stay.model_copy(update={name: value for name, value in of_stay.items() if value})
        return visit.model_copy(update=update) if update else visit

    def leave_open(self, asked: Iterable[Asked], *, of_reading: bool = False) -> tuple[Asked, ...]:
        """What is asked still: a question is settled by a reason only where no fact is needed.

        What was not understood in reading (``of_reading``) no order of payers settles: that coverage is not among them.
        """
        return tuple(each for each in asked if not self._settle(each, of_reading=of_reading))

    def in_order(self, plans: list[T], *, key: Callable[[T], str]) -> list[T]:
        """The plans in the order that was answered, else as they are."""
        if not self.payers:
            return plans
        places = {payer: place for place, payer in enumerate(self.payers)}
        return sorted((plan for plan in plans if key(plan) in places), key=lambda plan: places[key(plan)])

    def _settle(self, asked: Asked, *, of_reading: bool) -> bool:
        if asked.question == "coverage" and self.payers and not of_reading:
            return True
        if asked.question == "diagnosis" and self.diagnoses:
            return True
        return asked.question in SETTLED_BY_A_WORD and any(
            settled.question == asked.question and settled.about in (None, asked.about) for settled in self.settled
        )


NONE = Answers()
