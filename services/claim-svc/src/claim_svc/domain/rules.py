"""What a payer rule is: data with a source, values by the date from which they hold, and cases that run as tests."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.claim_kinds import KINDS
from claimstream_schemas.values.practice import Payer

BASE = "base"

Turn = Literal["primary", "secondary", "any"]
"""Before which payer a rule speaks: the first, a later one (``secondary``: it stops that payer's submission alone), or each."""


class PackFault(Exception):
    """A rule pack is wrong; names the file and the rule."""


@dataclass(frozen=True)
class Rule:
    """One rule of a pack. ``kind`` names the check that ``scrubbing`` runs; ``settings`` are its values by date."""

    id: str
    kind: str
    says: str
    remedy: str
    source: str
    settings: tuple[tuple[date, Any], ...] = ()
    claims: tuple[str, ...] = tuple(KINDS)
    severity: Literal["hold", "warn"] = "hold"
    """A warning lets the claim leave."""
    sequence: Turn = "primary"

    def setting(self, on: date) -> Any:
        """The value that holds on a day; None before the first."""
        for since, value in reversed(self.settings):
            if since <= on:
                return value
        return None

    def finding(self, message: str, place: str | None = None) -> RuleFinding:
        """This rule stands against a claim."""
        return RuleFinding(
            rule=self.id,
            message=message,
            remedy=self.remedy,
            severity=self.severity,
            place=place,
            source=self.source,
        )


@dataclass(frozen=True)
class RulePack:
    """The rules of one payer, of a kind of payer (``medicare``), or of all (``base``)."""

    payer: str
    version: str
    rules: tuple[Rule, ...]
    valid_from: date = date.min
    valid_to: date = date.max
    claims: tuple[str, ...] = tuple(KINDS)

    def speaks_of(self, kind: str, on: date) -> bool:
        """Whether it judges claims of this kind and day."""
        return kind in self.claims and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True)
class RulePacks:
    """All packs: those for a payer come after those for all, and replace a rule with the same id."""

    packs: dict[str, RulePack] = field(default_factory=dict)
    _chosen: dict[tuple[tuple[str, ...], str, str], tuple[Rule, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def for_payer(
        self, payer: Payer, filing_code: str, kind: str, on: date, *, later: bool = False
    ) -> tuple[Rule, ...]:
        """The rules for a payer's claims of a kind on a day; ``later``: those for a payer that is not the first."""
        names = self._names(payer, filing_code, kind, on)
        turn = "secondary" if later else "primary"
        rules = self._chosen.get((names, kind, turn))
        if rules is None:
            by_id = {rule.id: rule for name in names for rule in self.packs[name].rules}
            rules = tuple(r for r in by_id.values() if kind in r.claims and r.sequence in (turn, "any"))
            self._chosen[names, kind, turn] = rules
        return rules

    def versions(self, payer: Payer, filing_code: str, kind: str, on: date) -> dict[str, str]:
        """Pack name to version, for the packs that judge such a claim."""
        return {name: self.packs[name].version for name in self._names(payer, filing_code, kind, on)}

    def _names(self, payer: Payer, filing_code: str, kind: str, on: date) -> tuple[str, ...]:
        names = dict.fromkeys((BASE, payer.pack_for(filing_code) or BASE, payer.id))
        return tuple(name for name in names if name in self.packs and self.packs[name].speaks_of(kind, on))
