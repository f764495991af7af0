"""Checks X12 files: syntax, guide, balance, situations, code sets, a partner's rules (SNIP 1 to 5 and 7)."""

from claimstream_x12.checking.checker import (
    CheckedGroup,
    CheckedInterchange,
    CheckedSet,
    Checker,
    Report,
    SetStatus,
    snip_of,
)
from claimstream_x12.checking.claim_rules import SeenBatch, SeenClaim
from claimstream_x12.checking.code_sets import CodeSets, ShapesOnly, Standing
from claimstream_x12.checking.kinds import KINDS, Kind, kind_of
from claimstream_x12.checking.partner_rules import BadPartnerRule, PartnerRule, read_partner_rules

__all__ = [
    "KINDS",
    "BadPartnerRule",
    "CheckedGroup",
    "CheckedInterchange",
    "CheckedSet",
    "Checker",
    "CodeSets",
    "Kind",
    "PartnerRule",
    "Report",
    "SeenBatch",
    "SeenClaim",
    "SetStatus",
    "ShapesOnly",
    "Standing",
    "kind_of",
    "read_partner_rules",
    "snip_of",
]
