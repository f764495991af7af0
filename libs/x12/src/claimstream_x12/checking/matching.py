"""Does a segment fit its use? One compiled pattern answers for all elements at once.

The pattern holds usages, lengths, types, codes, formats and repeats; a segment that matches it is right and costs one
call into C. One that does not goes to `explaining.py`, which says what is wrong. Syntax notes that the guide's usages
leave open are asked apart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from claimstream_x12.guides import CompositeForm, ElementForm, ElementUse, Note, SegmentUse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from claimstream_x12.delimiters import Delimiters

    NoteCheck = Callable[[list[str]], bool]

DATE = (
    r"(?!0000)[0-9]{4}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    r"|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
"""A day of the calendar but the 29th of February, which the explaining side looks up."""
_HOURS = r"(?:[01][0-9]|2[0-3])[0-5][0-9]"
TIME = rf"{_HOURS}(?:[0-5][0-9](?:[0-9]{{1,2}})?)?"
_FIRST, _LAST = 0x20, 0x7E  # the printable characters of ASCII
FORMATS = {"D8": DATE, "RD8": f"{DATE}-{DATE}", "DT": f"{DATE}{_HOURS}", "TM": TIME}
"""What a date and time qualifier (element 1250) promises; others are not looked into."""

_NINE_DIGITS = "[0-9]{9}"
IDENTIFIERS = {
    "EI": _NINE_DIGITS,
    "FI": _NINE_DIGITS,
    "SY": _NINE_DIGITS,
    "TJ": _NINE_DIGITS,
    "34": _NINE_DIGITS,
    "N4": "[0-9]{11}",
    "JP": "(?:0?[1-9]|[12][0-9]|3[0-2]|5[1-9]|[67][0-9]|8[0-2]|[A-T]S?)",
}
"""What a qualifier of an identifier promises: tax and social security numbers have nine digits and no separators (notes of
the 837 guides at REF*EI and REF*SY), a national drug code has eleven (5-4-2), a tooth is one of the universal numbering,
supernumerary teeth among them (ADA). An employer's number under 24 is left alone: a published 278 has one of ten digits."""
_PROMISED = {**FORMATS, **IDENTIFIERS}


class Fit:
    """Whether segments fit one use, for one choice of delimiters; the pattern is made when it is first needed."""

    __slots__ = ("delimiters", "externals", "fits", "notes", "notes_from", "use")

    def __init__(self, use: SegmentUse, delimiters: Delimiters) -> None:
        self.use, self.delimiters = use, delimiters
        self.notes = (*_segment_notes(use), *_composite_notes(use, delimiters))
        self.notes_from = _notes_from(use)  # a segment with fewer elements keeps every note
        self.externals = _externals(use)
        self.fits: Callable[[str], object] = self._make

    def _make(self, text: str) -> object:
        self.fits = _pattern(segment_pattern(self.use, self.delimiters)).fullmatch
        return self.fits(text)


def _externals(use: SegmentUse) -> tuple[tuple[int, int, str], ...]:
    """The elements (and components) of a use whose codes others keep: element, component, list."""
    found = []
    for number, element in enumerate(use.elements, 1):
        if element.external:
            found.append((number, 0, element.external))
        found += [(number, at, part.external) for at, part in enumerate(element.components, 1) if part.external]
    return tuple(found)


def _segment_notes(use: SegmentUse) -> tuple[NoteCheck, ...]:
    return tuple(note_check(note) for note in open_notes(use.notes, use.elements))


def _notes_from(use: SegmentUse) -> int:
    """The first element that a note is about, for notes that nothing breaks where nothing stands."""
    notes = open_notes(use.notes, use.elements)
    first = [0 if note.kind == "R" else note.numbers[0] if note.kind in "CL" else min(note.numbers) for note in notes]
    composites = [
        number
        for number, element in enumerate(use.elements, 1)
        if isinstance(element.form, CompositeForm) and open_notes(element.form.notes, element.components)
    ]
    return min((*first, *composites), default=0)


def _composite_notes(use: SegmentUse, delimiters: Delimiters) -> tuple[NoteCheck, ...]:
    def inside(number: int, check: NoteCheck) -> NoteCheck:
        def kept(elements: list[str]) -> bool:
            text = elements[number] if number < len(elements) else ""
            return not text or check(["", *text.split(delimiters.component)])

        return kept

    return tuple(
        inside(number, note_check(note))
        for number, element in enumerate(use.elements, 1)
        if isinstance(element.form, CompositeForm) and element.usage != "N"
        for note in open_notes(element.form.notes, element.components)
    )


@lru_cache(maxsize=8192)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def segment_pattern(use: SegmentUse, delimiters: Delimiters) -> str:
    """The pattern of a whole segment's text."""
    separator = re.escape(delimiters.element)
    body = _sequence(use.elements, separator, delimiters)
    return f"{use.id}{body}(?<!{separator})"


def _sequence(uses: Sequence[ElementUse], separator: str, delimiters: Delimiters, *, first: str | None = None) -> str:
    """Elements one after another, those at the end that need not stand left out; `first` stands before the first one."""
    tail, tail_required = "", False
    for number in range(len(uses) - 1, -1, -1):
        use = uses[number]
        joint = _joint(uses, number, separator, delimiters) if _leads(uses, number) else None
        if joint is None and _follows(uses, number):
            continue
        pattern = joint if joint is not None else _element(use, delimiters)
        required = use.usage == "R"
        body = pattern if required else (f"(?:{pattern})?" if pattern else "")
        part = (separator if first is None or number else first) + body + tail
        if required or tail_required:
            tail, tail_required = part, True
        else:
            tail = f"(?:{part})?"
    return tail


