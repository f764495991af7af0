"""The conditions of an encounter: those that it names as its diagnoses or reasons, and those recorded at it.

What is not current, not certain or not of this visit is shown to the coder and not coded: ICD-10-CM guidelines IV.H (an outpatient's
uncertain diagnosis), IV.J (conditions that no longer exist) and II.H (an uncertain diagnosis at discharge is coded).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from claimstream_schemas.values.encounter import DiagnosisKind

from ...domain.asking import Asked
from ...domain.visit import Condition, ShownCondition, StatedCode
from . import elements as fhir
from .bundle import Bundle, Entry
from .moments import latest

SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "http://loinc.org": "loinc",
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://www.ama-assn.org/go/cpt": "cpt",
}
_ICD10CM = ("http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90")
"""The clinical modification; WHO's ICD-10 (``…/sid/icd-10``) is another list, and no US claim carries it."""

_ICD10CM_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")
_AT_ADMISSION = "AD"
_FIRST_USES = ("DD", "billing")
_CHIEF_COMPLAINT = "CC"
_NEVER_WAS = ("refuted", "entered-in-error")
_UNCERTAIN = ("unconfirmed", "provisional", "differential")
_PROBLEM_LIST = "problem-list-item"
_LAST = 1 << 20


@dataclass
class Read:
    """What was read of an encounter's conditions."""

    conditions: list[Condition] = field(default_factory=list)
    shown: list[ShownCondition] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class Named:
    """A condition with the part that the encounter gives it."""

    entry: Entry
    resource: fhir.Condition
    uses: frozenset[str] = frozenset()
    rank: int = _LAST
    is_reason: bool = False
    is_named: bool = False

    @property
    def leads(self) -> bool:
        """Whether the encounter puts it first."""
        return bool(self.uses & set(_FIRST_USES)) or self.rank == 1

    @property
    def order(self) -> tuple[bool, int, bool]:
        """Diagnoses at discharge first, then by rank, then the reasons."""
        return (not self.uses & set(_FIRST_USES), self.rank, not self.is_reason)


def read_conditions(  # noqa: PLR0913  the encounter with what belongs to it
    bundle: Bundle,
    entry: Entry,
    encounter: fhir.Encounter,
    recorded: list[tuple[Entry, fhir.Condition]],
    others: list[tuple[Entry, fhir.Condition]],
    *,
    served_on: date,
    is_inpatient: bool,
) -> Read:
    """The conditions of one encounter; ``others`` are the patient's that name no encounter."""
    read = Read()
    named = _named(bundle, entry, encounter, read)
    at_visit = [Named(place, resource) for place, resource in recorded if place.place not in named]
    kept = []
    for each in sorted((*named.values(), *at_visit), key=lambda each: each.order):
        why = _why_not(each, served_on, is_inpatient=is_inpatient)
        if why is None:
            kept.append(each)
        elif why:
            read.shown.append(_shown(each.resource, why))
        if each.entry.is_modified and why != "":
            detail = f"{each.entry.label} carries a modifier that is not known here: it may mean something else"
            read.questions.append(Asked(question="record", detail=detail, about=each.entry.label))
    _ask_for_the_reason(encounter, list(named.values()), kept, read)
    for place, resource in others:
        if place.place not in named and not _never_was(resource):
            read.shown.append(_shown(resource, "of the problem list: this encounter does not name it"))
    read.conditions = list(_in_place(kept, encounter, is_inpatient=is_inpatient))
    return read


def _named(bundle: Bundle, entry: Entry, encounter: fhir.Encounter, read: Read) -> dict[str, Named]:
    """What the encounter names, by the place of the condition; a reason that leads nowhere is asked."""
    named: dict[str, Named] = {}
    for diagnosis in encounter.diagnosis:
        found = bundle.find(diagnosis.condition, entry)
        if found is None or found.type != "Condition":
            label = diagnosis.condition.reference if diagnosis.condition else None
            if found is None and label:
                detail = f"a diagnosis of the encounter leads to {label}, which is not in the bundle"
                read.questions.append(Asked(question="record", detail=detail, about=label))
            continue
        uses = frozenset(coding.code for coding in (diagnosis.use.coding if diagnosis.use else ()) if coding.code)
        before = named.get(found.place)
        named[found.place] = Named(
            found,
            bundle.read(found, fhir.Condition),
            uses | (before.uses if before else frozenset()) | (frozenset() if uses else {"unsaid"}),
            min(diagnosis.rank or _LAST, before.rank if before else _LAST),
            is_reason=_CHIEF_COMPLAINT in uses or (before is not None and before.is_reason),
            is_named=True,
        )
    for reference in encounter.reason_reference:
        found = bundle.find(reference, entry)
        if found is None or found.type != "Condition":
            continue
        before = named.get(found.place)
        resource = bundle.read(found, fhir.Condition)
        uses = before.uses if before else frozenset({"unsaid"})
        rank = before.rank if before else _LAST
        named[found.place] = Named(found, resource, uses, rank, is_reason=True, is_named=True)
    return named


