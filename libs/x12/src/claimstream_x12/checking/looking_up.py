"""Codes of a claim, looked up once its date of service is known (SNIP 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.code_sets import WARNS, Standing, list_of
from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from claimstream_x12.checking.noting import Notebook
    from claimstream_x12.checking.rules import SetRules
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

    Coded = tuple[Segment, tuple[tuple[int, int, str], ...], Loop]

KINDS.update(
    {
        "code-diagnosis": Kind(5, segment="8", element="7", status="255"),
        "code-procedure": Kind(5, segment="8", element="7", status="454"),
        "code-place": Kind(5, segment="8", element="7", status="249"),
        "code-address": Kind(5, segment="8", element="7", status="126"),
        "code-unknown": Kind(5, segment="8", element="7"),
    }
)
_CODES = {
    "icd10cm": ("code-diagnosis", "a diagnosis code"),
    "icd9cm": ("code-diagnosis", "a diagnosis code"),
    "icd10pcs": ("code-procedure", "a procedure code"),
    "procedure": ("code-procedure", "a procedure code"),
    "cdt": ("code-procedure", "a procedure code"),
    "ndc": ("code-procedure", "a national drug code of eleven digits"),
    "pos": ("code-place", "a place of service"),
    "state": ("code-address", "a state or province"),
    "country": ("code-address", "a country"),
}


_LINES = frozenset({"2400", "2110"})  # loops with a day of service of their own
_COUNTRY = 4  # N404
_WITH_STATES = frozenset({"", "US", "CA"})


def look_up(coded: Iterable[Coded], on: date | None, rules: SetRules) -> None:
    """Note each code that is not in its list on its line's day of service, else on that day."""
    codes, notebook = rules.situation.codes, rules.notebook
    at: Loop | None = None
    day = on
    for segment, places, loop in coded:
        if loop is not at:
            at = loop
            day = (rules.service_date(loop) or on) if loop.use.id in _LINES else on
        elements = segment.elements
        size = len(elements)
        for element, component, external in places:
            if element >= size:
                break  # places come in the order of their elements
            text = elements[element]
            if not text or (external == "state" and segment[_COUNTRY] not in _WITH_STATES):
                continue
            found = _components(text, component, segment) if component else ((text, elements[element - 1]),)
            for code, qualifier in found:
                name = list_of(external, qualifier)
                if codes.standing(name, code, day) is Standing.INVALID:
                    _note_invalid(code, name, day, notebook, (segment, element, component, loop))


def _components(text: str, component: int, segment: Segment) -> list[tuple[str, str]]:
    """The code with the qualifier before it; every one of a repeating element."""
    delimiters = segment.delimiters
    repetition = delimiters.repetition
    found = []
    for occurrence in text.split(repetition) if repetition and repetition in text else (text,):
        parts = occurrence.split(delimiters.component)
        if component <= len(parts) and parts[component - 1]:
            found.append((parts[component - 1], parts[component - 2] if component > 1 else ""))
    return found


def _note_invalid(
    code: str, name: str, on: date | None, notebook: Notebook, place: tuple[Segment, int, int, Loop]
) -> None:
    segment, element, component, loop = place
    slug, said = _CODES.get(name, ("code-unknown", f"of the list {name}"))
    warns = name in WARNS
    message = f'"{code[:12]}" is not {said}' + (f" on {on}" if on else "") + (": taken all the same" if warns else "")
    severity = Severity.WARNING if warns else Severity.ERROR
    notebook.element(slug, message, segment, element, loop, component=component, severity=severity)
