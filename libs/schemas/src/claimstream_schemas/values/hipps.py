"""Lines of a prospective payment carry a HIPPS code: five characters of a system of their own, neither HCPCS nor CPT (X12 RFI 1554)."""

_REVENUE_CODES = frozenset({"0022", "0023", "0024"})
"""Skilled nursing, home health and inpatient rehabilitation (NUBC UB-04 form locator 42)."""


def carries_hipps(revenue_code: str | None) -> bool:
    """Whether the procedure of such a line of an institutional claim is a HIPPS code."""
    return revenue_code in _REVENUE_CODES
