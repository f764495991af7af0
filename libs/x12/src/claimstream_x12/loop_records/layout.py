"""A record class, understood once: what each of its fields reads from a loop's segments, and writes to them."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin, get_type_hints

from claimstream_x12.loop_records.element_fields import CompositeRecord, ElementField, Fields, Moment, elements_of
from claimstream_x12.loop_records.kinds import TEXT, CompositeKind, ProcedureKind, kind_of
from claimstream_x12.loop_records.places import Elements, Level, Loop, Place, Segments, read_place
from claimstream_x12.loop_records.segment_fields import (
    OWN_FORMS,
    FieldsSlot,
    NamedSlot,
    RecordForm,
    TextForm,
    WholeSlot,
)
from claimstream_x12.names import Address, Party, Procedure
from claimstream_x12.segment_limits import is_mandatory

if TYPE_CHECKING:
    from claimstream_x12.loop_records.segment_fields import OwnSlot

_SHARED_FIELDS = frozenset({"extra", "position"})


@dataclass(frozen=True, slots=True)
class Field:
    """A field with its type taken apart: what one value is, and whether there may be many, one or none."""

    name: str
    hint: Any  # as it is declared, without the place
    one: Any  # the type of one value
    many: bool
    place: Place
    required: bool


@dataclass(frozen=True, slots=True)
class ChildSlot:
    """A field that holds the loops below."""

    field: str
    place: Loop | Level
    record: type[Any]
    many: bool
    segment: str  # the one that begins each
    key_element: int  # its element that tells it from others
    codes: frozenset[str]  # none: any

    def begins(self, elements: list[str]) -> bool:
        """Whether this segment begins one."""
        if not self.codes:
            return True
        return self.key_element < len(elements) and elements[self.key_element] in self.codes


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything that a record class says of its loop."""

    record: type[Any]
    own: tuple[OwnSlot, ...]  # in the order of writing
    children: tuple[ChildSlot, ...]
    places: dict[str, tuple[int, ...]]  # which of the own slots a segment may go to, by its id
    openers: dict[str, tuple[ChildSlot, ...]]
    empty: dict[str, Any]  # what a field is when nothing was found for it: defaults are for those who write
    bounds: frozenset[str]  # LS and LE, where loops below are bounded by them

    @property
    def first_segment(self) -> str:
        """What begins the loop, where it is no level."""
        return self.own[0].segment

    def holds_one(self, segment: str) -> bool:
        """Whether at most one segment with this id is held."""
        return all(not self.own[number].many for number in self.places.get(segment, ()))


def layout_of(record: type[Any]) -> Layout:
    """The layout of a record class, understood when it is first asked for."""
    known = _KNOWN.get(record)
    if known is None:
        known = _KNOWN[record] = _understood(record)
    return known


_KNOWN: dict[type[Any], Layout] = {}


def _understood(record: type[Any]) -> Layout:
    declared = _fields(record)
    own = tuple(_own_slots(declared))
    children = tuple(_child(one, one.place) for one in declared if isinstance(one.place, Loop | Level))
    places: dict[str, tuple[int, ...]] = {}
    for number, slot in enumerate(own):
        places[slot.segment] = (*places.get(slot.segment, ()), number)
    openers: dict[str, tuple[ChildSlot, ...]] = {}
    for child in children:
        openers[child.segment] = (*openers.get(child.segment, ()), child)
    bounded = any(isinstance(one.place, Loop) and one.place.bounded for one in children)
    empty = {one.name: _empty(one) for one in declared}
    return Layout(record, own, children, places, openers, empty, frozenset({"LS", "LE"} if bounded else ()))


def _fields(record: type[Any]) -> list[Field]:
    hints = get_type_hints(record, include_extras=True)
    without_default = {one.name for one in fields(record) if one.default is MISSING and one.default_factory is MISSING}
    found = []
    for one in fields(record):
        if one.name in _SHARED_FIELDS:
            continue
        hint = hints[one.name]
        if get_origin(hint) is not Annotated:
            raise TypeError(f"{record.__name__}.{one.name} does not say where it stands")
        declared, place = get_args(hint)[:2]
        made = read_place(place) if isinstance(place, str) else place
        each, many = _each(declared)
        found.append(Field(one.name, declared, each, many, made, one.name in without_default))
    return found


def _each(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) is tuple:
        return get_args(hint)[0], True
    if get_origin(hint) in {Union, UnionType}:
        return next(one for one in get_args(hint) if one is not NoneType), False
    return hint, False


def _empty(one: Field) -> Any:
    if one.many:
        return ()
    if one.one is Party:
        return Party("", "")
    kind = kind_of(one.hint, "", 0)
    return None if kind is None else kind.empty


def _own_slots(declared: list[Field]) -> list[OwnSlot]:
    """The loop's own segments; fields that follow one another in the same segment share a slot."""
    slots: list[OwnSlot] = []
    run: list[Field] = []
    for one in [*declared, None]:
        if run and (one is None or not isinstance(one.place, Elements) or one.place.segment != _segment(run[0])):
            slots.append(FieldsSlot(_segment(run[0]), fields_of(run), required=any(held.required for held in run)))
            run = []
        if one is None or isinstance(one.place, Loop | Level):
            continue
        if isinstance(one.place, Elements):
            run.append(one)
        else:
            slots += _whole_segments(one, one.place)
    return slots


def _segment(one: Field) -> str:
    return one.place.segment if isinstance(one.place, Elements) else ""


def _whole_segments(one: Field, place: Segments) -> list[OwnSlot]:
    if len(place.ids) > 1 or (one.one in {Party, Address} and not one.many):
        return [NamedSlot(one.name, segment, place.ids, is_party=one.one is Party) for segment in place.ids]
    return [WholeSlot(one.name, place.ids[0], _form(one, place.ids[0]), many=one.many, required=one.required)]


def _form(one: Field, segment: str) -> Any:
    if one.one is str:
        return TextForm()
    known = OWN_FORMS.get(one.one)
    return known if known is not None else RecordForm(segment, one.one, fields_of(_fields(one.one)))


def fields_of(run: list[Field]) -> Fields:
    """What fields read from one segment, and write to it."""
    made = tuple(_element_field(one) for one in run)
    return Fields(made, elements_of(made))


def _element_field(one: Field) -> ElementField | Moment:
    place = one.place
    if not isinstance(place, Elements):
        raise TypeError(f"{one.name} must stand in an element")
    first = place.targets[0]
    kind = kind_of(one.one if one.many else one.hint, first.segment, first.element)
    if kind is None and len(place.targets) == 2 and not one.many:  # noqa: PLR2004 — a date and a time
        return Moment(one.name, place.targets[0].element, place.targets[1].element)
    composite = None if kind is not None else _composite(one.one)
    needed = one.required and bool(first.segment) and not is_mandatory(first.segment, first.element)
    return ElementField(one.name, place.targets, place.constants, kind or TEXT, composite, one.many, needed)


def _composite(record: type[Any]) -> CompositeKind:
    return ProcedureKind() if record is Procedure else CompositeRecord(record, fields_of(_fields(record)))


def _child(one: Field, place: Loop | Level) -> ChildSlot:
    if isinstance(place, Level):
        return ChildSlot(one.name, place, one.one, one.many, "HL", 3, frozenset({place.code}))
    segment = layout_of(one.one).first_segment
    return ChildSlot(one.name, place, one.one, one.many, segment, 1, frozenset(place.codes))
