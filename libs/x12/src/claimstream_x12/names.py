"""What all sets share: names with identifiers, addresses, references, contacts, adjustments."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from claimstream_x12.extras import Extra
from claimstream_x12.record import record


@record
class Reference:
    """REF: an identifier with its qualifier."""

    qualifier: str  # REF01
    value: str  # REF02
    description: str = ""  # REF03
    other: tuple[str, ...] = ()  # REF04, such as 2U with the payer whose number it is


@record
class Address:
    """N3 and N4."""

    line1: str  # N301
    city: str  # N401
    state: str  # N402
    postal_code: str  # N403, nine digits for a provider, no hyphen
    line2: str = ""  # N302
    country: str = ""  # N404
    location_qualifier: str = ""  # N405
    location: str = ""  # N406
    subdivision: str = ""  # N407


@record
class Contact:
    """PER: whom to ask, by up to three numbers, each (qualifier, number): TE, FX, EM, UR, EX."""

    numbers: tuple[tuple[str, str], ...]  # PER03 to PER08
    name: str = ""  # PER02
    function: str = "IC"  # PER01


@record
class Party:
    """NM1 with the segments that may follow it: a person or an organisation in one role."""

    role: str  # NM101: 41, 40, 85, 87, IL, PR, QC, DN, 82, 77, DQ, 71, 72 …
    kind: str  # NM102: 1 person, 2 organisation
    name: str = ""  # NM103: last name, or the organisation's
    first: str = ""  # NM104
    middle: str = ""  # NM105
    suffix: str = ""  # NM107
    id_qualifier: str = ""  # NM108: XX NPI, MI member, PI payer, 46 submitter, 24 or FI employer number
    id: str = ""  # NM109
    address: Address | None = None  # N3, N4
    taxonomy: str = ""  # PRV03
    references: tuple[Reference, ...] = ()  # REF
    contacts: tuple[Contact, ...] = ()  # PER
    prefix: str = ""  # NM106, 278
    relationship: str = ""  # NM110, of an entity in the 271
    extra: tuple[Extra, ...] = ()  # what stands in its loop besides

    def reference(self, qualifier: str) -> str:
        """The value of the first reference with this qualifier, or ""."""
        return find_reference(self.references, qualifier)


@record
class Adjustment:
    """One reason of a CAS: why an amount was not paid. On the wire, up to six of a group share a segment."""

    group: str  # CAS01: CO, PR, OA, PI, CR
    reason: str  # CAS02, 05 …: the CARC
    amount: Decimal  # CAS03, 06 …
    quantity: Decimal | None = None  # CAS04, 07 …


@record
class Procedure:
    """The composite medical procedure identifier (SV101, SV202, SVC01, SVC06, SVD03)."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"  # HC HCPCS and CPT, N4 NDC, HP HIPPS, NU revenue code
    description: str = ""
    last_code: str = ""  # the end of a range that `code` begins


@record
class Dated:
    """DTP or DTM: a date, a range of dates, a date with a time, or a time alone."""

    qualifier: str  # DTP01: 472 service, 434 statement, 435 admission, 096 discharge hour, 431 onset, 439 accident …
    start: date | None = None
    end: date | None = None
    at: time | None = None


@record
class Amount:
    """AMT: an amount that informs; never part of a balance in the 835."""

    qualifier: str  # AMT01
    amount: Decimal  # AMT02


@record
class Quantity:
    """QTY: a quantity that informs."""

    qualifier: str  # QTY01
    quantity: Decimal  # QTY02


def find_reference(references: tuple[Reference, ...], qualifier: str) -> str:
    """The value of the first reference with this qualifier, or ""."""
    for reference in references:  # asked of every line again and again: a generator would take twice as long
        if reference.qualifier == qualifier:
            return reference.value
    return ""
