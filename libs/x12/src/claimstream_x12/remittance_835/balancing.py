"""Does an 835 balance? At the line, the claim and the transaction; each imbalance with the missing amount.

    line         SVC02 - ΣCAS of the line = SVC03
    claim        CLP03 - ΣCAS of the claim and its lines = CLP04
    lines        where lines are reported, their payments less the claim's own CAS come to CLP04
    transaction  ΣCLP04 - ΣPLB = BPR02

Positive adjustments lower the payment. AMT and QTY inform and are never part of a balance (X12 RFI 358, 2601, 1324).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from claimstream_x12.elements import ZERO
from claimstream_x12.record import maker, record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from claimstream_x12.names import Adjustment
    from claimstream_x12.remittance_835.records import (
        ClaimPayment,
        ProviderAdjustment,
        Remittance,
        RemittanceHeader,
    )


class Level(StrEnum):
    """Where a balance is struck."""

    LINE = "line"
    CLAIM = "claim"
    LINES = "lines"
    TRANSACTION = "transaction"


@dataclass(frozen=True, slots=True)
class Imbalance:
    """What the adjustments leave to be paid, what was said to be paid, and the difference between the two."""

    level: Level
    expected: Decimal  # charge less adjustments; or the claims less the PLBs
    reported: Decimal  # SVC03, CLP04, BPR02
    segment: int  # position of SVC, CLP or BPR, ST = 1
    control_number: str = ""  # CLP01
    line: int = 0  # from 1

    @property
    def missing(self) -> Decimal:
        """What is missing: positive when too little was reported as paid, negative when too much."""
        return self.expected - self.reported

    def __str__(self) -> str:
        where = {
            Level.LINE: f"line {self.line} of claim {self.control_number}",
            Level.CLAIM: f"claim {self.control_number}",
            Level.LINES: f"the lines of claim {self.control_number}",
            Level.TRANSACTION: "the transaction",
        }[self.level]
        comes = "come" if self.level is Level.LINES else "comes"
        return f"segment {self.segment}: {where} {comes} to {self.expected}, {self.reported} is reported: {self.missing} missing"


@record
class Sums:
    """What a balance is struck of: a charge, what adjustments take from it, and what is said to be paid."""

    charge: Decimal
    adjusted: Decimal
    paid: Decimal

    @property
    def expected(self) -> Decimal:
        """What the adjustments leave to be paid."""
        return self.charge - self.adjusted


make_sums = maker(Sums)


def unbalanced(claim: Sums, lines: Sequence[Sums]) -> Iterator[tuple[Level, int, Decimal, Decimal]]:
    """The levels at which a claim payment does not balance: level, line (from 1), expected, reported."""
    adjusted_lines = paid_lines = ZERO
    for number, line in enumerate(lines, 1):
        adjusted_lines += line.adjusted
        paid_lines += line.paid
        if line.expected != line.paid:
            yield Level.LINE, number, line.expected, line.paid
    expected = claim.expected - adjusted_lines
    if expected != claim.paid:
        yield Level.CLAIM, 0, expected, claim.paid
    if lines and paid_lines - claim.adjusted != claim.paid:
        yield Level.LINES, 0, paid_lines - claim.adjusted, claim.paid


class Balance:
    """Strikes the balance of a remittance as its payments stream by."""

    def __init__(self) -> None:
        self._paid = ZERO

    def claim(self, claim: ClaimPayment) -> Iterator[Imbalance]:
        """The imbalances of one claim payment and its lines."""
        self._paid += claim.paid
        lines = [make_sums(line.charge, _adjusted(line.adjustments), line.paid) for line in claim.lines]
        sums = make_sums(claim.charge, _adjusted(claim.adjustments), claim.paid)
        for level, number, expected, reported in unbalanced(sums, lines):
            at = claim.lines[number - 1].position if number else claim.position
            yield Imbalance(level, expected, reported, at, claim.control_number, number)

    def transaction(self, header: RemittanceHeader, adjustments: Iterable[ProviderAdjustment]) -> Iterator[Imbalance]:
        """The imbalance of the whole, once every claim has been seen."""
        expected = self._paid - sum((one.amount for one in adjustments), ZERO)
        if expected != header.payment.amount:
            yield Imbalance(Level.TRANSACTION, expected, header.payment.amount, 2)


def _adjusted(adjustments: tuple[Adjustment, ...]) -> Decimal:
    total = ZERO
    for one in adjustments:
        total += one.amount
    return total


def balance(remittance: Remittance) -> tuple[Imbalance, ...]:
    """Every imbalance of a whole remittance; nothing when it balances."""
    running = Balance()
    of_claims = [imbalance for claim in remittance.claims for imbalance in running.claim(claim)]
    return (*of_claims, *running.transaction(remittance.header, remittance.provider_adjustments))
