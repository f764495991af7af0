"""What is wrong with a segment that does not fit its use: each fault with its element, component and repetition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.checking.matching import IDENTIFIERS, note_check, open_notes
from claimstream_x12.elements import parse_date, parse_decimal, parse_time
from claimstream_x12.guides import CompositeForm, ElementForm, ElementUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from claimstream_x12.delimiters import Delimiters
    from claimstream_x12.guides import SegmentUse
    from claimstream_x12.segments import Segment

_STRANGE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_OUTSIDE = re.compile(r"[\xa0-\U0010ffff]")
_SHOWN = 12
_RD8_LENGTH = 17
_DT_LENGTH = 12
_LONGEST_AMOUNT = 18  # data element 782; a quantity (380) has up to 15
_IDENTIFIER_FAULTS = {
    "N4": ("drug-code", "a national drug code has eleven digits and no separators"),
    "JP": ("tooth", "is no tooth of the universal numbering: 1 to 32, A to T, 51 to 82, AS to TS"),
}
_TAX_NUMBER = ("tax-number", "a tax or social security number has nine digits and no separators")
_FORMAT_NAMES = {
    "D8": "date CCYYMMDD",
    "RD8": "range CCYYMMDD-CCYYMMDD",
    "DT": "moment CCYYMMDDHHMM",
    "TM": "time HHMM",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an element; `value` is what stands there, for the acknowledgment alone."""

    code: str
    message: str
    element: int = 0
    component: int = 0
    repetition: int = 0
    value: str = ""


def faults(segment: Segment, use: SegmentUse) -> Iterator[Fault]:
    """Every fault of a segment against its use; none when it fits after all."""
    elements = segment.elements
    if len(elements) == 1:
        yield Fault("segment-empty", f"{use.id} holds no element")
        return
    if not elements[-1]:
        yield Fault(
            "element-trailing", "empty elements at the end must be left out, with their separators", len(elements) - 1
        )
    if len(elements) - 1 > len(use.form.elements):
        message = f"{len(elements) - 1} elements, {use.id} has {len(use.form.elements)}"
        yield Fault("too-many-elements", message, len(use.form.elements) + 1)
    for number in range(1, len(use.form.elements) + 1):
        text = elements[number] if number < len(elements) else ""
        if number > len(use.elements):
            if text:
                yield Fault("element-not-used", "is not used here: leave it empty", number, value=text)
            continue
        yield from _element(text, number, use.elements, segment.delimiters, elements)
    told = set()
    for note in open_notes(use.notes, use.elements):
        if not note_check(note)(elements):
            fault = _note_fault(note.kind, note.numbers, use.id, elements)
            if fault.element not in told:  # the guide's note and the standard's may ask for the same element
                yield fault
            told.add(fault.element)


def _note_fault(kind: str, numbers: tuple[int, ...], segment_id: str, elements: list[str]) -> Fault:
    names = [f"{segment_id}{number:02d}" for number in numbers]
    missing = next((n for n in numbers if n >= len(elements) or not elements[n]), numbers[-1])
    match kind:
        case "P":
            return Fault("element-pair", f"{' and '.join(names)} go together: all or none", missing)
        case "R":
            return Fault("element-pair", f"one of {', '.join(names)} must stand", missing)
        case "E":
            return Fault("element-excluded", f"only one of {', '.join(names)} may stand", numbers[-1])
        case "C":
            return Fault("element-pair", f"{names[0]} asks for {', '.join(names[1:])}", missing)
        case _:
            return Fault("element-pair", f"{names[0]} asks for one of {', '.join(names[1:])}", missing)


def _element(
    text: str, number: int, uses: Sequence[ElementUse], delimiters: Delimiters, elements: list[str]
) -> Iterator[Fault]:
    use = uses[number - 1]
    if not text:
        if use.usage == "R":
            yield Fault("element-missing", "must stand here", number)
        return
    if use.usage == "N":
        yield Fault("element-not-used", "is not used here: leave it empty", number, value=text)
        return
    occurrences = [text]
    if use.repeats > 1 and delimiters.repetition:
        occurrences = text.split(delimiters.repetition)
        if len(occurrences) > use.repeats:
            message = f"{len(occurrences)} repetitions, {use.repeats} are allowed"
            yield Fault("too-many-repetitions", message, number, repetition=use.repeats + 1)
    for repetition, one in enumerate(occurrences, 1):
        at = repetition if len(occurrences) > 1 else 0
        if isinstance(use.form, CompositeForm):
            yield from _composite(one, number, at, use, delimiters)
        else:
            by = use.form.form_by
            qualifier = elements[by] if 0 < by < len(elements) and uses[by - 1].codes else ""
            yield from _value(one, use, use.form, qualifier, (number, 0, at), delimiters)


def _composite(text: str, number: int, repetition: int, use: ElementUse, delimiters: Delimiters) -> Iterator[Fault]:
    parts = ["", *text.split(delimiters.component)]
    form = use.form
    if not isinstance(form, CompositeForm):
        return
    if len(parts) - 1 > len(form.elements):
        message = f"{len(parts) - 1} components, {len(form.elements)} are defined"
        yield Fault("too-many-components", message, number, len(form.elements) + 1, repetition)
    for at in range(1, len(form.elements) + 1):
        component = use.components[at - 1] if at <= len(use.components) else None
        yield from _component(parts, (number, at, repetition), component, delimiters)
    for note in open_notes(form.notes, use.components):
        if not note_check(note)(parts):
            fault = _note_fault(note.kind, note.numbers, f"{form.id}-", parts)
            yield Fault(fault.code, fault.message, number, fault.element, repetition)