def _ask_for_the_reason(encounter: fhir.Encounter, named: list[Named], kept: list[Named], read: Read) -> None:
    """The encounter says that it has a reason: where that is not coded, no other condition is taken for it."""
    leads = any(each.leads or each.is_reason for each in kept) or bool(encounter.reason_code)
    if leads or not (encounter.reason_reference or any(each.is_reason for each in named)):
        return
    lost = next((each.entry.label for each in named if each.is_reason), None)
    if lost is None:
        reference = encounter.reason_reference[0]
        lost = reference.reference or reference.display or "a reference that says nothing"
    detail = (
        f"the reason for the visit is {lost}: it is not in the bundle, is no condition, or is not certain and current"
    )
    read.questions.append(Asked(question="diagnosis", detail=detail, about=lost))


def _why_not(each: Named, served_on: date, *, is_inpatient: bool) -> str | None:
    """Why a condition is not coded; None where it is; empty where it does not exist at all."""
    resource = each.resource
    if _never_was(resource) or resource.code is None:
        return ""
    if each.entry.is_modified:
        return "it carries a modifier that is not known here"
    if not each.is_named and _has(resource.category, _PROBLEM_LIST):
        return "of the problem list: this encounter does not name it"
    ended = _abated(resource)
    if ended is not None and ended < served_on:
        return f"it was over on {ended} (guideline IV.J)"
    uncertain = _uncertainty(resource)
    if uncertain and not is_inpatient:
        return f"{uncertain}: an outpatient's uncertain diagnosis is not coded (guideline IV.H)"
    return None


def _in_place(kept: list[Named], encounter: fhir.Encounter, *, is_inpatient: bool) -> Iterator[Condition]:
    """The reasons in words first, then the conditions in their order; one of both is one condition."""
    recorded = [
        _with_its_part(each, is_first=place == 0, is_inpatient=is_inpatient)
        for place, each in enumerate(_diagnoses(kept))
    ]
    merged: list[Condition] = []
    for concept in encounter.reason_code:
        reason = condition_of(concept, is_reason=True)
        twin = next((condition for condition in recorded if _same(condition, reason)), None)
        merged.append(twin.model_copy(update={"is_reason": True}) if twin else reason)
    rest = [condition for condition in recorded if not any(_same(condition, other) for other in merged)]
    yield from merged
    yield from rest
    for each in kept:
        if _AT_ADMISSION in each.uses and each.resource.code:
            yield condition_of(each.resource.code, kind="admitting")


def _diagnoses(kept: list[Named]) -> list[Named]:
    """What is a diagnosis of the visit itself: one at admission alone is not."""
    return [each for each in kept if each.uses != {_AT_ADMISSION}]


def _with_its_part(each: Named, *, is_first: bool, is_inpatient: bool) -> Condition:
    resource = each.resource
    return condition_of(
        resource.code or fhir.Concept(),
        name=each.entry.label,
        since=latest(resource.onset_date_time),
        is_reason=each.is_reason,
        kind="principal" if is_first and each.leads else None,
        is_uncertain=is_inpatient and bool(_uncertainty(resource)),
    )


def condition_of(  # noqa: PLR0913  a concept with what is said of it
    concept: fhir.Concept,
    *,
    name: str | None = None,
    since: date | None = None,
    is_reason: bool = False,
    kind: DiagnosisKind | None = None,
    is_uncertain: bool = False,
) -> Condition:
    """A concept as a condition; of several codings the ICD-10-CM one counts."""
    return Condition(
        icd10=icd10cm_of(concept),
        codes=codes_of(concept),
        text=concept.said,
        kind=kind,
        since=since,
        name=name,
        is_reason=is_reason,
        is_uncertain=is_uncertain,
    )


def icd10cm_of(concept: fhir.Concept) -> str | None:
    """The ICD-10-CM code without its dot; what has not its shape is no code."""
    said = (coding.code.strip().upper() for coding in concept.coding if coding.system in _ICD10CM and coding.code)
    return next((code.replace(".", "") for code in said if _ICD10CM_CODE.fullmatch(code)), None)


def codes_of(concept: fhir.Concept) -> tuple[StatedCode, ...]:
    """Every coding, by our short name of its system."""
    return tuple(
        StatedCode(system=SYSTEMS.get(coding.system or "", coding.system or "unknown"), code=coding.code)
        for coding in concept.coding
        if coding.code
    )


def _shown(resource: fhir.Condition, why: str) -> ShownCondition:
    concept = resource.code or fhir.Concept()
    return ShownCondition(code=icd10cm_of(concept), text=concept.said, why=why)


def _never_was(resource: fhir.Condition) -> bool:
    return _is(resource.verification_status, _NEVER_WAS) is not None


def _uncertainty(resource: fhir.Condition) -> str | None:
    return _is(resource.verification_status, _UNCERTAIN)


def _abated(resource: fhir.Condition) -> date | None:
    """The last day on which it may have ended; an age or words say no day."""
    period = resource.abatement_period or fhir.Period()
    return latest(resource.abatement_date_time or period.end or period.start)


def _is(concept: fhir.Concept | None, codes: tuple[str, ...]) -> str | None:
    return next((coding.code for coding in (concept.coding if concept else ()) if coding.code in codes), None)


def _has(concepts: tuple[fhir.Concept, ...], code: str) -> bool:
    return any(_is(concept, (code,)) for concept in concepts)


def _same(one: Condition, other: Condition) -> bool:
    return bool(set(one.codes) & set(other.codes)) or (one.text is not None and one.text == other.text)
