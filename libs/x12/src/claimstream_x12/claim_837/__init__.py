"""837: the professional and the institutional claim."""

from claimstream_x12.claim_837.reading import ClaimReader, ReadClaim, read_claims
from claimstream_x12.claim_837.records import (
    Attachment,
    BilledClaim,
    BillingProvider,
    Claim,
    ClaimHeader,
    ClaimSet,
    Demographics,
    Diagnosis,
    Guide,
    InstitutionalCode,
    InstitutionalInformation,
    NationalDrug,
    Note,
    OtherCoverage,
    Patient,
    PriorPayment,
    ServiceLine,
    Subscriber,
)
from claimstream_x12.claim_837.validation import npi_is_valid
from claimstream_x12.claim_837.writing import check_claim, write_claims

__all__ = [
    "Attachment",
    "BilledClaim",
    "BillingProvider",
    "Claim",
    "ClaimHeader",
    "ClaimReader",
    "ClaimSet",
    "Demographics",
    "Diagnosis",
    "Guide",
    "InstitutionalCode",
    "InstitutionalInformation",
    "NationalDrug",
    "Note",
    "OtherCoverage",
    "Patient",
    "PriorPayment",
    "ReadClaim",
    "ServiceLine",
    "Subscriber",
    "check_claim",
    "npi_is_valid",
    "read_claims",
    "write_claims",
]
