"""What the revenue code of an institutional line says of it (NUBC, UB-04 form locator 42)."""

_HIPPS = frozenset({"0022", "0023", "0024"})
"""Skilled nursing, home health and inpatient rehabilitation that are paid by group: the line's code is of HIPPS (X12 RFI 1554)."""


def has_hipps_code(revenue_code: str | None) -> bool:
    """Whether the procedure of such a line is a HIPPS code, and none of HCPCS."""
    return revenue_code in _HIPPS
