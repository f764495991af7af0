"""A loop's own segments: which field each is read to, and written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from claimstream_x12.names import Address, Amount, Contact, Dated, Party, Quantity, Reference
from claimstream_x12.names_reading import (
    read_address,
    read_amount,
    read_contact,
    read_dated,
    read_name,
    read_quantity,
    read_reference,
)
from claimstream_x12.names_writing import (
    contact_elements,
    dated_elements,
    n4_elements,
    name_elements,
    reference_elements,
)
from claimstream_x12.set_writer import Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimstream_x12.elements import ElementReader
    from claimstream_x12.loop_records.element_fields import Fields, Refuse
    from claimstream_x12.segments import Segment
    from claimstream_x12.set_writer import Value

    Found = dict[str, Any]
    """What was read of a loop so far, by field; lists and parts are put together when it closes."""


class OwnSlot(Protocol):
    """One place for a segment among the loop's own."""

    @property
    def segment(self) -> str:
        """The segment's id."""
        ...

    @property
    def many(self) -> bool:
        """Whether more than one may come."""
        ...

    def take(self, segment: Segment, found: Found, reader: ElementReader, loop: str) -> bool:
        """Read a segment to its field, if there is room for it and it can be read."""
        ...

    def write(self, record: Any, refuse: Refuse) -> Iterable[Sequence[Value]]:
        """The elements of each segment that the record has here."""
        ...


@dataclass(frozen=True, slots=True)
class FieldsSlot:
    """A segment that comes once, whose elements are fields of the record."""

    segment: str
    fields: Fields
    required: bool

    @property
    def many(self) -> bool:
        """It comes once."""
        return False

    def take(self, segment: Segment, found: Found, reader: ElementReader, loop: str) -> bool:
        """Read its elements, unless it has been here before."""
        if self.fields.fields[0].name in found:
            return False
        found.update(self.fields.read(segment, reader, loop))
        return True

    def write(self, record: Any, refuse: Refuse) -> Iterable[Sequence[Value]]:
        """The segment, when any of its fields has a value or must have one."""
        elements = self.fields.write(record, refuse)
        return (elements,) if self.required or any(one not in {"", ()} for one in elements) else ()


class SegmentForm(Protocol):
    """How one whole segment becomes one value, and back."""

    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Any:
        """The value; None when it cannot be read."""
        ...

    def write(self, value: Any, refuse: Refuse) -> Sequence[Value]:
        """The elements."""
        ...


@dataclass(frozen=True, slots=True)
class WholeSlot:
    """A field that holds one whole segment, or each of those that come."""

    field: str
    segment: str
    form: SegmentForm
    many: bool
    required: bool

    def take(self, segment: Segment, found: Found, reader: ElementReader, loop: str) -> bool:
        """Read it, unless only one may come and has."""
        if not self.many and self.field in found:
            return False
        value = self.form.read(segment, reader, loop)
        if value is None:
            return False
        if self.many:
            found.setdefault(self.field, []).append(value)
        else:
            found[self.field] = value
        return True

    def write(self, record: Any, refuse: Refuse) -> Iterable[Sequence[Value]]:
        """One segment a value."""
        value = getattr(record, self.field)
        values = value if self.many else () if value is None or value == "" else (value,)
        return [self.form.write(one, refuse) for one in values]


_HELD_BY = {"N3": "address", "N4": "address", "REF": "references", "PER": "contacts", "PRV": "taxonomy"}


