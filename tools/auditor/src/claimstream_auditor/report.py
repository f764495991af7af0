"""What an audit found: for each invariant how much was looked at, and what must not be. Ids only, never patient data."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST_SHOWN = 20


@dataclass(frozen=True)
class Violation:
    """Something that must not be, and where, by ids."""

    what: str
    where: str

    def __str__(self) -> str:
        """For people."""
        return f"{self.what}: {self.where}"


@dataclass
class Finding:
    """One invariant: all of its violations are counted, the first ones shown."""

    invariant: str
    says: str
    checked: int = 0
    violated: int = 0
    violations: list[Violation] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    """What was counted on the way."""
    seconds: float = 0.0

    def violate(self, what: str, *where: object) -> None:
        """Count a violation, and show it when it is among the first."""
        self.violated += 1
        self.kinds[what] += 1
        if len(self.violations) < MOST_SHOWN:
            self.violations.append(Violation(what, " ".join(str(each) for each in where)))

    @property
    def holds(self) -> bool:
        """Whether nothing was found that must not be."""
        return not self.violated

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "invariant": self.invariant,
            "says": self.says,
            "checked": self.checked,
            "violated": self.violated,
            "violations": [{"what": each.what, "where": each.where} for each in self.violations],
            "kinds": dict(self.kinds),
            "figures": dict(sorted(self.figures.items())),
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Report:
    """One audit's findings, in the order of the invariants."""

    findings: tuple[Finding, ...]
    practice: str | None = None
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether every invariant holds."""
        return all(finding.holds for finding in self.findings)

    @property
    def violated(self) -> int:
        """How many violations there are."""
        return sum(finding.violated for finding in self.findings)

    def __getitem__(self, invariant: str) -> Finding:
        """An invariant's finding, such as `report["I4"]`."""
        for finding in self.findings:
            if finding.invariant == invariant:
                return finding
        raise KeyError(invariant)

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "holds": self.holds,
            "violated": self.violated,
            "practice": self.practice,
            "seconds": round(self.seconds, 3),
            "findings": [finding.to_json() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """A table, then what is wrong, then what was counted."""
        yield f"{'':5}{'what must hold':74}{'checked':>12}{'violations':>12}"
        for finding in self.findings:
            yield f"{finding.invariant:5}{finding.says:74}{finding.checked:>12,}{finding.violated:>12,}"
        for finding in self.findings:
            if finding.violations:
                yield ""
                yield from (f"{finding.invariant}: {violation}" for violation in finding.violations)
                hidden = finding.violated - len(finding.violations)
                if hidden:
                    kinds = "; ".join(f"{count:,} times: {kind}" for kind, count in finding.kinds.most_common())
                    yield f"{finding.invariant}: and {hidden:,} more ({kinds})"
        yield ""
        for finding in self.findings:
            if finding.figures:
                counted = ", ".join(f"{name} {count:,}" for name, count in sorted(finding.figures.items()))
                yield f"{finding.invariant}: {counted}"
        yield f"{self.violated:,} violations, {self.seconds:.1f} s"