def _leads(uses: Sequence[ElementUse], number: int) -> bool:
    return number + 1 < len(uses) and _follows(uses, number + 1)


def _follows(uses: Sequence[ElementUse], number: int) -> bool:
    use = uses[number]
    return (
        number > 0
        and isinstance(use.form, ElementForm)
        and use.form.form_by == number
        and use.usage != "N"
        and bool(uses[number - 1].codes)
    )


def _joint(uses: Sequence[ElementUse], number: int, separator: str, delimiters: Delimiters) -> str:
    """A qualifier and what it promises of the element after it, told together."""
    form = uses[number + 1].form
    any_other = _simple(uses[number + 1], form, delimiters) if isinstance(form, ElementForm) else ""
    return "(?:" + "|".join(
        f"{re.escape(code)}{separator}{_PROMISED.get(code, any_other)}" for code in uses[number].codes
    ) + ")"  # fmt: skip


def _element(use: ElementUse, delimiters: Delimiters) -> str:
    if use.usage == "N":
        return ""
    form = use.form
    one = _composite(use, delimiters) if isinstance(form, CompositeForm) else _simple(use, form, delimiters)
    if use.repeats > 1 and delimiters.repetition:
        return f"{one}(?:{re.escape(delimiters.repetition)}{one}){{0,{use.repeats - 1}}}"
    return one


def _composite(use: ElementUse, delimiters: Delimiters) -> str:
    """At least one component stands; a situational first one may be empty."""
    body = _sequence(use.components, re.escape(delimiters.component), delimiters, first="")
    required = bool(use.components) and use.components[0].usage == "R"
    return f"(?:{body})" if required else f"(?=[^{re.escape(delimiters.element)}])(?:{body})"


def _simple(use: ElementUse, form: ElementForm, delimiters: Delimiters) -> str:
    if use.codes and not use.external:
        return "(?:" + "|".join(re.escape(code) for code in use.codes) + ")"
    least, most = form.least, form.most
    sign = "" if use.unsigned else "-?"
    match form.type:
        case "R":
            return rf"{sign}(?:[0-9]{{{least},{most}}}|(?=[.0-9]{{{least + 1},{most + 1}}}(?![.0-9]))[0-9]*\.[0-9]+)"
        case "DT":
            return DATE if least == most == len("CCYYMMDD") else "[0-9]{6}"
        case "TM":
            return TIME
        case "AN" | "ID":
            return f"{_character(delimiters)}{{{least},{most}}}"
        case _:  # N0, N2: whole numbers, the point implied
            return f"{sign}[0-9]{{{least},{most}}}"


@lru_cache(maxsize=64)
def _character(delimiters: Delimiters) -> str:
    """Any character of X12's sets that is no delimiter: printable ASCII, as ranges, which compile fast."""
    taken = sorted(ord(one) for one in set(delimiters.all) if _FIRST <= ord(one) <= _LAST)
    ranges, start = [], _FIRST
    for code in (*taken, _LAST + 1):
        if code > start:
            ranges.append(f"{re.escape(chr(start))}-{re.escape(chr(code - 1))}")
        start = code + 1
    return "[" + "".join(ranges) + "]"


def open_notes(notes: tuple[Note, ...], uses: Sequence[ElementUse]) -> tuple[Note, ...]:
    """The syntax notes that the usages do not settle already."""
    return tuple(note for note in notes if _is_open(note, [_usage(uses, number) for number in note.numbers]))


def _usage(uses: Sequence[ElementUse], number: int) -> str:
    return uses[number - 1].usage if number <= len(uses) else "N"


def _is_open(note: Note, usages: list[str]) -> bool:
    match note.kind:
        case "P":
            return len(set(usages)) > 1 or usages[0] == "S"
        case "R":
            return "R" not in usages
        case "E":
            return sum(usage != "N" for usage in usages) > 1
        case _:  # C, L
            others = usages[1:]
            settled = "R" in others if note.kind == "L" else all(usage == "R" for usage in others)
            return usages[0] != "N" and not settled


def note_check(note: Note) -> NoteCheck:
    """Whether the elements (or components) keep a note; index 0 is the segment's id."""
    numbers = note.numbers
    first = numbers[0]
    if note.kind == "P" and len(numbers) == 2:  # noqa: PLR2004 — the usual pair, asked of every name
        return _pair(*numbers)

    def stand(elements: list[str]) -> int:
        return sum(1 for number in numbers if number < len(elements) and elements[number])

    def first_stands(elements: list[str]) -> bool:
        return first < len(elements) and bool(elements[first])

    match note.kind:
        case "P":
            return lambda elements: stand(elements) in {0, len(numbers)}
        case "R":
            return lambda elements: stand(elements) > 0
        case "E":
            return lambda elements: stand(elements) <= 1
        case "C":
            return lambda elements: not first_stands(elements) or stand(elements) == len(numbers)
        case _:
            return lambda elements: not first_stands(elements) or stand(elements) > 1


def _pair(one: int, other: int) -> NoteCheck:
    def kept(elements: list[str]) -> bool:
        size = len(elements)
        return (one < size and elements[one] != "") is (other < size and elements[other] != "")

    return kept
