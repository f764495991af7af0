"""Which rules hold for which set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.checking.claim_rules import ClaimRules
from claimstream_x12.checking.level_rules import LevelRules
from claimstream_x12.checking.remittance_rules import RemittanceRules
from claimstream_x12.checking.status_rules import ClaimAcknowledgmentRules, GroupAcknowledgmentRules

if TYPE_CHECKING:
    from claimstream_x12.checking.rules import SetRules, Situation
    from claimstream_x12.guides import GuideName


def rules_for(guide: GuideName, situation: Situation) -> SetRules:
    """The rules of a set beyond its guide's table."""
    kind = kind_of_rules(guide)
    if issubclass(kind, ClaimRules):
        return kind(situation, kind=guide.table[3].upper())
    return kind(situation)


def kind_of_rules(guide: GuideName) -> type[SetRules]:
    """The class of a set's rules; its `let_go` tells which loops are asked by themselves alone."""
    match guide.table.split("_", 1)[0]:
        case "837p" | "837i" | "837d":
            return ClaimRules
        case "835":
            return RemittanceRules
        case "277ca":
            return ClaimAcknowledgmentRules
        case "999":
            return GroupAcknowledgmentRules
        case _:
            return LevelRules