@dataclass(frozen=True, slots=True)
class NamedSlot:
    """One of the segments that a name or an address is made of."""

    field: str
    segment: str
    siblings: tuple[str, ...]
    is_party: bool

    @property
    def many(self) -> bool:
        """Whether more than one may come."""
        return self.segment in {"REF", "PER"}

    def take(self, segment: Segment, found: Found, reader: ElementReader, loop: str) -> bool:  # noqa: ARG002 — as others
        """Keep it for `put_together`."""
        parts: dict[str, list[Segment]] = found.setdefault(self.field, {})
        if self.segment in parts and not self.many:
            return False
        parts.setdefault(self.segment, []).append(segment)
        return True

    def write(self, record: Any, refuse: Refuse) -> Iterable[Sequence[Value]]:
        """Its part of the name or address."""
        value = getattr(record, self.field)
        if not self.is_party:
            return () if value is None else _address(self.segment, value)
        match self.segment:
            case "NM1":
                self._refuse_what_has_no_place(value, refuse)
                return (name_elements(value),)
            case "REF":
                return [reference_elements(one) for one in value.references]
            case "PER":
                return [contact_elements(one) for one in value.contacts]
            case _:
                return () if value.address is None else _address(self.segment, value.address)

    def _refuse_what_has_no_place(self, party: Party, refuse: Refuse) -> None:
        if party.extra:
            refuse("not-here", "the loop's own record keeps extras here", "NM1", 0)
        for segment, attribute in _HELD_BY.items():
            if segment not in self.siblings and getattr(party, attribute):
                refuse("not-here", f"the {attribute} of a name ({segment}) has no place in this loop", "NM1", 0)

    def put_together(self, parts: dict[str, list[Segment]]) -> Any:
        """The name or address, from its segments."""
        first = {segment_id: segments[0] for segment_id, segments in parts.items()}
        address = read_address(first.get("N3"), first.get("N4"))
        if not self.is_party:
            return address
        nm1 = first.get("NM1")
        name = read_name(nm1) if nm1 else Party("", "")
        references = tuple(read_reference(one) for one in parts.get("REF", ()))
        contacts = tuple(read_contact(one) for one in parts.get("PER", ()))
        return Party(
            name.role, name.kind, name.name, name.first, name.middle, name.suffix, name.id_qualifier, name.id,
            address=address, references=references, contacts=contacts, prefix=name.prefix, relationship=name.relationship,
        )  # fmt: skip


def _address(segment: str, address: Address) -> Iterable[Sequence[Value]]:
    elements: Sequence[Value] = (address.line1, address.line2) if segment == "N3" else n4_elements(address)
    return (elements,) if any(elements) else ()


class _ReferenceForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Reference:  # noqa: ARG002 — texts alone
        return read_reference(segment)

    def write(self, value: Reference, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        return reference_elements(value)


class _DatedForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Dated | None:
        return read_dated(segment, reader, loop)

    def write(self, value: Dated, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        return (value.qualifier, *dated_elements(value))


class _ContactForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Contact:  # noqa: ARG002 — texts alone
        return read_contact(segment)

    def write(self, value: Contact, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        return contact_elements(value)


class _NameForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Party:  # noqa: ARG002 — texts alone
        return read_name(segment)

    def write(self, value: Party, refuse: Refuse) -> Sequence[Value]:
        if value.address or value.references or value.contacts or value.taxonomy or value.extra:
            refuse("not-here", "only the name itself (NM1) has a place in this loop", "NM1", 0)
        return name_elements(value)


class _AmountForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Amount:
        return read_amount(segment, reader, loop)

    def write(self, value: Amount, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        return (value.qualifier, value.amount)


class _QuantityForm:
    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Quantity:
        return read_quantity(segment, reader, loop)

    def write(self, value: Quantity, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        return (value.qualifier, Number(value.quantity))


OWN_FORMS: dict[Any, SegmentForm] = {
    Reference: _ReferenceForm(),
    Dated: _DatedForm(),
    Contact: _ContactForm(),
    Party: _NameForm(),
    Amount: _AmountForm(),
    Quantity: _QuantityForm(),
}


class TextForm:
    """A segment whose first element is all that it says, such as MSG."""

    def read(self, segment: Segment, reader: ElementReader, loop: str) -> str | None:  # noqa: ARG002 — a text alone
        """The text."""
        return segment[1] or None

    def write(self, value: str, refuse: Refuse) -> Sequence[Value]:  # noqa: ARG002 — the writer checks it
        """The text."""
        return (value,)


@dataclass(frozen=True, slots=True)
class RecordForm:
    """A segment as a record of its own, whose fields name its elements."""

    segment: str
    record: type[Any]
    fields: Fields

    def read(self, segment: Segment, reader: ElementReader, loop: str) -> Any:
        """The record."""
        return self.record(**self.fields.read(segment, reader, loop))

    def write(self, value: Any, refuse: Refuse) -> Sequence[Value]:
        """The elements."""
        return self.fields.write(value, refuse)
