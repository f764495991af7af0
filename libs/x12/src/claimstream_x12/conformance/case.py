"""A case: a file, the sentence that it is an example of, and what a parser must make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from claimstream_x12.conformance.adapter import ACCEPTED, REJECTED, WITH_ERRORS

if TYPE_CHECKING:
    from collections.abc import Collection

    from claimstream_x12.conformance.adapter import Adapter, Facts, Finding, SetVerdict


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding is due: an element or a segment, at a position or, for what is missing, anywhere in the set."""

    element: str  # CLP04, or CLP for the segment
    segment: int = 0  # ST = 1; 0: anywhere

    def covers(self, finding: Finding) -> bool:
        """Whether a finding is about this place; a parser may name the segment, the element or a component."""
        if self.segment and self.segment != finding.segment:
            return False
        if not finding.element:
            return bool(self.segment)
        return finding.element.startswith(self.element) or self.element.startswith(finding.element)

    def __str__(self) -> str:
        return f"{self.element} of segment {self.segment}" if self.segment else f"{self.element} anywhere"


class Expectation(Protocol):
    """What a parser must make of a file."""

    def needs(self, kind: str) -> frozenset[str]:
        """The abilities it takes to be asked; `kind` is the file's, 835 for instance."""

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """What was seen instead, in a few words; nothing when the parser is right."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Every set is accepted and nothing is wrong with it."""

    sets: int = 1

    def needs(self, kind: str) -> frozenset[str]:
        """It takes a judgement of such a file."""
        return frozenset({f"check.{kind}"})

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """A set too many or too few, or one that is not accepted."""
        verdicts = adapter.check(data)
        if len(verdicts) != self.sets:
            return f"{len(verdicts)} sets, expected {self.sets}"
        return "; ".join(_told(one) for one in verdicts if one.status != ACCEPTED)


@dataclass(frozen=True, slots=True)
class NotRejected:
    """Every set is taken; a warning may come with it."""

    def needs(self, kind: str) -> frozenset[str]:
        """It takes a judgement of such a file."""
        return frozenset({f"check.{kind}"})

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """A set that is rejected, or none."""
        verdicts = adapter.check(data)
        return "; ".join(_told(one) for one in verdicts if one.status == REJECTED) or ("" if verdicts else "no set")


@dataclass(frozen=True, slots=True)
class Found:
    """One set has a finding in one of some places, at one of some levels; the sets beside it are accepted."""

    places: tuple[Place, ...]
    levels: frozenset[int]
    statuses: frozenset[str] = frozenset({REJECTED, WITH_ERRORS})
    in_set: int = 0  # which of the file's sets, from 0
    besides: frozenset[str] = frozenset()  # what it takes to see it, besides judging such a file

    def needs(self, kind: str) -> frozenset[str]:
        """It takes a judgement of such a file."""
        return self.besides | {f"check.{kind}"}

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """No finding there, a verdict that does not follow from it, or a neighbour that is taken down with it."""
        verdicts = adapter.check(data)
        if self.in_set >= len(verdicts):
            return f"{len(verdicts)} sets"
        faulty = verdicts[self.in_set]
        beside = [one for n, one in enumerate(verdicts) if n != self.in_set and one.status != ACCEPTED]
        if beside:
            return f"a set beside it: {_told(beside[0])}"
        if not any(self._is_due(one) for one in faulty.findings):
            return f"nothing at {' or '.join(map(str, self.places))}: {_told(faulty)}"
        return "" if faulty.status in self.statuses else f"found, and yet {faulty.status}"

    def _is_due(self, finding: Finding) -> bool:
        known = not finding.snip or finding.snip in self.levels
        return known and any(place.covers(finding) for place in self.places)


@dataclass(frozen=True, slots=True)
class Reads:
    """One fact, as it must be read: for `payments.denied`, one value for each claim payment of the file."""

    fact: str
    values: tuple[object, ...]

    def needs(self, kind: str) -> frozenset[str]:  # noqa: ARG002 — the fact says which files have it
        """It takes that fact."""
        return frozenset({self.fact})

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """Other values than these."""
        seen = read(adapter.facts(data), self.fact)
        return "" if seen == self.values else f"{self.fact}: {_listed(seen)}, expected {_listed(self.values)}"


@dataclass(frozen=True, slots=True)
class SameContent:
    """Two files have the same digests, set by set, or other ones."""

    other: bytes
    same: bool = True

    def needs(self, kind: str) -> frozenset[str]:  # noqa: ARG002 — any file has a digest
        """It takes a digest of the content."""
        return frozenset({"digests"})

    def differs(self, adapter: Adapter, data: bytes) -> str:
        """Equal where they must differ, or different where they must be equal."""
        first, second = adapter.facts(data).digests, adapter.facts(self.other).digests
        if not first or not second:
            return "no digest"
        return "" if (first == second) == self.same else f"digests are {'equal' if first == second else 'different'}"


@dataclass(frozen=True, slots=True)
class Case:
    """One example of one rule."""

    id: str  # begins with the first of its sources
    source: str  # whose rule it is: RFI numbers, an operating rule, a payer's bulletin
    rule: str
    kind: str  # 837P, 837I, 835, 277CA, 999 or TA1
    data: bytes
    expects: Expectation

    @property
    def needs(self) -> frozenset[str]:
        """What a parser must be able to do to be asked."""
        return self.expects.needs(self.kind)

    @property
    def valid(self) -> bool:
        """Whether the file is one that every parser must accept."""
        return isinstance(self.expects, Accepted)


def read(facts: Facts, fact: str) -> tuple[object, ...]:
    """The values of one fact: `payments.denied` is one for each payment."""
    section, _, name = fact.partition(".")
    value = getattr(facts, section)
    if name:
        return tuple(getattr(one, name) for one in value)
    return value if isinstance(value, tuple) else (value,)


def _listed(values: Collection[object]) -> str:
    return "(" + ", ".join(str(one) for one in values) + ")"


def _told(verdict: SetVerdict) -> str:
    places = [
        f"{one.element or '?'}@{one.segment}" + (f" snip {one.snip}" if one.snip else "") for one in verdict.findings
    ]
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""  # noqa: PLR2004
    return f"{verdict.status}, {', '.join(places[:3]) or 'no finding'}{more}"
