"""What a claim must be before it may be written: the limits and ties that no single segment shows."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.records import Guide
from claimstream_x12.elements import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.claim_837.records import BilledClaim, Claim, OtherCoverage, ServiceLine
    from claimstream_x12.names import Adjustment, Party

_MOST_LINES = {Guide.PROFESSIONAL: 50, Guide.INSTITUTIONAL: 999, Guide.DENTAL: 50}
_MOST_DIAGNOSES = {Guide.PROFESSIONAL: 12, Guide.INSTITUTIONAL: 25, Guide.DENTAL: 4}
_MOST_CONTROL_NUMBER = 20
_MOST_OTHER_COVERAGES = 10
_MOST_REASONS_A_GROUP = 6
_MOST_MODIFIERS = 4
_MOST_POINTERS = 4
_MOST_TEETH = 32
_MOST_TOOTH_STATUSES = 35
_MOST_SURFACES = 5  # and areas of the oral cavity
_DENTAL_CODE = "AD"
_ZIP_PLUS_FOUR = re.compile("[0-9]{9}")
_ACCIDENT = "439"
_REPLACES_OR_VOIDS = frozenset({"7", "8"})

Refusal = tuple[str, str, str, str, int]  # loop, code, message, segment, element


def refusals(billed: BilledClaim, guide: Guide) -> Iterator[Refusal]:
    """Why this claim cannot be written, each with its place."""
    yield from _levels(billed)
    yield from _claim(billed.claim, guide)
    for number, line in enumerate(billed.claim.lines, 1):
        yield from _line(line, number, billed.claim, guide)
    for coverage in billed.claim.other_coverages:
        yield from _coverage(coverage)


@lru_cache(maxsize=4096)
def npi_is_valid(npi: str) -> bool:
    """Ten digits whose last is the Luhn digit over 80840 and the other nine (45 CFR 162.406)."""
    if len(npi) != 10 or not (npi.isascii() and npi.isdigit()):  # noqa: PLR2004
        return False
    digits = [int(c) for c in "80840" + npi]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]  # noqa: PLR2004
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _levels(billed: BilledClaim) -> Iterator[Refusal]:
    party = billed.billing.party
    if party.address is None:
        yield "2010AA", "missing-address", "the billing provider's street address is missing", "N3", 1
    elif not _ZIP_PLUS_FOUR.fullmatch(party.address.postal_code):
        yield "2010AA", "zip-plus-four", "the billing provider needs a ZIP code of nine digits", "N4", 3
    if not (party.reference("EI") or party.reference("SY")):
        yield "2010AA", "missing-tax-id", "the billing provider's tax number (REF*EI or SY) is missing", "REF", 2
    yield from _npi(party, "2010AA")
    subscriber = billed.subscriber
    if not subscriber.filing_indicator:
        yield "2000B", "missing-element", "the claim filing indicator is missing", "SBR", 9
    if subscriber.is_patient == (billed.patient is not None):
        message = "a patient of its own goes with a subscriber who is not the patient, and only with that"
        yield "2000B", "patient", message, "SBR", 2
    if not subscriber.party.id:
        yield "2010BA", "missing-element", "the member id is missing", "NM1", 9
    if subscriber.is_patient and (subscriber.person.born is None or subscriber.party.address is None):
        yield "2010BA", "missing-person", "the patient's birth date or address is missing", "DMG", 2
    patient = billed.patient
    if patient is not None and (patient.person.born is None or patient.party.address is None):
        yield "2010CA", "missing-person", "the patient's birth date or address is missing", "DMG", 2


def _claim(claim: Claim, guide: Guide) -> Iterator[Refusal]:
    yield from _limits(claim, guide)
    total = sum((line.charge for line in claim.lines), ZERO)
    if total != claim.charge:
        yield "2300", "total", f"CLM02 is {claim.charge}, the lines come to {total}", "CLM", 2
    if not claim.facility_code:
        yield "2300", "missing-element", "the place of service or type of bill is missing", "CLM", 5
    if guide is Guide.PROFESSIONAL and claim.frequency not in {"1", "7", "8"}:
        yield "2300", "frequency", f'"{claim.frequency}" is not 1, 7 or 8', "CLM", 5
    if (claim.frequency in _REPLACES_OR_VOIDS) != bool(claim.reference("F8")):
        yield "2300", "original-reference", "REF*F8 goes with frequency 7 or 8, always and only", "REF", 2
    if (claim.institutional is not None) != (guide is Guide.INSTITUTIONAL):
        yield (
            "2300",
            "guide",
            "institutional information goes with an institutional claim, and only with that",
            "CL1",
            0,
        )
    if claim.dental is not None and guide is not Guide.DENTAL:
        yield "2300", "guide", "dental information goes with a dental claim, and only with that", "DN1", 0
    if claim.dental is not None and len(claim.dental.teeth) > _MOST_TOOTH_STATUSES:
        yield "2300", "too-many-teeth", f"more than {_MOST_TOOTH_STATUSES} teeth with a status", "DN2", 0
    dated = any(one.qualifier == _ACCIDENT for one in claim.dates)
    if guide is Guide.PROFESSIONAL and claim.related_causes and not dated:
        yield "2300", "accident-date", "a related cause needs the date of the accident (DTP*439)", "DTP", 3
    for provider in claim.providers:
        yield from _npi(provider, "2310")


def _limits(claim: Claim, guide: Guide) -> Iterator[Refusal]:
    lines, diagnoses, others = len(claim.lines), len(claim.diagnoses), len(claim.other_coverages)
    if len(claim.control_number) > _MOST_CONTROL_NUMBER:
        yield "2300", "length", f"more than {_MOST_CONTROL_NUMBER} characters do not come back whole", "CLM", 1
    if not lines:
        yield "2300", "no-lines", "a claim needs a service line", "LX", 0
    if lines > _MOST_LINES[guide]:
        yield "2300", "too-many-lines", f"{lines} lines, {_MOST_LINES[guide]} are allowed: split it", "LX", 0
    if not diagnoses and guide is not Guide.DENTAL:
        yield "2300", "no-diagnosis", "a claim needs a diagnosis", "HI", 1
    if diagnoses > _MOST_DIAGNOSES[guide]:
        yield "2300", "too-many-diagnoses", f"{diagnoses} diagnoses, {_MOST_DIAGNOSES[guide]} are allowed", "HI", 0
    if others > _MOST_OTHER_COVERAGES:
        yield "2320", "too-many-coverages", f"{others} other payers, {_MOST_OTHER_COVERAGES} are allowed", "SBR", 0


def _line(line: ServiceLine, number: int, claim: Claim, guide: Guide) -> Iterator[Refusal]:
    loop = f"2400[{number}]"
    if guide is Guide.PROFESSIONAL:
        yield from _professional_line(line, loop, claim)
    elif guide is Guide.DENTAL:
        yield from _dental_line(line, loop, claim)
    elif not line.revenue_code:
        yield loop, "revenue-code", "an institutional line needs a revenue code", "SV2", 1
    if guide is not Guide.DENTAL and (line.oral_cavity or line.prosthesis or line.teeth):
        yield loop, "guide", "teeth, oral cavity and prosthesis go with a dental line", "SV3", 0
    if line.procedure is not None and len(line.procedure.modifiers) > _MOST_MODIFIERS:
        yield loop, "modifiers", f"{len(line.procedure.modifiers)} modifiers, {_MOST_MODIFIERS} are allowed", "SV1", 1
    for provider in line.providers:
        yield from _npi(provider, "2420")
    for prior in line.prior_payments:
        yield from _adjustments(prior.adjustments, "2430")
        if prior.decided_on is None:
            yield "2430", "decision-date", "an earlier payer's decision needs its date (DTP*573)", "DTP", 3


def _dental_line(line: ServiceLine, loop: str, claim: Claim) -> Iterator[Refusal]:
    if line.procedure is None or line.procedure.qualifier != _DENTAL_CODE:
        yield loop, "no-procedure", "a dental line needs a procedure of the dental code set (AD)", "SV3", 1
    if line.drug is not None:
        yield loop, "guide", "a drug has no place on a dental line", "LIN", 3
    if len(line.diagnosis_pointers) > _MOST_POINTERS:
        yield loop, "pointers", f"more than {_MOST_POINTERS} diagnosis pointers", "SV3", 11
    for pointer in line.diagnosis_pointers:
        if not 1 <= pointer <= len(claim.diagnoses):
            yield loop, "pointers", f"pointer {pointer} points to no diagnosis", "SV3", 11
    if len(line.teeth) > _MOST_TEETH:
        yield loop, "too-many-teeth", f"{len(line.teeth)} teeth, {_MOST_TEETH} are allowed", "TOO", 0
    for tooth in line.teeth:
        if len(tooth.surfaces) > _MOST_SURFACES:
            yield loop, "surfaces", f"tooth {tooth.number} has more than {_MOST_SURFACES} surfaces", "TOO", 3
    if len(line.oral_cavity) > _MOST_SURFACES:
        yield loop, "oral-cavity", f"more than {_MOST_SURFACES} areas of the oral cavity", "SV3", 4


def _professional_line(line: ServiceLine, loop: str, claim: Claim) -> Iterator[Refusal]:
    pointers = line.diagnosis_pointers
    if line.procedure is None:
        yield loop, "no-procedure", "a professional line needs a procedure", "SV1", 1
    if not 1 <= len(pointers) <= _MOST_POINTERS:
        yield loop, "pointers", f"{len(pointers)} diagnosis pointers, 1 to {_MOST_POINTERS} are allowed", "SV1", 7
    for pointer in pointers:
        if not 1 <= pointer <= len(claim.diagnoses):
            yield loop, "pointers", f"pointer {pointer} points to no diagnosis", "SV1", 7
    if line.service_dates is None:
        yield loop, "service-date", "a professional line needs its date of service (DTP*472)", "DTP", 3


def _coverage(coverage: OtherCoverage) -> Iterator[Refusal]:
    yield from _adjustments(coverage.adjustments, "2320")
    if not coverage.payer.id:
        yield "2330B", "missing-element", "the other payer's id is missing", "NM1", 9
    if not coverage.subscriber.id:
        yield "2330A", "missing-element", "the other member id is missing", "NM1", 9


def _adjustments(adjustments: tuple[Adjustment, ...], loop: str) -> Iterator[Refusal]:
    """The 837 has one CAS a group: a group that comes back after another, or with a seventh reason, is refused."""
    groups = [one.group for one in adjustments]
    runs = [group for n, group in enumerate(groups) if n == 0 or groups[n - 1] != group]
    if len(runs) != len(set(runs)):
        yield loop, "cas-groups", "reasons of one group must stand together", "CAS", 1
    for group in set(groups):
        if groups.count(group) > _MOST_REASONS_A_GROUP:
            message = f"{groups.count(group)} reasons in group {group}, 6 are allowed: sum equal reasons, else hold"
            yield loop, "cas-reasons", message, "CAS", 2


def _npi(party: Party, loop: str) -> Iterator[Refusal]:
    if party.id_qualifier == "XX" and not npi_is_valid(party.id):
        yield loop, "npi", f"{party.id} is not a valid NPI", "NM1", 9
