"""Names, addresses, dates and adjustments as segments; mirrors names_reading.py."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from claimstream_x12.elements import format_date
from claimstream_x12.set_writer import quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.names import Address, Adjustment, Contact, Dated, Party, Procedure, Reference
    from claimstream_x12.set_writer import Composite, SetWriter, Value

_TRIPLETS = 6
_TAXONOMY_ROLE = {"85": "BI", "82": "PE", "71": "AT", "DN": "RF", "P3": "RF", "DD": "AS"}


def write_name(writer: SetWriter, party: Party) -> None:
    """NM1 alone."""
    writer.add("NM1", *name_elements(party))


def name_elements(party: Party) -> tuple[str, ...]:
    """NM101 to NM110."""
    return (
        party.role, party.kind, party.name, party.first, party.middle, party.prefix, party.suffix,
        party.id_qualifier, party.id, party.relationship,
    )  # fmt: skip


def write_taxonomy(writer: SetWriter, party: Party) -> None:
    """PRV, when the party has a taxonomy."""
    if party.taxonomy:
        writer.add("PRV", _TAXONOMY_ROLE.get(party.role, "PE"), "PXC", party.taxonomy)


def write_address(writer: SetWriter, address: Address | None) -> None:
    """N3 and N4."""
    if address is not None:
        writer.add("N3", address.line1, address.line2)
        writer.add("N4", *n4_elements(address))


def n4_elements(address: Address) -> tuple[str, ...]:
    """N401 to N407."""
    return (
        address.city, address.state, address.postal_code, address.country, address.location_qualifier,
        address.location, address.subdivision,
    )  # fmt: skip


def write_references(writer: SetWriter, references: Iterable[Reference]) -> None:
    """REF segments."""
    for reference in references:
        writer.add("REF", *reference_elements(reference))


def reference_elements(reference: Reference) -> tuple[Value, ...]:
    """REF01 to REF04."""
    return (reference.qualifier, reference.value, reference.description, reference.other)


def write_contacts(writer: SetWriter, contacts: Iterable[Contact]) -> None:
    """PER segments."""
    for contact in contacts:
        writer.add("PER", *contact_elements(contact))


def contact_elements(contact: Contact) -> tuple[str, ...]:
    """PER01 to PER08."""
    return (contact.function, contact.name, *(text for pair in contact.numbers for text in pair))


def write_provider(writer: SetWriter, party: Party, loop: str) -> None:
    """A provider below a claim or a line: NM1, PRV, N3, N4, REF, PER."""
    writer.enter(loop, party.extra)
    write_name(writer, party)
    write_taxonomy(writer, party)
    write_address(writer, party.address)
    write_references(writer, party.references)
    write_contacts(writer, party.contacts)


def write_dates(writer: SetWriter, dates: Iterable[Dated]) -> None:
    """DTP segments, each in the form that its parts ask for: D8, RD8, DT or TM."""
    for dated in dates:
        writer.add("DTP", dated.qualifier, *dated_elements(dated))


def dated_elements(dated: Dated) -> tuple[str, str]:
    """The form of a date and the date in this form."""
    if dated.start is None:
        return "TM", f"{dated.at:%H%M}" if dated.at else ""
    start = format_date(dated.start)
    if dated.end is not None:
        return "RD8", f"{start}-{format_date(dated.end)}"
    if dated.at is not None:
        return "DT", f"{start}{dated.at:%H%M}"
    return "D8", start


def procedure(one: Procedure | None) -> Composite:
    """The composite medical procedure identifier."""
    if one is None:
        return ()
    if not (one.description or one.last_code):
        return (one.qualifier, one.code, *one.modifiers)
    return (one.qualifier, one.code, *(*one.modifiers, "", "", "", "")[:4], one.description, one.last_code)


def write_adjustments(writer: SetWriter, adjustments: Iterable[Adjustment]) -> None:
    """CAS segments: neighbours of one group share a segment, six at most."""
    for group, members in groupby(adjustments, key=lambda one: one.group):
        ordered = list(members)
        for first in range(0, len(ordered), _TRIPLETS):
            values: list[Value] = [group]
            for one in ordered[first : first + _TRIPLETS]:
                values += (one.reason, one.amount, quantity(one.quantity))
            writer.add("CAS", *values)
