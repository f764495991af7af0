"""Lines of a prospective payment carry a HIPPS code: five characters of a system of their own, neither HCPCS nor CPT (X12 RFI 1554)."""

from collections.abc import Iterator

from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine

from .claim import ClaimContent

_REVENUE_CODES = frozenset({"0022", "0023", "0024"})
"""Skilled nursing, home health and inpatient rehabilitation (NUBC UB-04 form locator 42)."""


def hcpcs_lines(content: ClaimContent) -> Iterator[ChargeLine]:
    """The lines whose procedure, if they have one, is a HCPCS or CPT code."""
    may_be_hipps = kind_of(content.kind).has_revenue_codes
    return (line for line in content.lines if not (may_be_hipps and line.revenue_code in _REVENUE_CODES))
