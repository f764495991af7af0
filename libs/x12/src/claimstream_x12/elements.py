"""Elements to values and back: amounts, quantities, dates, times, and the characters that X12 allows."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from claimstream_x12.errors import Finding, Place, Severity

if TYPE_CHECKING:
    from claimstream_x12.segments import Segment

ZERO = Decimal(0)
_LONGEST_NUMBER = 20
_CENT = Decimal("0.01")
_THOUSANDTH = Decimal("0.001")

# The basic character set of X12 and what the extended set adds, without lower case and the four usual delimiters.
ALLOWED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()+,-./;?=%@[]_{}\\|<>#$")
_SPELLED = str.maketrans(
    {
        "\u00df": "SS", "\u1e9e": "SS", "\u00e6": "AE", "\u00c6": "AE", "\u0153": "OE", "\u0152": "OE",
        "\u00f8": "O", "\u00d8": "O", "\u0111": "D", "\u0110": "D", "\u00f0": "D", "\u00d0": "D",
        "\u0142": "L", "\u0141": "L", "\u00fe": "TH", "\u00de": "TH", "\u0131": "I",
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
        "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00a0": " ", "`": "'",
    }
)  # fmt: skip
"""Letters that do not come apart into a letter and an accent, and the marks of typesetters."""


def transliterate(text: str) -> str:
    """The same words in the characters X12 carries: capitals, no accents, no delimiters, single blanks."""
    spelled = unicodedata.normalize("NFKD", text.translate(_SPELLED)).upper()
    kept = "".join(c if c in ALLOWED else " " for c in spelled if not unicodedata.combining(c))
    return " ".join(kept.split())


@lru_cache(maxsize=16_384)  # amounts come again: zeros, fees, what one payer allows
def parse_decimal(text: str) -> Decimal | None:
    """A number in X12's form (`-12`, `12.5`, `.5`): no exponent, no blanks, no thousands; None when it is not one."""
    digits = text[1:] if text[:1] in {"-", "+"} else text
    whole, _, fraction = digits.partition(".")
    if not (digits.isascii() and (whole + fraction).isdigit() and len(digits) <= _LONGEST_NUMBER):
        return None
    return Decimal(text)


@lru_cache(maxsize=4096)  # a file has few different days
def parse_date(text: str) -> date | None:
    """CCYYMMDD (D8); None when there is no such day."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)  # a day has few different minutes
def parse_time(text: str) -> time | None:
    """HHMM or HHMMSS, with or without hundredths; None when there is no such time."""
    if not (text.isascii() and text.isdigit() and len(text) in {4, 6, 7, 8}):
        return None
    try:
        return time(int(text[:2]), int(text[2:4]), int(text[4:6] or 0))
    except ValueError:
        return None


def format_amount(amount: Decimal) -> str | None:
    """An amount in X12's shortest form (`1200`, `12.5`); None when it is not whole cents."""
    return _plain(amount) if amount.is_finite() and amount == amount.quantize(_CENT) else None


def format_quantity(quantity: Decimal) -> str | None:
    """A quantity in X12's shortest form; None when it has more than three decimals."""
    return _plain(quantity) if quantity.is_finite() and quantity == quantity.quantize(_THOUSANDTH) else None


def format_number(number: Decimal) -> str | None:
    """Any number in X12's shortest form; None when it is none (NaN, infinite)."""
    return _plain(number) if number.is_finite() else None


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").removesuffix(".")
    return "0" if text in {"-0", ""} else text


def format_date(day: date) -> str:
    """CCYYMMDD."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


class ElementReader:
    """Reads elements of segments to values and notes what is not one, with its place."""

    def __init__(self, findings: list[Finding] | None = None, *, set_control: str = "") -> None:
        self.findings: list[Finding] = [] if findings is None else findings
        self.set_control = set_control

    def note(  # noqa: PLR0913 — a finding is made of this many facts
        self,
        code: str,
        message: str,
        segment: Segment,
        element: int = 0,
        *,
        loop: str = "",
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note a finding at a segment or one of its elements."""
        place = Place(segment.position, segment.id, element, 0, loop, self.set_control)
        self.findings.append(Finding(code, message, place, severity))

    def amount(self, segment: Segment, number: int, loop: str = "") -> Decimal | None:
        """A monetary amount or other decimal; None when empty or not a number (the latter is noted)."""
        elements = segment.elements
        if number >= len(elements) or not elements[number]:
            return None
        value = parse_decimal(elements[number])
        if value is None:
            self.note("not-a-number", f"{_quoted(elements[number])} is not a number", segment, number, loop=loop)
        return value

    def required_amount(self, segment: Segment, number: int, loop: str = "") -> Decimal:
        """A monetary amount that must be there; zero, and noted, when it is not."""
        elements = segment.elements
        value = parse_decimal(elements[number]) if number < len(elements) else None
        if value is not None:
            return value
        if self.amount(segment, number, loop) is None and not segment[number]:
            self.note("missing-element", "an amount must stand here", segment, number, loop=loop)
        return ZERO

    def date(self, segment: Segment, number: int, loop: str = "") -> date | None:
        """A date CCYYMMDD; None when empty or no such day (the latter is noted)."""
        text = segment[number]
        if not text:
            return None
        value = parse_date(text)
        if value is None:
            self.note("not-a-date", f"{_quoted(text)} is not a date", segment, number, loop=loop)
        return value

    def integer(self, segment: Segment, number: int, loop: str = "") -> int | None:
        """A whole number; None when empty or not one (the latter is noted)."""
        value = self.amount(segment, number, loop)
        if value is None or value == value.to_integral_value():
            return None if value is None else int(value)
        self.note("not-a-number", f"{_quoted(segment[number])} is not a whole number", segment, number, loop=loop)
        return None

    def moment(self, segment: Segment, day: int, clock: int) -> datetime | None:
        """A date element and a time element as one moment."""
        on = self.date(segment, day)
        if on is None:
            return None
        return datetime.combine(on, parse_time(segment[clock]) or time())


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= 24 else text[:24] + "…"}"'  # noqa: PLR2004
