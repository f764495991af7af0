"""claim.submitted."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from pydantic import Field

from .envelope import Event
from .values.claim import (
    BillingProvider,
    ClaimPayer,
    FrequencyCode,
    OtherCoverage,
    PayerSequence,
    RuleFinding,
    SubmissionPerson,
    SubmittedLine,
)
from .values.encounter import ClaimKind, Diagnosis, Providers, Stay, VisitFacts
from .values.money import Money
from .values.people import Facility


class ClaimSubmitted(Event):
    """One submission of a claim to one payer, complete: the gateway needs nothing else to write its 837."""

    topic: ClassVar[str] = "claim.submitted"
    aggregate: ClassVar[str] = "claim"
    key_field: ClassVar[str] = "claim_id"

    claim_id: UUID
    encounter_id: UUID
    control_number: str = Field(description="CLM01, for the claim's life")
    submission_id: UUID
    submission_ordinal: int = Field(ge=1, le=99)
    payer_sequence: PayerSequence
    frequency_code: FrequencyCode
    original_payer_claim_number: str | None = Field(default=None, description="REF*F8, with frequency 7 and 8 only")
    kind: ClaimKind
    billing_provider: BillingProvider
    payer: ClaimPayer
    facility: Facility | None = None
    place_of_service: str | None = None
    providers: Providers = Providers()
    diagnoses: tuple[Diagnosis, ...]
    lines: tuple[SubmittedLine, ...]
    stay: Stay | None = None
    facts: VisitFacts = VisitFacts()
    statement_from: date
    statement_to: date
    total_charge: Money = Field(description="CLM02")
    other_coverages: tuple[OtherCoverage, ...] = ()
    next_payers: tuple[str, ...] = Field(default=(), description="Payer ids still to be billed after this one")
    contract_version: str | None = Field(default=None, description="The fee schedule's id and version; None: unknown")
    rule_pack_versions: dict[str, str] = Field(default_factory=dict)
    overridden: tuple[RuleFinding, ...] = Field(default=(), description="Findings a person overrode")
    denial_risk: str | None = None
    timely_filing_limit: date | None = None
    person: SubmissionPerson
