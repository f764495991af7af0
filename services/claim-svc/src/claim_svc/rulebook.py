"""By what claims are judged: the payers' rules, and the code sets."""

from dataclasses import dataclass

from .domain.codes import CodeSets
from .domain.rules import RulePacks


@dataclass(frozen=True)
class Rulebook:
    """One for the whole service."""

    packs: RulePacks
    codes: CodeSets
