"""Any set as typed records: what stands above, then one record for each claim, payment or subscriber, then what follows.

    for one_set in X12Reader(stream).sets():
        typed = read_typed(one_set)
        typed.unit, list(typed.units), typed.frame()      # "claim", BilledClaim …, {"header": ClaimHeader …}

`as_object` turns records into what JSON can hold: amounts as strings, days as ISO 8601, empty fields left out.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from claimstream_x12.acknowledgment_999 import read_999
from claimstream_x12.claim_837 import ClaimReader
from claimstream_x12.claim_status_276_277 import ClaimStatusInquiryReader, ClaimStatusResponseReader
from claimstream_x12.claim_status_277ca import read_277ca
from claimstream_x12.eligibility_270_271 import EligibilityInquiryReader, EligibilityResponseReader
from claimstream_x12.guides import known_guide
from claimstream_x12.remittance_835 import RemittanceReader
from claimstream_x12.services_review_278 import ServicesReviewReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet

    _LevelReader = (
        EligibilityInquiryReader
        | EligibilityResponseReader
        | ClaimStatusInquiryReader
        | ClaimStatusResponseReader
        | ServicesReviewReader
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """A set's records; `frame` and `findings` are whole once the units were read."""

    unit: str  # what each of the units is: claim, payment, acknowledgment …
    units: Iterable[object]
    frame: Callable[[], dict[str, object]]
    findings: Callable[[], tuple[Finding, ...]]


def read_typed(one_set: TransactionSet) -> Typed:
    """The records of a set; the segments alone where its guide is not known."""
    guide = known_guide(one_set.code, one_set.guide.strip())
    kind = guide.table.split("_", 1)[0] if guide else "278" if one_set.code == "278" else ""
    return _READERS.get(kind, _segments)(one_set)


def _claims(one_set: TransactionSet) -> Typed:
    reader = ClaimReader(one_set)
    return Typed(
        "claim", (read.billed for read in reader.claims()), lambda: {"header": reader.header}, lambda: reader.findings
    )


def _payments(one_set: TransactionSet) -> Typed:
    reader = RemittanceReader(one_set)
    return Typed(
        "payment",
        reader.payments(),
        lambda: {"header": reader.header, "groups": reader.groups, "provider_adjustments": reader.provider_adjustments},
        lambda: reader.findings,
    )


def _whole(read: Callable[[TransactionSet], tuple[object, tuple[Finding, ...]]]) -> Callable[[TransactionSet], Typed]:
    """A set that is one record."""

    def typed(one_set: TransactionSet) -> Typed:
        record, findings = read(one_set)
        return Typed("acknowledgment", (record,), dict, lambda: findings)

    return typed


def _levels(unit: str, reader_of: Callable[[TransactionSet], _LevelReader]) -> Callable[[TransactionSet], Typed]:
    """A set of levels: one unit for each subscriber, or each event of a 278."""

    def typed(one_set: TransactionSet) -> Typed:
        reader = reader_of(one_set)
        units = reader.events() if isinstance(reader, ServicesReviewReader) else reader.subscribers()
        return Typed(unit, units, lambda: {"header": reader.header}, lambda: reader.findings)

    return typed


def _segments(one_set: TransactionSet) -> Typed:
    return Typed("segment", (segment.elements for segment in one_set), dict, lambda: tuple(one_set.findings))


_READERS: dict[str, Callable[[TransactionSet], Typed]] = {
    "837p": _claims,
    "837i": _claims,
    "837d": _claims,
    "835": _payments,
    "999": _whole(read_999),
    "277ca": _whole(read_277ca),
    "270": _levels("inquiry", EligibilityInquiryReader),
    "271": _levels("response", EligibilityResponseReader),
    "276": _levels("inquiry", ClaimStatusInquiryReader),
    "277": _levels("response", ClaimStatusResponseReader),
    "278": _levels("review", ServicesReviewReader),
}


def as_object(value: object) -> object:
    """A record as dictionaries, lists and texts; fields that are empty or only repeat segments are left out."""
    match value:
        case Decimal():
            said: object = str(value)
        case date() | time():
            said = value.isoformat()
        case Enum():
            said = value.value
        case dict():
            said = {name: as_object(held) for name, held in value.items()}
        case list() | tuple():
            said = [as_object(one) for one in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            said = {name: as_object(held) for name, held in _told(value)}
        case _:
            said = value
    return said


def _told(record: Any) -> Iterator[tuple[str, object]]:
    for one in fields(record):
        held = getattr(record, one.name)
        if one.compare and held is not None and held not in ("", ()):
            yield one.name, held
