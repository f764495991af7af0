"""The text tables, read to values: forms (the base standard) and uses (what a guide makes of them)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELEMENT_FORM = re.compile(r"(AN|ID|R|N[0-9]|DT|TM|B)(\d+)(?:-(\d+))?(?:@(\d+))?")
_ITEM = re.compile(r"([RSN])(\+)?(?:\*(\d+))?(?::([^()]*))?(?:\((.*)\))?")
_USE = re.compile(r"(\S+) +([RS]) +(\d+|>1)(?: +like +(\S+))?")
_INDENT = 2


class TableFault(ValueError):
    """A line of a table that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class ElementForm:
    """A simple element in the base standard: AN, ID, R, Nn, DT or TM with its lengths."""

    type: str
    least: int
    most: int
    form_by: int = 0  # the element or component that tells this one's format (DTP03's is DTP02)


@dataclass(frozen=True, slots=True)
class Note:
    """A syntax note: P all or none, R at least one, E at most one, C and L what the first one asks for."""

    kind: str
    numbers: tuple[int, ...]

    def __str__(self) -> str:
        return self.kind + "".join(f"{number:02d}" for number in self.numbers)


@dataclass(frozen=True, slots=True)
class CompositeForm:
    """A composite element in the base standard."""

    id: str
    elements: tuple[ElementForm, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentForm:
    """A segment in the base standard."""

    id: str
    elements: tuple[ElementForm | CompositeForm, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementUse:
    """What a guide makes of an element or component: R required, S situational, N not used."""

    usage: str
    form: ElementForm | CompositeForm
    repeats: int = 1
    codes: tuple[str, ...] = ()
    external: str = ""  # a list that others keep: icd10cm, procedure, state …
    components: tuple[ElementUse, ...] = ()
    unsigned: bool = False  # a number that the guide does not let be less than zero


@dataclass(eq=False, slots=True)
class SegmentUse:
    """A segment at one place of a guide."""

    id: str
    usage: str
    repeats: int  # 0: any number
    elements: tuple[ElementUse, ...]
    form: SegmentForm
    loop: LoopUse
    notes: tuple[Note, ...] = ()  # those of the guide, then those of the base standard
    position: int = 0  # uses of one id that stand together share it
    bit: int = 0  # its own bit among what its loop holds

    @property
    def keys(self) -> tuple[str, ...]:
        """The codes by which it is told from other uses of the same segment: HL03, else the first element."""
        number = key_element(self.id)
        if len(self.elements) < number:
            return ()
        element = self.elements[number - 1]
        if element.components:
            element = element.components[0]
        return () if element.external else element.codes

    @property
    def name(self) -> str:
        """Its id with the codes that tell it from others, such as NM1*85."""
        return self.id + ("*" + "/".join(self.keys[:3]) if self.keys else "")


@dataclass(eq=False, slots=True)
class LoopUse:
    """A loop of a guide; the root holds the set's own segments, ST first."""

    id: str
    usage: str
    repeats: int  # 0: any number
    parent: LoopUse | None = None
    members: list[SegmentUse | LoopUse] = field(default_factory=list)  # in the guide's order
    position: int = 0
    bit: int = 0
    required: int = 0  # the bits of what must be there

    @property
    def segments(self) -> list[SegmentUse]:
        """Its own segments."""
        return [held for held in self.members if isinstance(held, SegmentUse)]

    @property
    def loops(self) -> list[LoopUse]:
        """The loops right below it."""
        return [held for held in self.members if isinstance(held, LoopUse)]

    @property
    def first(self) -> SegmentUse:
        """The segment that begins it."""
        first = self.members[0]
        if not isinstance(first, SegmentUse):
            raise TableFault(f"loop {self.id} begins with a loop")
        return first

    @property
    def hierarchical(self) -> bool:
        """Whether it is a level of the HL hierarchy."""
        return self.first.id == "HL"

    def all_loops(self) -> Iterator[LoopUse]:
        """It and every loop below it."""
        yield self
        for loop in self.loops:
            yield from loop.all_loops()


@dataclass(eq=False, slots=True)
class Guide:
    """One transaction set's implementation guide."""

    name: str  # the table's file name
    root: LoopUse

    def all_uses(self) -> Iterator[SegmentUse]:
        """Every segment use in the guide's order of loops."""
        for loop in self.root.all_loops():
            yield from loop.segments


def key_element(segment_id: str) -> int:
    """The element whose codes tell uses of a segment apart."""
    return 3 if segment_id == "HL" else 1


@cache
def segment_forms() -> dict[str, SegmentForm | CompositeForm]:
    """The base standard's segments and composites, by id."""
    texts = {}
    for line in _lines("segments.txt"):
        name, _, rest = line.partition(" ")
        texts[name] = rest
    forms: dict[str, SegmentForm | CompositeForm] = {}
    for name in sorted(texts, key=lambda name: not _is_composite(name)):  # composites first: segments name them
        elements, _, notes = texts[name].partition("|")
        made = tuple(_form(item, forms, name) for item in elements.split())
        read = _notes(notes)
        if _is_composite(name):
            forms[name] = CompositeForm(name, tuple(form for form in made if isinstance(form, ElementForm)), read)
        else:
            forms[name] = SegmentForm(name, made, read)
    return forms


def _notes(texts: str) -> tuple[Note, ...]:
    return tuple(Note(text[0], tuple(int(text[i : i + 2]) for i in range(1, len(text), 2))) for text in texts.split())


def _is_composite(name: str) -> bool:
    return len(name) == len("C003") and name[0] == "C" and name[1:].isdigit()


def _form(item: str, forms: dict[str, SegmentForm | CompositeForm], segment: str) -> ElementForm | CompositeForm:
    composite = forms.get(item)
    if isinstance(composite, CompositeForm):
        return composite
    match = _ELEMENT_FORM.fullmatch(item)
    if match is None:
        raise TableFault(f"segments.txt, {segment}: {item} is not an element")
    kind, least, most, form_by = match.groups()
    return ElementForm(kind, int(least), int(most or least), int(form_by or 0))


def read_guide(name: str) -> Guide:
    """The guide of one table file; raises TableFault for a line that cannot be read."""
    root = LoopUse("", "R", 1)
    open_loops = [root]
    for line in _lines(f"{name}.guide"):
        depth = (len(line) - len(line.lstrip(" "))) // _INDENT
        del open_loops[depth + 1 :]
        parent = open_loops[-1]
        text = line.strip()
        if text[0].isdigit():
            open_loops.append(_read_loop(text, parent, root, name))
        elif text.split()[0] != "SE":  # the envelope's business
            parent.members.append(_read_segment(text, parent, name))
    for loop in root.all_loops():
        _number(loop)
    return Guide(name, root)


def _lines(file: str) -> Iterator[str]:
    text = files("claimstream_x12.guides").joinpath(file).read_text("utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#"))


def _read_loop(text: str, parent: LoopUse, root: LoopUse, file: str) -> LoopUse:
    loop_id, usage, repeats, like = _head(text, file)
    loop = LoopUse(loop_id, usage, _repeats(repeats), parent)
    parent.members.append(loop)
    if like:
        path = like.split("/")
        source = next((one for one in root.all_loops() if _path(one)[-len(path) :] == path), None)
        if source is None:
            raise TableFault(f"{file}: {text}: no loop {like} before it")
        _copy(source, loop)
    return loop


def _path(loop: LoopUse) -> list[str]:
    return [*(_path(loop.parent) if loop.parent else []), loop.id]


def _copy(source: LoopUse, into: LoopUse) -> None:
    for held in source.members:
        if isinstance(held, SegmentUse):
            into.members.append(
                SegmentUse(held.id, held.usage, held.repeats, held.elements, held.form, into, held.notes)
            )
        else:
            copied = LoopUse(held.id, held.usage, held.repeats, into)
            into.members.append(copied)
            _copy(held, copied)


def _read_segment(text: str, loop: LoopUse, file: str) -> SegmentUse:
    head, items, notes = (*text.split("|"), "", "")[:3]
    segment_id, usage, repeats, _ = _head(head, file)
    form = segment_forms().get(segment_id)
    if not isinstance(form, SegmentForm):
        raise TableFault(f"{file}: {text}: no segment {segment_id} in segments.txt")
    elements = tuple(_uses(items, form.elements, f"{file}: {text}"))
    return SegmentUse(segment_id, usage, _repeats(repeats), elements, form, loop, (*_notes(notes), *form.notes))


def _head(text: str, file: str) -> tuple[str, str, str, str | None]:
    """The id, usage and repeats that a line begins with, and the loop that it is like."""
    match = _USE.fullmatch(text.strip())
    if match is None:
        raise TableFault(f"{file}: {text}: an id, R or S and a number begin a line")
    name, usage, repeats, like = match.groups()
    return name, usage, repeats, like


def _repeats(text: str) -> int:
    return 0 if text == ">1" else int(text)


def _uses(items: str, forms: tuple[ElementForm | CompositeForm, ...], where: str) -> Iterator[ElementUse]:
    for number, item in enumerate(_split_items(items)):
        match = _ITEM.fullmatch(item)
        if match is None or number >= len(forms):
            raise TableFault(f"{where}: element {number + 1}, {item}, cannot be read")
        usage, unsigned, repeats, codes, components = match.groups()
        form = forms[number]
        listed = tuple(code.replace("_", " ") for code in (codes or "").split(",") if code)
        yield ElementUse(
            usage=usage,
            form=form,
            repeats=int(repeats or 1),
            codes=tuple(code for code in listed if code[0] != "@"),
            external=next((code[1:].replace(" ", "_") for code in listed if code[0] == "@"), ""),
            components=tuple(_uses(components, form.elements, where))
            if components and isinstance(form, CompositeForm)
            else (),
            unsigned=bool(unsigned),
        )


def _split_items(items: str) -> Iterator[str]:
    """Items at the blanks that stand in no bracket; a code may hold a blank when it stands in a bracket's list."""
    depth, start = 0, 0
    for at, char in enumerate(items + " "):
        if char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
        elif char == " " and depth == 0:
            if at > start:
                yield items[start:at]
            start = at + 1


def _number(loop: LoopUse) -> None:
    """Give what stands in a loop its positions and its bits."""
    position, bit, before = 0, 1, ""
    for held in loop.members:
        segment_id = held.id if isinstance(held, SegmentUse) else held.first.id
        if segment_id != before:
            position += 1
        held.position, held.bit = position, bit
        if held.usage == "R":
            loop.required |= bit
        bit <<= 1
        before = segment_id
