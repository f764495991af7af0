"""What a guide says, as flat facts, from our tables and from pyx12's maps, so that the two can be held against each other."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from importlib.resources import files

from claimstream_x12.guides import CompositeForm, ElementForm, LoopUse, SegmentUse, guide_for

Facts = dict[str, str]
_WRAPPERS = frozenset({"ISA_LOOP", "GS_LOOP", "ST_LOOP", "HEADER", "DETAIL", "FOOTER"})
_ENVELOPE = frozenset({"ISA", "IEA", "GS", "GE", "TA1", "ST", "SE"})


class _Uses:
    """Facts of segment uses; uses of one id in one loop are told apart by the codes they begin with."""

    def __init__(self) -> None:
        self.facts: Facts = {}

    def loop(self, path: str, usage: str, repeat: str) -> None:
        self.facts[path] = f"{usage} {repeat}"

    def segment(self, name: str, usage: str, repeat: str, notes: list[str]) -> str:
        """Its name, with a number where the loop has had one of that name."""
        again = sum(1 for key in self.facts if key == name or key.startswith(f"{name}#")) + 1
        name = name if again == 1 else f"{name}#{again}"
        self.facts[name] = f"{usage} {repeat}"
        self.facts[f"{name} notes"] = " ".join(sorted(notes))
        return name

    def element(self, name: str, usage: str, codes: list[str], repeat: str, form: str) -> None:
        self.facts[f"{name} usage"] = usage
        if usage != "N":
            self.facts[f"{name} repeat"] = repeat
            self.facts[f"{name} form"] = form
            if codes:
                self.facts[f"{name} codes"] = " ".join(sorted(codes))


def our_facts(table: str, *, flat: bool = False) -> Facts:
    """The facts of one of our tables; `flat` names loops without those around them."""
    uses = _Uses()
    _our_loop(guide_for(table).root, "", uses, flat=flat)
    return uses.facts


def _our_loop(loop: LoopUse, path: str, uses: _Uses, *, flat: bool) -> None:
    for held in loop.members:
        if isinstance(held, LoopUse):
            below = f"/{held.id}" if flat else f"{path}/{held.id}"
            uses.loop(below, held.usage, str(held.repeats or ">1"))
            _our_loop(held, below, uses, flat=flat)
        elif held.id not in _ENVELOPE:
            _our_segment(held, path, uses)


def _our_segment(use: SegmentUse, path: str, uses: _Uses) -> None:
    notes = [str(note) for note in use.form.notes]
    name = uses.segment(f"{path}/{_name(use.id, list(use.keys))}", use.usage, str(use.repeats or ">1"), notes)
    for number, form in enumerate(use.form.elements, 1):
        element = use.elements[number - 1] if number <= len(use.elements) else None
        at = f"{name} {use.id}{number:02d}"
        usage = element.usage if element else "N"
        uses.element(
            at, usage, list(element.codes) if element else [], str(element.repeats) if element else "1", _form(form)
        )
        if element and usage != "N" and isinstance(form, CompositeForm):
            for part in range(1, len(form.elements) + 1):
                component = element.components[part - 1] if part <= len(element.components) else None
                codes = list(component.codes) if component else []
                uses.element(
                    f"{at}-{part}", component.usage if component else "N", codes, "1", _form(form.elements[part - 1])
                )


def _form(form: ElementForm | CompositeForm) -> str:
    return form.id if isinstance(form, CompositeForm) else f"{form.type} {form.least}-{form.most}"


def _map(name: str) -> ET.Element:
    return ET.fromstring((files("pyx12") / "map" / name).read_bytes())  # noqa: S314 — a file of an installed package


@cache
def _data_elements() -> dict[str, str]:
    """The type and lengths of each data element, by its number."""
    return {
        one.get("ele_num", ""): f"{one.get('data_type')} {one.get('min_len')}-{one.get('max_len')}"
        for one in _map("dataele.xml").iter("data_ele")
    }


def pyx12_facts(name: str, *, flat: bool = False) -> Facts:
    """The facts of one of pyx12's maps."""
    uses = _Uses()
    _their_loop(_map(name), "", uses, flat=flat)
    return uses.facts


def _text(node: ET.Element, key: str, default: str = "") -> str:
    return node.findtext(key) or node.get(key) or default


def _their_loop(node: ET.Element, path: str, uses: _Uses, *, flat: bool) -> None:
    for held in node:
        if held.tag == "loop":
            name = held.get("xid", "")
            below = path if name in _WRAPPERS else f"/{name}" if flat else f"{path}/{name}"
            if name not in _WRAPPERS:
                uses.loop(below, _text(held, "usage"), _text(held, "repeat"))
            _their_loop(held, below, uses, flat=flat)
        elif held.tag == "segment" and held.get("xid") not in _ENVELOPE:
            _their_segment(held, path, uses)


def _their_segment(segment: ET.Element, path: str, uses: _Uses) -> None:
    segment_id = segment.get("xid", "")
    parts = [child for child in segment if child.tag in {"element", "composite"}]
    key = next((part for part in parts if int(_text(part, "seq")) == (3 if segment_id == "HL" else 1)), None)
    if key is not None and key.tag == "composite":
        key = key.find("element")
    notes = [note.text or "" for note in segment.findall("syntax")]
    name = uses.segment(
        f"{path}/{_name(segment_id, _codes(key))}", _text(segment, "usage"), _text(segment, "max_use"), notes
    )
    for part in parts:
        at = f"{name} {segment_id}{int(_text(part, 'seq')):02d}"
        usage = _text(part, "usage")
        form = _text(part, "data_ele")
        if part.tag == "element":
            uses.element(at, usage, _codes(part), _text(part, "repeat", "1"), _data_elements()[form])
        else:
            uses.element(at, usage, [], _text(part, "repeat", "1"), form)
        if part.tag == "composite" and usage != "N":
            for component in part.findall("element"):
                at_component = f"{at}-{int(_text(component, 'seq'))}"
                form = _data_elements()[_text(component, "data_ele")]
                uses.element(at_component, _text(component, "usage"), _codes(component), "1", form)


def _codes(element: ET.Element | None) -> list[str]:
    if element is None:
        return []
    return [code.text or "" for code in element.iter("code")]


def _name(segment_id: str, codes: list[str]) -> str:
    return f"{segment_id}*{min(codes)}" if codes else segment_id


def differences(ours: Facts, theirs: Facts) -> list[str]:
    """What the two say otherwise, and what only one says, without the elements of a segment that only one has."""
    found = []
    for key in sorted(ours.keys() | theirs.keys()):
        our, their = ours.get(key), theirs.get(key)
        if our == their or {our, their} <= {"N", "", None}:  # not used and not mentioned are the same
            continue
        segment = key.split(" ")[0]
        if " " in key and (segment not in ours or segment not in theirs):
            continue
        found.append(f"{key}: {our or '-'} | {their or '-'}")
    return found
