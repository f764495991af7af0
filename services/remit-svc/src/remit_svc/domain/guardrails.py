"""Which adjustments never open a denial: data, see ``guardrails.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Guardrails:
    """(group, CARC) pairs that are no denial, those that the contract judges, and those that the payer behind decides."""

    not_denials: frozenset[tuple[str, str]]
    contractual: frozenset[tuple[str, str]]
    for_next_payer: frozenset[tuple[str, str]]

    def opens_case(self, group: str, carc: str, *, has_next_payer: bool) -> bool:
        """Whether such an adjustment is a refusal that someone must answer."""
        pair = (group, carc)
        is_next_payers = has_next_payer and pair in self.for_next_payer
        return pair not in self.not_denials and pair not in self.contractual and not is_next_payers

    def is_contractual(self, group: str, carc: str) -> bool:
        """Whether the contract judges it."""
        return (group, carc) in self.contractual
