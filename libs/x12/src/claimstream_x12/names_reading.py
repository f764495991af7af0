"""Segments to names, addresses, dates and adjustments; mirrors names_writing.py."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claimstream_x12.elements import parse_date, parse_time
from claimstream_x12.names import Address, Adjustment, Amount, Contact, Dated, Party, Procedure, Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimstream_x12.elements import ElementReader
    from claimstream_x12.segments import Segment

_RD8_LENGTH = 17
_DT_LENGTH = 12


def read_name(nm1: Segment) -> Party:
    """NM1 alone."""
    return Party(
        role=nm1[1],
        kind=nm1[2],
        name=nm1[3],
        first=nm1[4],
        middle=nm1[5],
        suffix=nm1[7],
        id_qualifier=nm1[8],
        id=nm1[9],
    )


def read_address(n3: Segment | None, n4: Segment | None) -> Address | None:
    """N3 and N4 as one address; None when neither is there."""
    if n3 is None and n4 is None:
        return None
    return Address(
        line1=n3[1] if n3 else "",
        line2=n3[2] if n3 else "",
        city=n4[1] if n4 else "",
        state=n4[2] if n4 else "",
        postal_code=n4[3] if n4 else "",
        country=n4[4] if n4 else "",
    )


def read_reference(ref: Segment) -> Reference:
    """REF."""
    return Reference(ref[1], ref[2])


def read_contact(per: Segment) -> Contact:
    """PER."""
    pairs = tuple((per[n], per[n + 1]) for n in (3, 5, 7) if per[n] or per[n + 1])
    return Contact(numbers=pairs, name=per[2], function=per[1])


def read_party(loop: list[Segment], unread: Callable[[Segment], None]) -> Party:
    """NM1 with its N3, N4, PRV, REF and PER; what else stands in the loop goes to `unread`."""
    n3 = n4 = None
    taxonomy = ""
    references, contacts = [], []
    for segment in loop[1:]:
        match segment.elements[0]:
            case "N3" if n3 is None:
                n3 = segment
            case "N4" if n4 is None:
                n4 = segment
            case "REF":
                references.append(read_reference(segment))
            case "PRV" if not taxonomy:
                taxonomy = segment[3]
            case "PER":
                contacts.append(read_contact(segment))
            case _:
                unread(segment)
    party = read_name(loop[0])
    if not (n3 or n4 or taxonomy or references or contacts):
        return party
    return replace(
        party,
        address=read_address(n3, n4),
        taxonomy=taxonomy,
        references=tuple(references),
        contacts=tuple(contacts),
    )


def read_dated(dtp: Segment, reader: ElementReader, loop: str = "") -> Dated | None:
    """DTP in any of its forms; None, and noted, when its value is not what its form says."""
    qualifier, form, text = dtp[1], dtp[2], dtp[3]
    dated = None
    if form == "D8":
        start = parse_date(text)
        dated = Dated(qualifier, start) if start else None
    elif form == "RD8" and len(text) == _RD8_LENGTH:
        start, end = parse_date(text[:8]), parse_date(text[9:])
        dated = Dated(qualifier, start, end) if start and end else None
    elif form == "DT" and len(text) >= _DT_LENGTH:
        start, at = parse_date(text[:8]), parse_time(text[8:])
        dated = Dated(qualifier, start, at=at) if start and at else None
    elif form == "TM":
        at = parse_time(text)
        dated = Dated(qualifier, at=at) if at else None
    if dated is None:
        reader.note("not-a-date", f'"{text[:24]}" is not a date in the form {form or "(none)"}', dtp, 3, loop=loop)
    return dated


def read_procedure(segment: Segment, number: int) -> Procedure | None:
    """The composite medical procedure identifier; None when the element is empty."""
    if not segment[number]:
        return None
    parts = segment.components(number)
    modifiers = tuple(parts[2:6])
    while modifiers and not modifiers[-1]:
        modifiers = modifiers[:-1]
    return Procedure(
        code=parts[1] if len(parts) > 1 else "",
        modifiers=modifiers,
        qualifier=parts[0],
        description=parts[6] if len(parts) > 6 else "",  # noqa: PLR2004 — component 7
    )


def read_adjustments(cas: Segment, reader: ElementReader, loop: str = "") -> Iterator[Adjustment]:
    """The reasons of one CAS segment."""
    for first in range(2, max(len(cas.elements), 3), 3):
        if not (cas[first] or cas[first + 1]):
            continue
        yield Adjustment(
            group=cas[1],
            reason=cas[first],
            amount=reader.required_amount(cas, first + 1, loop),
            quantity=reader.amount(cas, first + 2, loop),
        )


def read_amount(amt: Segment, reader: ElementReader, loop: str = "") -> Amount:
    """AMT."""
    return Amount(amt[1], reader.required_amount(amt, 2, loop))


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
