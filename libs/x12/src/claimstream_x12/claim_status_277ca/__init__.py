"""277CA: the claim acknowledgment."""

from claimstream_x12.claim_status_277ca.outcomes import BatchRefusal, ClaimOutcome, batch_refusals, claim_outcomes
from claimstream_x12.claim_status_277ca.reading import read_277ca
from claimstream_x12.claim_status_277ca.records import (
    GUIDE,
    REFUSED,
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    LineStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
)
from claimstream_x12.claim_status_277ca.writing import write_277ca

__all__ = [
    "GUIDE",
    "REFUSED",
    "BatchRefusal",
    "ClaimAcknowledgment",
    "ClaimOutcome",
    "ClaimStatusSet",
    "LevelStatus",
    "LineStatus",
    "PatientAcknowledgment",
    "ProviderAcknowledgment",
    "ReceiverAcknowledgment",
    "SourceAcknowledgment",
    "Status",
    "StatusCode",
    "batch_refusals",
    "claim_outcomes",
    "read_277ca",
    "write_277ca",
]
