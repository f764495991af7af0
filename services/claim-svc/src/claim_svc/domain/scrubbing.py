"""Scrubbing: each kind of rule says what stands against a claim, where, and how to mend it. Messages hold no patient data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.encounter import APART
from claimstream_schemas.values.practice import Payer, Practice

from .claim import Claim, ClaimContent
from .codes import CodeSets
from .diagnoses import left_out_codes
from .names import nameless
from .npi import check_digit_holds, npis_of
from .required import missing_fields
from .rules import Rule

ICD10_BEGAN = date(2015, 10, 1)
_INPATIENT_PART_B = ("12", "22")


@dataclass(frozen=True)
class Surroundings:
    """What a rule may know beside the claim itself."""

    today: date
    codes: CodeSets
    practice: Practice
    payer: Payer
    billed_elsewhere: dict[int, UUID]
    """Line ordinal to the other claim that has the same service already."""


Check = Callable[[Rule, Claim, Surroundings], Iterator[RuleFinding]]


def scrub(claim: Claim, rules: tuple[Rule, ...], around: Surroundings) -> tuple[RuleFinding, ...]:
    """All that is found on a claim, holds and warnings, without what a person has let pass."""
    passed = {override.rule for override in claim.overrides}
    return tuple(
        finding
        for rule in rules
        if rule.id not in passed and claim.content.kind in rule.claims
        for finding in CHECKS[rule.kind](rule, claim, around)
    )


def _required(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    wanted = rule.setting(claim.content.service_from) or ()
    for place, what in missing_fields(claim.content, wanted):
        yield rule.finding(f"{what} is missing", place)
    del around


def _npi(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    for place, npi in npis_of(claim.content):
        if not check_digit_holds(npi):
            yield rule.finding("the NPI is not ten digits with a right check digit", place)


def _pointers(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    count = len(claim.content.diagnoses)
    for line in claim.content.lines:
        place = f"lines/{line.ordinal}/diagnosis_pointers"
        if not line.diagnosis_pointers:
            yield rule.finding("the line points to no diagnosis", place)
        for pointer in line.diagnosis_pointers:
            if not 1 <= pointer <= count:
                yield rule.finding(f"pointer {pointer} has no diagnosis; there are {count}", place)


def _codes(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    content = claim.content
    on = content.service_to if content.kind == "institutional" else content.service_from
    if on >= ICD10_BEGAN:
        for number, diagnosis in enumerate(content.diagnoses, start=1):
            check = around.codes.diagnosis(diagnosis.code, on)
            if check.standing in ("invalid", "not_billable"):
                yield rule.finding(f"diagnosis {diagnosis.code}: {check.reason}", f"diagnoses/{number}/code")
    for line in content.lines:
        if line.procedure is None:
            continue
        check = around.codes.procedure(line.procedure, line.service_from)
        if check.standing == "invalid":
            yield rule.finding(f"procedure {line.procedure}: {check.reason}", f"lines/{line.ordinal}/procedure")


def _before_icd10(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    content = claim.content
    on = content.service_to if content.kind == "institutional" else content.service_from
    if on < ICD10_BEGAN and content.diagnoses:
        yield rule.finding(f"service on {on} is before ICD-10-CM began on {ICD10_BEGAN}", "diagnoses")


def _totals(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    for line in claim.content.lines:
        if line.units <= 0:
            yield rule.finding("a line has no units", f"lines/{line.ordinal}/units")
    if claim.content.total_charge <= 0:
        yield rule.finding("the claim charges nothing", "lines")


def _dates(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    content = claim.content
    for line in content.lines:
        last = line.service_to or line.service_from
        if last > around.today:
            yield rule.finding(f"service on {last} is in the future", f"lines/{line.ordinal}/service_from")
        if last < line.service_from:
            yield rule.finding("a line ends before it begins", f"lines/{line.ordinal}/service_to")
        if content.patient.death_date and line.service_from > content.patient.death_date:
            yield rule.finding("the service is after the patient's death", f"lines/{line.ordinal}/service_from")
    if content.patient.birth_date > content.service_from:
        yield rule.finding("the service is before the patient's birth", "patient/birth_date")
    stay = content.stay
    if stay and stay.admitted_on and stay.admitted_on > content.ended_on:
        yield rule.finding("the admission is after the discharge", "stay/admitted_on")


def _duplicate(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    for ordinal, other in sorted(around.billed_elsewhere.items()):
        yield rule.finding(f"the same service is on claim {other}", f"lines/{ordinal}")
    del claim


def _timely(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    content = claim.content
    served = content.service_to if content.kind == "institutional" else content.service_from
    limit = filing_limit(content, around.payer)
    if around.today > limit and content.facts.delay_reason is None:
        days = (around.today - served).days
        yield rule.finding(
            f"{days} days after service; {around.payer.id} takes {around.payer.timely_filing_days}", "lines"
        )


def filing_limit(content: ClaimContent, payer: Payer) -> date:
    """The last day on which the payer takes the claim: from the first day of service, 837I from the through date."""
    served = content.service_to if content.kind == "institutional" else content.service_from
    return served + min(timedelta(days=payer.timely_filing_days), date.max - served)


def _necessity(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    content = claim.content
    for line in content.lines:
        if line.procedure is None:
            continue
        pointed = [
            content.diagnoses[pointer - 1]
            for pointer in line.diagnosis_pointers
            if 1 <= pointer <= len(content.diagnoses)
        ]
        codes = [diagnosis.code for diagnosis in pointed or content.diagnoses]
        for policy in around.codes.policies_for(line.procedure):
            if not any(around.codes.supports(policy, line.procedure, code, line.service_from) for code in codes):
                message = f"{policy} lists none of {', '.join(codes) or 'no diagnosis'} for procedure {line.procedure}"
                yield rule.finding(message, f"lines/{line.ordinal}/diagnosis_pointers")


def _poa(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    if not claim.content.is_inpatient:
        return
    for number, diagnosis in enumerate(claim.content.diagnoses, start=1):
        told = diagnosis.present_on_admission is not None
        needed = diagnosis.kind in ("principal", "other", "external_cause")
        if needed and not told and not around.codes.is_poa_exempt(diagnosis.code):
            yield rule.finding(
                "the present-on-admission indicator is missing", f"diagnoses/{number}/present_on_admission"
            )


def _admission(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    stay = claim.content.stay
    if stay is None:
        return
    if stay.facility_and_care in _INPATIENT_PART_B:
        asked: tuple[str, ...] = ("admitted_on",)
    elif claim.content.is_inpatient:
        asked = ("admitted_on", "admitted_hour", "admission_type", "admission_source")
    else:
        return
    for name in asked:
        if getattr(stay, name) is None:
            yield rule.finding(f"{name.replace('_', ' ')} is missing", f"stay/{name}")
    if claim.content.is_inpatient and not any(diagnosis.kind == "admitting" for diagnosis in claim.content.diagnoses):
        yield rule.finding("the admitting diagnosis is missing", "diagnoses")


def _limits(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    most = rule.setting(claim.content.service_from) or {}
    kind = claim.content.kind
    apart = APART if kind == "institutional" else frozenset()
    count = sum(diagnosis.kind not in apart for diagnosis in claim.content.diagnoses)
    if count > most.get(kind, {}).get("diagnoses", 99):
        yield rule.finding(f"{count} diagnoses do not fit on one claim", "diagnoses")


def _names(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    for place in nameless(claim.content):
        yield rule.finding("the name has no letter that X12 carries; give the Latin spelling", place)


def _drugs(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    for line in claim.content.lines:
        missing = [name for name in ("ndc_quantity", "ndc_unit") if getattr(line, name) is None]
        if line.ndc is not None and missing:
            yield rule.finding(
                "the drug's own quantity or unit is not known, so its NDC is left out",
                f"lines/{line.ordinal}/{missing[0]}",
            )


def _left_out(rule: Rule, claim: Claim, around: Surroundings) -> Iterator[RuleFinding]:
    del around
    if claim.content.left_out:
        yield rule.finding(
            f"the claim has no room for {left_out_codes(claim.content.left_out)}; its lines point to none of them",
            "diagnoses",
        )


CHECKS: dict[str, Check] = {
    "required": _required,
    "npi-check-digit": _npi,
    "diagnosis-pointers": _pointers,
    "codes-at-service-date": _codes,
    "before-icd10": _before_icd10,
    "totals": _totals,
    "dates": _dates,
    "duplicate": _duplicate,
    "timely-filing": _timely,
    "medical-necessity": _necessity,
    "present-on-admission": _poa,
    "admission": _admission,
    "limits": _limits,
    "left-out": _left_out,
    "drugs": _drugs,
    "names": _names,
}
"""The kinds of rule that a pack may use."""
