"""Every case, by subject: the remittance, the claim, the acknowledgments, the envelope."""

from claimstream_x12.conformance.cases import (
    acknowledgments,
    balancing,
    claims,
    coordination,
    decisions,
    envelopes,
    payments,
    provider_balance,
)

CASES = (
    *balancing.CASES,
    *decisions.CASES,
    *payments.CASES,
    *provider_balance.CASES,
    *claims.CASES,
    *coordination.CASES,
    *acknowledgments.CASES,
    *envelopes.CASES,
)
