"""Segments to names, addresses, dates and adjustments; mirrors names_writing.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO, parse_date, parse_time
from claimstream_x12.extras import keep
from claimstream_x12.names import Address, Adjustment, Amount, Contact, Dated, Party, Procedure, Quantity, Reference
from claimstream_x12.record import maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from claimstream_x12.elements import ElementReader
    from claimstream_x12.extras import Extra
    from claimstream_x12.segments import Segment

_RD8_LENGTH = 17
_DT_LENGTH = 12
_NOTHING = [""] * 12  # for elements that are not there

make_party = maker(Party)
make_address = maker(Address)
make_reference = maker(Reference)
make_contact = maker(Contact)
make_dated = maker(Dated)
make_procedure = maker(Procedure)
make_adjustment = maker(Adjustment)
make_amount = maker(Amount)
make_quantity = maker(Quantity)


def read_name(nm1: Segment) -> Party:
    """NM1 alone."""
    _, role, kind, name, first, middle, prefix, suffix, qualifier, party_id, relationship, *_ = nm1.elements + _NOTHING
    if not (prefix or suffix or relationship):
        return make_party(role, kind, name, first, middle, "", qualifier, party_id)
    return make_party(
        role, kind, name, first, middle, suffix, qualifier, party_id, prefix=prefix, relationship=relationship
    )


def read_address(n3: Segment | None, n4: Segment | None) -> Address | None:
    """N3 and N4 as one address; None when neither is there."""
    if n3 is None and n4 is None:
        return None
    _, line1, line2, *_ = (n3.elements if n3 else _NOTHING) + _NOTHING
    _, city, state, postal_code, country, qualifier, location, subdivision, *_ = (
        n4.elements if n4 else _NOTHING
    ) + _NOTHING
    return make_address(line1, city, state, postal_code, line2, country, qualifier, location, subdivision)


def read_reference(ref: Segment) -> Reference:
    """REF."""
    elements = ref.elements
    if len(elements) == 3:  # noqa: PLR2004 — REF01 and REF02, as nearly always
        return make_reference(elements[1], elements[2])
    other = tuple(ref.components(4)) if ref[4] else ()
    return make_reference(ref[1], ref[2], ref[3], other)


def read_contact(per: Segment) -> Contact:
    """PER."""
    pairs = tuple((per[n], per[n + 1]) for n in (3, 5, 7) if per[n] or per[n + 1])
    return make_contact(numbers=pairs, name=per[2], function=per[1])


def read_party(
    loop: list[Segment],
    unread: Callable[[Segment], None],
    *,
    besides: Segment | None = None,
    strays: Sequence[Segment] = (),
    taxonomy: str = "",
) -> Party:
    """NM1 with its N3, N4, PRV, REF and PER; `besides` is read elsewhere. What else stands here, or strays behind, is kept."""
    if len(loop) == 1 and not strays and not taxonomy:
        return read_name(loop[0])
    n3 = n4 = None
    references, contacts = [], []
    extras: list[Extra] = []
    for number, segment in enumerate(loop[1:], 1):
        match segment.elements[0]:
            case "N3" if n3 is None:
                n3 = segment
            case "N4" if n4 is None:
                n4 = segment
            case "REF":
                references.append(read_reference(segment))
            case "PRV" if segment[3] and not taxonomy:
                taxonomy = segment[3]
            case "PER":
                contacts.append(read_contact(segment))
            case _:
                if segment is not besides:
                    extras.append(keep(segment, number - len(extras)))
                    unread(segment)
    _keep_strays(strays, len(loop) - len(extras), extras, unread)
    if not (n3 or n4 or taxonomy or references or contacts or extras):
        return read_name(loop[0])
    _, role, kind, name, first, middle, prefix, suffix, qualifier, party_id, relationship, *_ = (
        loop[0].elements + _NOTHING
    )
    return make_party(
        role,
        kind,
        name,
        first,
        middle,
        suffix,
        qualifier,
        party_id,
        read_address(n3, n4),
        taxonomy,
        tuple(references),
        tuple(contacts),
        prefix,
        relationship,
        tuple(extras),
    )


def _keep_strays(strays: Iterable[Segment], after: int, extras: list[Extra], unread: Callable[[Segment], None]) -> None:
    for segment in strays:
        extras.append(keep(segment, after))
        unread(segment)


def read_dated(dtp: Segment, reader: ElementReader, loop: str = "") -> Dated | None:
    """DTP in any of its forms; None, and noted, when its value is not what its form says."""
    qualifier, form, text = dtp[1], dtp[2], dtp[3]
    dated = None
    if form == "D8":
        start = parse_date(text)
        dated = make_dated(qualifier, start) if start else None
    elif form == "RD8" and len(text) == _RD8_LENGTH:
        start, end = parse_date(text[:8]), parse_date(text[9:])
        dated = make_dated(qualifier, start, end) if start and end else None
    elif form == "DT" and len(text) >= _DT_LENGTH:
        start, at = parse_date(text[:8]), parse_time(text[8:])
        dated = make_dated(qualifier, start, at=at) if start and at else None
    elif form == "TM":
        at = parse_time(text)
        dated = make_dated(qualifier, at=at) if at else None
    if dated is None:
        reader.note("not-a-date", f'"{text[:24]}" is not a date in the form {form or "(none)"}', dtp, 3, loop=loop)
    return dated


def read_procedure(segment: Segment, number: int) -> Procedure | None:
    """The composite medical procedure identifier; None when the element is empty."""
    return procedure_of(segment.components(number)) if segment[number] else None


def procedure_of(parts: list[str]) -> Procedure:
    """The composite's components as a procedure."""
    size = len(parts)
    if size == 2:  # noqa: PLR2004 — qualifier and code
        return make_procedure(parts[1], (), parts[0])
    modifiers = tuple(parts[2:6])
    while modifiers and not modifiers[-1]:
        modifiers = modifiers[:-1]
    return make_procedure(
        code=parts[1] if size > 1 else "",
        modifiers=modifiers,
        qualifier=parts[0],
        description=parts[6] if size > 6 else "",  # noqa: PLR2004 — component 7
        last_code=parts[7] if size > 7 else "",  # noqa: PLR2004 — component 8
    )


def read_adjustments(cas: Segment, reader: ElementReader, loop: str = "") -> list[Adjustment]:
    """The reasons of one CAS segment."""
    elements = cas.elements
    found = []
    for first in range(2, max(len(elements), 3), 3):
        if not (cas[first] or cas[first + 1]):
            continue
        amount = reader.required_amount(cas, first + 1, loop)
        found.append(make_adjustment(elements[1], elements[first], amount, reader.amount(cas, first + 2, loop)))
    return found


def read_amount(amt: Segment, reader: ElementReader, loop: str = "") -> Amount:
    """AMT."""
    return make_amount(amt[1], reader.required_amount(amt, 2, loop))


def read_quantity(qty: Segment, reader: ElementReader, loop: str = "") -> Quantity:
    """QTY."""
    return make_quantity(qty[1], reader.amount(qty, 2, loop) or ZERO)


def split_loops(segments: Iterable[Segment], starters: frozenset[str]) -> Iterator[list[Segment]]:
    """Runs of segments, each new one begun by a segment whose id is a starter; the first may begin with another."""
    run: list[Segment] = []
    for segment in segments:
        if segment.elements[0] in starters and run:
            yield run
            run = []
        run.append(segment)
    if run:
        yield run
