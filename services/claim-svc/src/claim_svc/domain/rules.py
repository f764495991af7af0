"""What a payer rule is: data with a source, values by the date from which they hold, and cases that run as tests."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from claimstream_schemas.values.claim import RuleFinding


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
    claims: tuple[str, ...] = ("professional", "institutional")
    severity: Literal["hold", "warn"] = "hold"
    """A warning lets the claim leave."""

    def setting(self, on: date) -> Any:
        """The value that holds on a day; None before the first."""
        held = [value for since, value in self.settings if since <= on]
        return held[-1] if held else None

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
    """The rules of one payer, or of all (``base``)."""

    payer: str
    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class RulePacks:
    """All packs: a payer's own rules come after those for all, and replace one with the same id."""

    packs: dict[str, RulePack] = field(default_factory=dict)

    def for_payer(self, payer: str) -> tuple[Rule, ...]:
        """The rules for a payer's claims."""
        rules = {rule.id: rule for rule in self.packs["base"].rules}
        if payer in self.packs:
            rules |= {rule.id: rule for rule in self.packs[payer].rules}
        return tuple(rules.values())

    def versions(self, payer: str) -> dict[str, str]:
        """Pack name to version, for the packs that judged a claim of this payer."""
        return {name: self.packs[name].version for name in ("base", payer) if name in self.packs}
