"""Which adjustments never open a denial: data, see ``guardrails.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guardrails:
    """(group, CARC) pairs that are no denial, and those that the contract judges."""

    not_denials: frozenset[tuple[str, str]]
    contractual: frozenset[tuple[str, str]]

    def opens_case(self, group: str, carc: str) -> bool:
        """Whether such an adjustment is a refusal that someone must answer."""
        return (group, carc) not in self.not_denials and (group, carc) not in self.contractual

    def is_contractual(self, group: str, carc: str) -> bool:
        """Whether the contract judges it."""
        return (group, carc) in self.contractual
