"""Codes that name no service of their own: what was done is told in words (837 SV101-7, SV202-7).

HCPCS Level II codes are named by CMS («not otherwise classified», «unclassified», «unlisted», «not otherwise specified», «miscellaneous»), and listed here.
CPT's are told by their shape alone, for its numbers are not ours to list: those that end in 99. Some unlisted procedures end otherwise, and are not found.
"""

_LENGTH = 5


_NOT_OTHERWISE_CLASSIFIED = frozenset(
    [
        "A0999", "A4421", "A4641", "A4649", "A4913", "A6512", "A9152", "A9153", "A9280", "A9597", "A9598", "A9698", "A9699", "A9900",
        "A9999", "B9998", "B9999", "C1889", "C2698", "C2699", "C9399", "E0625", "E0769", "E1399", "E1699", "E2599", "J0799", "J1599",
        "J3490", "J3590", "J3591", "J7199", "J7599", "J7699", "J7799", "J7999", "J8498", "J8499", "J8597", "J8999", "J9999", "K0108",
        "K0812", "K0898", "K0899", "L0999", "L1499", "L2999", "L3649", "L3999", "L5999", "L7499", "L8039", "L8499", "L8699", "P9099",
        "Q2039", "Q4050", "Q4051", "Q4082", "Q4100", "S8189", "S9379", "S9542", "T1999", "T2025", "T5999", "V2199", "V2399", "V2499",
        "V2599", "V2629", "V2799", "V5298", "V5299",
    ]
)  # fmt: skip
_OF_INFECTIONS = "8779"
"""Tests for an infection that has no code of its own: the number ends as unlisted ones do, and says what was done."""


def is_unlisted(procedure: str) -> bool:
    """Whether the code says nothing without a description."""
    is_cpt = len(procedure) == _LENGTH and procedure.isdecimal()
    by_shape = is_cpt and procedure.endswith("99") and not procedure.startswith(_OF_INFECTIONS)
    return by_shape or procedure in _NOT_OTHERWISE_CLASSIFIED
