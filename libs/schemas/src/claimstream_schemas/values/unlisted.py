"""Codes that name no service of their own: what was done is told in words (837 SV101-7, SV202-7).

HCPCS Level II codes are named by CMS («not otherwise classified», «unclassified», «unlisted», «not otherwise specified»); of CPT only
those that end in 999 are taken, which all are unlisted. The list is our own.
"""

_NOT_OTHERWISE_CLASSIFIED = frozenset(
    [
        "A0999",
        "A4641",
        "A4649",
        "A4913",
        "A6512",
        "A9280",
        "A9597",
        "A9598",
        "A9698",
        "A9699",
        "A9999",
        "B9998",
        "B9999",
        "C1889",
        "C9399",
        "E0625",
        "E1399",
        "E1699",
        "E2599",
        "J0799",
        "J3490",
        "J3590",
        "J3591",
        "J7199",
        "J7599",
        "J7699",
        "J7799",
        "J7999",
        "J8499",
        "J8999",
        "J9999",
        "K0812",
        "K0898",
        "L0999",
        "L1499",
        "L2999",
        "L3999",
        "L5999",
        "L7499",
        "L8039",
        "L8499",
        "L8699",
        "P9099",
        "Q4050",
        "Q4082",
        "Q4100",
        "S8189",
        "S9379",
        "S9542",
        "T1999",
        "V2199",
        "V2799",
        "V5298",
    ]
)


def is_unlisted(procedure: str) -> bool:
    """Whether the code says nothing without a description."""
    return procedure in _NOT_OTHERWISE_CLASSIFIED or (procedure.endswith("999") and procedure.isdecimal())
