"""The parts of a claim's record that its guide decides."""

from dataclasses import dataclass

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import SubmittedLine
from claimstream_x12 import Amount, Dated, Party
from claimstream_x12.claim_837 import InstitutionalInformation

PATIENT_PAID = "F5"


@dataclass(frozen=True)
class ClaimParts:
    """What loop 2300 has in one guide and not, or otherwise, in another."""

    facility_code: str
    """CLM05-1: a place of service, or the first two digits of a type of bill."""
    dates: tuple[Dated, ...]
    providers: tuple[Party, ...]
    related_causes: tuple[str, ...] = ()
    amounts: tuple[Amount, ...] = ()
    condition_codes: tuple[str, ...] = ()
    institutional: InstitutionalInformation | None = None


def service_days(line: SubmittedLine) -> tuple[Dated, ...]:
    """DTP*472: a day, or the first and the last."""
    end = line.service_to if line.service_to != line.service_from else None
    return (Dated("472", line.service_from, end),)


def patient_paid(event: ClaimSubmitted) -> tuple[Amount, ...]:
    """AMT*F5, where the payer's policy is to be told: Medicare may then pay the patient."""
    paid = event.facts.patient_paid
    return (Amount(PATIENT_PAID, paid),) if paid and event.payer.reports_patient_paid else ()
