"""Which adjustments never open a denial: data, see ``guardrails.toml``."""

from dataclasses import dataclass

from .decisions import Said


@dataclass(frozen=True)
class Guardrails:
    """(group, CARC) pairs that are no denial, those that the contract judges, those that say how the price was made, and those that the payer behind decides."""

    not_denials: frozenset[tuple[str, str]]
    contractual: frozenset[tuple[str, str]]
    pricing: frozenset[tuple[str, str]]
    for_next_payer: frozenset[tuple[str, str]]
    another_payers: frozenset[tuple[str, str]]

    def opens_case(self, said: Said, *, has_next_payer: bool) -> bool:
        """Whether such an adjustment is a refusal that someone must answer."""
        pair = (said.group, said.carc)
        is_next_payers = has_next_payer and pair in self.for_next_payer
        is_none = said.cents <= 0 or pair in self.not_denials or pair in self.pricing
        return not is_none and not is_next_payers

    def is_another_payers(self, said: Said) -> bool:
        """Whether another payer is to decide on it: whatever that one says settles it."""
        return (said.group, said.carc) in self.another_payers

    def is_pricing(self, said: Said) -> bool:
        """Whether it says how the price was made: no denial, unless it takes all that was expected."""
        return (said.group, said.carc) in self.pricing

    def is_not_allowed(self, said: Said) -> bool:
        """Whether nothing of it is allowed: it is refused, left to the next payer, or a prior payer's."""
        is_judged = self.is_contractual(said) or self.is_pricing(said)
        return said.is_prior_payers or (not is_judged and self.opens_case(said, has_next_payer=False))

    def is_contractual(self, said: Said) -> bool:
        """Whether the contract judges it."""
        return (said.group, said.carc) in self.contractual
