"""What an element, a component or a composite becomes in a record, and back: each kind reads and writes.

A kind that finds nothing reads as its `empty`; what is not of its kind is noted, and read as empty too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from claimstream_x12.elements import ZERO, format_date, format_number, parse_date, parse_decimal, parse_time
from claimstream_x12.names import Procedure
from claimstream_x12.names_reading import procedure_of
from claimstream_x12.names_writing import procedure
from claimstream_x12.segment_limits import LIMITS
from claimstream_x12.set_writer import Number

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimstream_x12.set_writer import Value

    Noted = Callable[[str, str], None]
    """Takes a finding's code and message; the caller knows the place."""

_AMOUNT_DIGITS = 18
"""The standard gives amounts of money 18 digits (data element 782), quantities and percentages fewer."""


class Kind(Protocol):
    """How a text becomes a value, and a value what is written."""

    @property
    def empty(self) -> Any:
        """What nothing is read as."""
        ...

    def read(self, text: str, note: Noted) -> Any:
        """The value of an element or component that is not empty."""
        ...

    def write(self, value: Any) -> Value:
        """What stands in the file for it."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """AN and ID."""

    empty: str = ""

    def read(self, text: str, note: Noted) -> str:  # noqa: ARG002 — every text is one
        """The text as it stands."""
        return text

    def write(self, value: str) -> Value:
        """The text as it is."""
        return value


@dataclass(frozen=True, slots=True)
class Numeric:
    """R: an amount of money, which is whole cents, or another number."""

    empty: Decimal | None
    money: bool

    def read(self, text: str, note: Noted) -> Decimal | None:
        """The number."""
        value = parse_decimal(text)
        if value is None:
            note("not-a-number", "is not a number")
        return self.empty if value is None else value

    def write(self, value: Decimal | None) -> Value:
        """In the shortest form."""
        return value if value is None or self.money else Number(value)


@dataclass(frozen=True, slots=True)
class Whole:
    """N0: a whole number."""

    empty: int | None

    def read(self, text: str, note: Noted) -> int | None:
        """The number."""
        value = parse_decimal(text)
        if value is None or value != value.to_integral_value():
            note("not-a-number", "is not a whole number")
            return self.empty
        return int(value)

    def write(self, value: int | None) -> Value:
        """Without leading zeros."""
        return value


@dataclass(frozen=True, slots=True)
class Day:
    """DT, and AN in the form D8."""

    empty: None = None

    def read(self, text: str, note: Noted) -> date | None:
        """The day."""
        value = parse_date(text)
        if value is None:
            note("not-a-date", "is not a date")
        return value

    def write(self, value: date | None) -> Value:
        """CCYYMMDD."""
        return value


@dataclass(frozen=True, slots=True)
class Clock:
    """TM."""

    empty: None = None

    def read(self, text: str, note: Noted) -> time | None:
        """The time."""
        value = parse_time(text)
        if value is None:
            note("not-a-time", "is not a time")
        return value

    def write(self, value: time | None) -> Value:
        """HHMM, with seconds where there are any."""
        if value is None:
            return None
        return f"{value:%H%M%S}" if value.second else f"{value:%H%M}"


TEXT = Text()


def kind_of(hint: Any, segment: str, element: int) -> Kind | None:
    """The kind for a field's type at an element (its lengths tell money from other numbers); None for a composite."""
    if hint is Decimal or hint == Decimal | None:
        return Numeric(ZERO if hint is Decimal else None, _is_money(segment, element))
    return _PLAIN.get(hint)


_PLAIN: dict[Any, Kind] = {
    str: TEXT,
    int: Whole(0),
    int | None: Whole(None),
    date: Day(),
    date | None: Day(),
    time: Clock(),
    time | None: Clock(),
}


def _is_money(segment: str, element: int) -> bool:
    limits = LIMITS.get(segment, ())
    return 0 < element <= len(limits) and limits[element - 1][2] == _AMOUNT_DIGITS


class CompositeKind(Protocol):
    """How the components of a composite become a record, and back."""

    def read(self, parts: list[str], note: Noted) -> Any:
        """The record of a composite that is not empty."""
        ...

    def write(self, value: Any) -> tuple[str, ...]:
        """The components."""
        ...


class ProcedureKind:
    """C003."""

    def read(self, parts: list[str], note: Noted) -> Procedure:  # noqa: ARG002 — made of texts
        """The procedure."""
        return procedure_of(parts)

    def write(self, value: Procedure) -> tuple[str, ...]:
        """The components."""
        return procedure(value)


def as_component(value: Value) -> str:
    """A value as the text of a component."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format_number(value) or ""
    return format_date(value) if isinstance(value, date) else str(value)
