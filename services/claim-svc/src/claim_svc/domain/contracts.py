"""Contracts: what a payer has agreed to pay, by revision, and in each by the day of service.

A revision never changes once it is complete: claims that were priced by it keep what it said, and it is read once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Self

from claimstream_schemas.values.contract import ContractTerms

Code = tuple[str, str | None]
"""A procedure, and the modifier under which a fee holds; None: without."""


@dataclass(frozen=True)
class Terms:
    """What holds between two days of service. Fees are found by procedure and modifier, whatever their number."""

    contract_id: str
    version: str
    effective_from: date
    effective_to: date | None
    percent_of_charge: Decimal | None
    payer_share_percent: Decimal
    fees: Mapping[Code, tuple[int, Decimal]]
    """The amount, and its place in the contract: of several modifiers of a line the first that the contract lists counts."""

    def fee_for(self, procedure: str | None, modifiers: Iterable[str]) -> Decimal | None:
        """What is allowed for a unit of the procedure: under one of the modifiers, else without."""
        if procedure is None:
            return None
        listed = [fee for modifier in modifiers if (fee := self.fees.get((procedure, modifier))) is not None]
        fee = min(listed) if listed else self.fees.get((procedure, None))
        return fee[1] if fee is not None else None

    def holds_on(self, day: date) -> bool:
        """Whether they hold for a service of that day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


@dataclass(frozen=True)
class Contract:
    """One complete revision. One that was removed has no terms."""

    practice: str
    id: str
    revision: int
    terms: tuple[Terms, ...]

    @property
    def size(self) -> int:
        """How many fees it has, and itself."""
        return 1 + sum(len(each.fees) for each in self.terms)

    def on(self, day: date) -> Terms | None:
        """The terms for a day of service: the latest that are in force."""
        in_force = [each for each in self.terms if each.holds_on(day)]
        return max(in_force, key=lambda each: each.effective_from, default=None)


@dataclass(frozen=True)
class ContractRevision:
    """A revision as far as it has come, in chunks."""

    practice: str
    id: str
    revision: int
    chunks: int
    come: Mapping[int, tuple[ContractTerms, ...]] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether all its chunks have come."""
        return len(self.come) == self.chunks

    def with_chunk(self, number: int, terms: tuple[ContractTerms, ...]) -> Self:
        """The same with one more chunk; one that came before changes nothing."""
        return self if number in self.come else replace(self, come={**self.come, number: terms})

    @property
    def contract(self) -> Contract:
        """All its chunks together, in their order."""
        parts: dict[int, list[ContractTerms]] = {}
        for _, terms in sorted(self.come.items()):
            for part in terms:
                parts.setdefault(part.number, []).append(part)
        terms_in_order = tuple(_joined(self.id, each) for _, each in sorted(parts.items()))
        return Contract(self.practice, self.id, self.revision, terms_in_order)


def _joined(contract: str, parts: list[ContractTerms]) -> Terms:
    fees: dict[Code, tuple[int, Decimal]] = {}
    for fee in (fee for part in parts for fee in part.fees):
        fees.setdefault((fee.procedure, fee.modifier), (len(fees), fee.allowed))
    first = parts[0]
    return Terms(
        contract_id=contract,
        version=first.version,
        effective_from=first.effective_from,
        effective_to=first.effective_to,
        percent_of_charge=first.percent_of_charge,
        payer_share_percent=first.payer_share_percent,
        fees=fees,
    )
