"""Correcting a claim by places: what a finding names, a change mends."""

from typing import Any

from claimstream_schemas.values.base import Document
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.money import LARGEST_AMOUNT
from pydantic import Field, ValidationError

from .claim import ClaimContent

CORRECTABLE = (
    "diagnoses",
    "lines",
    "stay",
    "facts",
    "providers",
    "facility",
    "place_of_service",
    "patient",
    "subscribers",
    "coverages",
)

_OF_A_COVERAGE = "insurance_type"
"""What may be said of a coverage here: why Medicare is second. Who pays, and in which order, is the encounter's to say."""

_COVERAGE_STEPS = 3
_AT_HOME = ("10", "12")
"""Places of service where no facility is: the patient's home, and telehealth there."""


class Change(Document):
    """A new value at a place; elements of lists are counted from 1, as findings count them."""

    place: str = Field(min_length=1, max_length=200, examples=["diagnoses/1/present_on_admission"])
    value: Any = Field(description="The new value; null empties the place")


class CannotChange(Exception):
    """A place does not exist, may not be changed, or does not take the value."""

    def __init__(self, place: str, why: str) -> None:
        """The place, and why not."""
        super().__init__(f"{place}: {why}")
        self.place = place
        self.why = why


def corrected(content: ClaimContent, changes: tuple[Change, ...]) -> ClaimContent:
    """The content with the changes made, in order.

    Raises:
        CannotChange: names the place.
    """
    document = content.model_dump(mode="json")
    for change in changes:
        _set(document, change)
        if change.place == "place_of_service":
            document["place_of_service_source"] = "given"
            document["facility"] = None if change.value in _AT_HOME else document["facility"]
    if len(document["payers"]) == len(document["coverages"]):
        for coverage, payer in zip(document["coverages"], document["payers"], strict=True):
            payer[_OF_A_COVERAGE] = coverage[_OF_A_COVERAGE]
    try:
        changed = ClaimContent.model_validate(document)
    except ValidationError as error:
        fault = error.errors()[0]
        raise CannotChange(_place(document, fault["loc"]), str(fault["msg"])) from error
    if changed.total_charge > LARGEST_AMOUNT:
        raise CannotChange("lines", f"the charges add up to more than {LARGEST_AMOUNT:,}")
    if kind_of(changed.kind).has_stay and changed.stay is not None and not changed.stay.type_of_bill:
        raise CannotChange("stay/type_of_bill", "a facility's bill has one")
    return _as_at_intake(changed)


def _as_at_intake(content: ClaimContent) -> ClaimContent:
    """Codes as intake writes them: in capitals, those of ICD-10-CM without their point; a value trims its texts itself."""
    stay = content.stay
    procedures = stay and tuple(one.model_copy(update={"code": one.code.upper()}) for one in stay.procedures)
    return content.model_copy(
        update={
            "diagnoses": tuple(
                one.model_copy(update={"code": one.code.replace(".", "").upper()}) for one in content.diagnoses
            ),
            "lines": tuple(
                line.model_copy(update={"procedure": line.procedure.upper()}) if line.procedure else line
                for line in content.lines
            ),
            "stay": stay and stay.model_copy(update={"procedures": procedures}),
        }
    )


def _place(document: Any, location: tuple[int | str, ...]) -> str:
    steps: list[str] = []
    holder = document
    for step in location:
        inside = None
        if isinstance(holder, dict):
            inside = holder.get(step)
        elif isinstance(holder, list) and isinstance(step, int) and step < len(holder):
            inside = holder[step]
        steps.append(str(_counted(inside, step + 1) if isinstance(step, int) else step))
        holder = inside
    return "/".join(steps)


def _set(document: dict[str, Any], change: Change) -> None:
    steps = change.place.split("/")
    if steps[0] not in CORRECTABLE:
        raise CannotChange(change.place, f"only {', '.join(CORRECTABLE)} can be corrected here")
    if steps[0] == "coverages" and (len(steps) != _COVERAGE_STEPS or steps[-1] != _OF_A_COVERAGE):
        raise CannotChange(change.place, f"of a coverage only {_OF_A_COVERAGE} can be corrected here")
    holder: Any = document
    for step in steps[:-1]:
        holder = _at(holder, step, change.place)
        if holder is None:
            raise CannotChange(change.place, f"there is nothing at {step} yet; set it whole")
    last = steps[-1]
    if isinstance(holder, list):
        holder[_number(holder, last, change.place)] = change.value
    elif isinstance(holder, dict) and last in holder:
        holder[last] = change.value
    else:
        raise CannotChange(change.place, f"there is no {last}")


def _at(holder: Any, step: str, place: str) -> Any:
    if isinstance(holder, list):
        return holder[_number(holder, step, place)]
    if isinstance(holder, dict) and step in holder:
        return holder[step]
    raise CannotChange(place, f"there is no {step}")


def _number(holder: list[Any], step: str, place: str) -> int:
    numbers = [_counted(one, number) for number, one in enumerate(holder, start=1)]
    if not step.isdecimal() or int(step) not in numbers:
        raise CannotChange(place, f"{step} is not one of {', '.join(map(str, numbers)) or 'none'}")
    return numbers.index(int(step))


def _counted(element: Any, number: int) -> Any:
    """How findings count an element: a line by its ordinal, which on an encounter's second claim does not begin with 1."""
    return element.get("ordinal", number) if isinstance(element, dict) else number