def _component(
    parts: list[str], place: tuple[int, int, int], use: ElementUse | None, delimiters: Delimiters
) -> Iterator[Fault]:
    part = parts[place[1]] if place[1] < len(parts) else ""
    if use is None or use.usage == "N":
        if part:
            yield Fault("element-not-used", "is not used here: leave it empty", *place, value=part)
    elif not part:
        if use.usage == "R":
            yield Fault("element-missing", "must stand here", *place)
    elif isinstance(use.form, ElementForm):
        by = use.form.form_by
        yield from _value(part, use, use.form, parts[by] if 0 < by < len(parts) else "", place, delimiters)


def _value(  # noqa: PLR0913 — a value is judged by this much
    text: str,
    use: ElementUse,
    form: ElementForm,
    qualifier: str,
    place: tuple[int, int, int],
    delimiters: Delimiters,
) -> Iterator[Fault]:
    strange = _STRANGE.search(text)
    holds = [one for one in delimiters.all if one in text]
    if strange or holds:
        shown = repr(strange.group()) if strange else holds[0]
        yield Fault("element-character", f"holds {shown}, which X12 does not carry in data", *place, value=text)
        return
    outside = _OUTSIDE.search(text)
    if outside:
        # RFI 2212 answers twice: not by the guides, and by agreement of the partners under X12.6
        said = "outside the basic and extended character sets: by agreement alone (X12 RFI 2212)"
        yield Fault("character-set", f"holds {outside.group()!r}, {said}", *place, value=text)
    if use.codes and not use.external:
        if text not in use.codes:
            allowed = ", ".join(use.codes[:_SHOWN]) + (" …" if len(use.codes) > _SHOWN else "")
            said = _shown(text) if len(text) <= form.most else f"{len(text)} characters"
            yield Fault("element-code", f"{said}: one of {allowed} belongs here", *place, value=text)
        return
    yield from _typed(text, form, place)
    if use.unsigned and text.startswith("-"):
        code = "amount-negative" if form.most == _LONGEST_AMOUNT else "quantity-negative"
        yield Fault(code, f"{_shown(text)} is less than zero, which the guide rules out here", *place, value=text)
    if qualifier:
        yield from _formatted(text, qualifier, place)


def _typed(text: str, form: ElementForm, place: tuple[int, int, int]) -> Iterator[Fault]:
    match form.type:
        case "DT":
            if parse_date(text if len(text) > len("YYMMDD") else f"20{text}") is None:
                yield Fault("element-date", "is not a date CCYYMMDD", *place, value=text)
        case "TM":
            if parse_time(text) is None:
                yield Fault("element-time", "is not a time HHMM", *place, value=text)
        case "AN" | "ID":
            yield from _sized(text, len(text), form, place)
        case "R":
            if parse_decimal(text) is None or text.startswith("+"):
                yield Fault("element-number", f"{_shown(text)} is not a number", *place, value=text)
            else:
                yield from _sized(text, len(text.lstrip("-").replace(".", "")), form, place)
        case _:
            digits = text.removeprefix("-")
            if digits.isascii() and digits.isdigit():
                yield from _sized(text, len(digits), form, place)
            else:
                yield Fault("element-number", f"{_shown(text)} is not a whole number", *place, value=text)


def _sized(text: str, length: int, form: ElementForm, place: tuple[int, int, int]) -> Iterator[Fault]:
    if length < form.least:
        yield Fault("element-short", f"length {length}, at least {form.least} is needed", *place, value=text)
    if length > form.most:
        yield Fault("element-long", f"length {length}, at most {form.most} is allowed", *place, value=text)


def _formatted(text: str, qualifier: str, place: tuple[int, int, int]) -> Iterator[Fault]:
    promised = IDENTIFIERS.get(qualifier)
    if promised is not None:
        if not re.fullmatch(promised, text):
            yield Fault(*_IDENTIFIER_FAULTS.get(qualifier, _TAX_NUMBER), *place, value=text)
        return
    right = True
    match qualifier:
        case "D8":
            right = parse_date(text) is not None
        case "RD8":
            right = (
                len(text) == _RD8_LENGTH
                and text[8] == "-"
                and parse_date(text[:8]) is not None
                and parse_date(text[9:]) is not None
            )
        case "DT":
            right = len(text) == _DT_LENGTH and parse_date(text[:8]) is not None and parse_time(text[8:]) is not None
        case "TM":
            right = parse_time(text) is not None
    if not right:
        code = "element-time" if qualifier == "TM" else "element-date"
        yield Fault(code, f"is not a {_FORMAT_NAMES[qualifier]}", *place, value=text)


def is_tooth(text: str) -> bool:
    """Whether a text is a tooth of the universal numbering."""
    return re.fullmatch(IDENTIFIERS["JP"], text) is not None


def _shown(text: str) -> str:
    """A code or a number as it stands; dates and texts, which may tell of a patient, are never shown."""
    return f'"{text if len(text) <= 24 else text[:24] + "…"}"'  # noqa: PLR2004
