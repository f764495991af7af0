"""Which lines are judged by HCPCS and CPT: not those of a prospective payment, which carry a HIPPS code."""

from collections.abc import Iterator

from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import ChargeLine
from claimstream_schemas.values.revenue_codes import has_hipps_code

from .claim import ClaimContent


def hcpcs_lines(content: ClaimContent) -> Iterator[ChargeLine]:
    """The lines whose procedure, if they have one, is a HCPCS or CPT code."""
    may_be_hipps = kind_of(content.kind).has_revenue_codes
    return (line for line in content.lines if not (may_be_hipps and has_hipps_code(line.revenue_code)))
