"""Provider adjustments (PLB): each reason of X221A1 has its account, whatever else comes waits in suspense for a person."""

from .ledger import PLB, SUSPENSE

REASONS = frozenset(
    [
        "50",
        "51",
        "72",
        "90",
        "AH",
        "AM",
        "AP",
        "B2",
        "B3",
        "BD",
        "BN",
        "C5",
        "CR",
        "CS",
        "CT",
        "CV",
        "CW",
        "DM",
        "E3",
        "FB",
        "FC",
        "GO",
        "HM",
        "IP",
        "IR",
        "IS",
        "J1",
        "L3",
        "L6",
        "LE",
        "LS",
        "OA",
        "OB",
        "PI",
        "PL",
        "RA",
        "RE",
        "SL",
        "TL",
        "WO",
        "WU",
        "ZZ",
    ]
)
"""PLB03-1 as 005010X221A1 lists it: bare codes."""


def account_of(reason: str) -> str:
    """The ledger account of a reason."""
    return PLB + reason if reason in REASONS else SUSPENSE
