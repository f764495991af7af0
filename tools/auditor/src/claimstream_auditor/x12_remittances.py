"""What an 835 says about money, weighed here a second time.

Line: SVC02 - ΣCAS = SVC03. Claim: CLP03 - ΣCAS of claim and lines = CLP04. Set: ΣCLP04 - ΣPLB = BPR02, which is never negative
(X12 RFI 358, 2601, 758, 1604).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .x12_files import Segment, TransactionSet, element

_CENT = Decimal("0.01")
_LARGEST = Decimal("99999999.99")
_LONGEST = 20
_DAY = 8


class NotAnAmount(Exception):
    """An element that must be dollars and cents is not."""


@dataclass
class Payment:
    """A CLP with its lines: what is left when adjustments are taken off must be what was paid."""

    control_number: str
    paid: Decimal
    left: Decimal
    """CLP03 less each CAS."""
    lines: list[list[Decimal]] = field(default_factory=list)
    """Of each line what is left, and what was paid."""

    @property
    def balances(self) -> bool:
        """Claim and lines."""
        return self.left == self.paid and all(left == paid for left, paid in self.lines)


@dataclass
class Remittance:
    """One 835 transaction set."""

    amount: Decimal = Decimal(0)
    paid_on: date | None = None
    trace_number: str = ""
    trace_originator: str = ""
    payee_npi: str = ""
    payee_tin: str = ""
    payee_name: str = ""
    provider_adjustments: Decimal = Decimal(0)
    adjusted: list[tuple[str, Decimal]] = field(default_factory=list)
    """Each reason of each PLB."""
    payments: list[Payment] = field(default_factory=list)
    fault: str | None = None
    """Why it cannot be read at all."""

    @property
    def is_readable(self) -> bool:
        """Whether it can be told at all: amounts are amounts, and the day and the trace are there."""
        return self.fault is None and self.paid_on is not None and bool(self.trace_number)

    @property
    def payee(self) -> str:
        """The payee's number, or its name."""
        return self.payee_npi or self.payee_tin or self.payee_name

    @property
    def balances(self) -> bool:
        """At line, claim and set."""
        paid = sum((each.paid for each in self.payments), Decimal(0))
        ties = paid - self.provider_adjustments == self.amount >= 0
        return ties and all(each.balances for each in self.payments)


def remittance_of(one: TransactionSet) -> Remittance:
    """Read an 835 set; what is wrong with it becomes its fault."""
    found = Remittance()
    reader = _Reader(found)
    try:
        for segment in one.segments:
            reader.take(segment)
    except NotAnAmount as error:
        found.fault = str(error)
    return found


class _Reader:
    def __init__(self, found: Remittance) -> None:
        self._found = found
        self._in_payee = False

    def take(self, segment: Segment) -> None:
        match segment[0]:
            case "CLP":
                self._in_payee = False
                charge, paid = _amount(segment, 3), _amount(segment, 4)
                self._found.payments.append(Payment(element(segment, 1), paid, charge))
            case "SVC" if self._found.payments:
                line = [_amount(segment, 2), _amount(segment, 3, empty=True)]
                self._found.payments[-1].lines.append(line)
            case "CAS" if self._found.payments:
                self._adjust(self._found.payments[-1], segment)
            case "PLB":
                for number in range(4, len(segment), 2):
                    reason = element(segment, number - 1)
                    amount = _amount(segment, number, empty=not reason)
                    self._found.provider_adjustments += amount
                    if reason:
                        self._found.adjusted.append((re.split(r"[^A-Za-z0-9 ]", reason)[0].strip(), amount))
            case "BPR" | "TRN" | "N1" | "REF":
                self._take_header(segment)

    def _take_header(self, segment: Segment) -> None:
        found = self._found
        if found.payments:
            return
        match segment[0]:
            case "BPR":
                found.amount = _amount(segment, 2)
                found.paid_on = _day(element(segment, 16))
            case "TRN":
                found.trace_number, found.trace_originator = element(segment, 2), element(segment, 3)
            case "N1":
                self._in_payee = element(segment, 1) == "PE"
                if self._in_payee:
                    found.payee_name = element(segment, 2)
                    number = element(segment, 4)
                    found.payee_npi = number if element(segment, 3) == "XX" else ""
                    found.payee_tin = number if element(segment, 3) == "FI" else ""
            case "REF" if self._in_payee and element(segment, 1) == "TJ" and not found.payee_tin:
                found.payee_tin = element(segment, 2)

    def _adjust(self, payment: Payment, segment: Segment) -> None:
        adjusted = sum(
            (_amount(segment, number + 1, empty=not element(segment, number)) for number in range(2, len(segment), 3)),
            Decimal(0),
        )
        payment.left -= adjusted
        if payment.lines:
            payment.lines[-1][0] -= adjusted


def _amount(segment: Segment, number: int, *, empty: bool = False) -> Decimal:
    text = element(segment, number).strip()
    if not text and empty:
        return Decimal(0)
    digits = text[1:] if text[:1] in {"-", "+"} else text
    whole, _, fraction = digits.partition(".")
    if not (digits.isascii() and (whole + fraction).isdigit() and len(digits) <= _LONGEST):
        raise NotAnAmount(f"{segment[0]}{number:02}")
    amount = Decimal(text)
    if abs(amount) > _LARGEST or amount != amount.quantize(_CENT):
        raise NotAnAmount(f"{segment[0]}{number:02}")
    return amount


def _day(text: str) -> date | None:
    if len(text) != _DAY or not (text.isascii() and text.isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
