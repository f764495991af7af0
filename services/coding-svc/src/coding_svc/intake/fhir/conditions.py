"""The conditions of an encounter: those that it names as its diagnoses or reasons, and those recorded at it.

What is not current, not certain or not of this visit is shown to the coder and not coded: ICD-10-CM guidelines IV.H (an outpatient's
uncertain diagnosis), IV.J (conditions that no longer exist) and II.H (an uncertain diagnosis at discharge is coded).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from claimstream_schemas.values.encounter import DiagnosisKind

from ...domain.asking import Asked, Question
from ...domain.visit import Condition, ShownCondition
from . import elements as fhir
from .bundle import Bundle, Entry
from .certainty import (
    AT_ADMISSION,
    BILLING,
    CHIEF_COMPLAINT,
    DISCHARGE,
    PRINCIPAL,
    UNSAID,
    certainties_of,
    uses_of,
)
from .code_systems import codes_of, icd10cm_codes_of, icd10cm_of, nameless_icd10cm_of
from .lifetimes import Days, began_later, ended_before, may_be_over
from .moments import latest

_FIRST_USES = frozenset({DISCHARGE, BILLING})
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
        return bool(self.uses & _FIRST_USES) or self.rank == 1

    @property
    def order(self) -> tuple[bool, int, bool]:
        """Diagnoses at discharge first, then by rank, then the reasons."""
        return (not self.uses & _FIRST_USES, self.rank, not self.is_reason)


def read_conditions(  # noqa: PLR0913  the encounter with what belongs to it
    bundle: Bundle,
    entry: Entry,
    encounter: fhir.Encounter,
    recorded: list[tuple[Entry, fhir.Condition]],
    others: list[tuple[Entry, fhir.Condition]],
    *,
    days: Days,
    is_inpatient: bool,
) -> Read:
    """The conditions of one encounter; ``others`` are the patient's that name no encounter."""
    read = Read()
    named = _named(bundle, entry, encounter, read)
    at_visit = [Named(place, resource) for place, resource in recorded if place.place not in named]
    kept = []
    for each in sorted((*named.values(), *at_visit), key=lambda each: each.order):
        verdict = _judge(each, days, is_inpatient=is_inpatient)
        if verdict.why is None:
            kept.append(each)
        elif verdict.why:
            read.shown += _shown(each.resource, verdict.why)
        read.questions += verdict.asked(each.entry.label)
    for concept in encounter.reason_code:
        read.questions += _several(concept).asked(entry.label)
    _ask_for_the_reason(encounter, list(named.values()), kept, read)
    if is_inpatient:
        _ask_for_the_principal(encounter, list(named.values()), kept, entry, read)
    for place, resource in others:
        if place.place not in named and not _never_was(resource):
            read.shown += _shown(resource, "of the problem list: this encounter does not name it")
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
        uses = _uses(diagnosis, found, read)
        rank = diagnosis.rank or (1 if PRINCIPAL in uses else _LAST)
        before = named.get(found.place)
        named[found.place] = Named(
            found,
            bundle.read(found, fhir.Condition),
            (uses | {DISCHARGE} if PRINCIPAL in uses else uses) | (before.uses if before else frozenset()),
            min(rank, before.rank if before else _LAST),
            is_reason=CHIEF_COMPLAINT in uses or (before is not None and before.is_reason),
            is_named=True,
        )
    for reference in encounter.reason_reference:
        found = bundle.find(reference, entry)
        if found is None or found.type != "Condition":
            continue
        before = named.get(found.place)
        resource = bundle.read(found, fhir.Condition)
        uses = before.uses if before else frozenset({UNSAID})
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


def _uses(diagnosis: fhir.EncounterDiagnosis, found: Entry, read: Read) -> frozenset[str]:
    """The parts that the encounter gives a condition; words that are not understood are asked and give none."""
    uses = uses_of(diagnosis.use)
    if uses is not None:
        return uses
    said = (diagnosis.use.said or ", ".join(diagnosis.use.words)) if diagnosis.use else ""
    detail = f"the encounter's use of {found.label}, «{said}», is not understood: principal, secondary, admission, discharge or billing?"
    read.questions.append(Asked(question="record", detail=detail, about=found.label))
    return frozenset({UNSAID})


def _ask_for_the_principal(
    encounter: fhir.Encounter, named: list[Named], kept: list[Named], entry: Entry, read: Read
) -> None:
    """Of a stay that says of its diagnoses what they are, and of none that it is the first, no principal one is guessed.

    One at admission beside a reason of its own leaves the reason.
    """
    told = {use for each in named for use in each.uses} - {UNSAID}
    has_reason = bool(encounter.reason_code) or any(each.is_reason and each.uses != {AT_ADMISSION} for each in kept)
    if not told or any(each.leads for each in kept) or (told == {AT_ADMISSION} and has_reason):
        return
    detail = "the stay names no principal diagnosis (the use DD or billing, or rank 1): a chief complaint is none"
    read.questions.append(Asked(question="diagnosis", detail=detail, about=entry.label))


@dataclass(frozen=True)
class _Verdict:
    """Why a condition is not coded (None: it is; empty: it does not exist at all), and what is asked of it."""

    why: str | None = None
    detail: str | None = None
    question: Question = "record"

    def asked(self, about: str) -> list[Asked]:
        return [Asked(question=self.question, detail=f"{about}: {self.detail}", about=about)] if self.detail else []


def _judge(each: Named, days: Days, *, is_inpatient: bool) -> _Verdict:
    """Whether a condition is coded."""
    resource = each.resource
    certainty = certainties_of(resource.verification_status)
    if certainty == {"never"} or resource.code is None:
        return _Verdict("")
    if each.entry.is_modified:
        return _Verdict(
            "it carries a modifier that is not known here",
            "it carries a modifier that is not known here: it may mean something else",
        )
    if not each.is_named and _has(resource.category, _PROBLEM_LIST):
        return _Verdict("of the problem list: this encounter does not name it")
    if certainty is None:
        said = resource.verification_status.said if resource.verification_status else None
        why = f"its verification status is not understood ({said or 'a code'})"
        return _Verdict(why, f"{why}: confirmed, uncertain or refuted?")
    if certainty == {"uncertain"} and not is_inpatient:
        return _Verdict(f"{_said(resource)}: an outpatient's uncertain diagnosis is not coded (guideline IV.H)")
    return _out_of_its_time(resource, days) or _several(resource.code)


def _out_of_its_time(resource: fhir.Condition, days: Days) -> _Verdict | None:
    if begun := began_later(resource, days):
        return _Verdict(f"it began on {begun} or later, after the visit")
    if ended := ended_before(resource, days):
        return _Verdict(f"it was over on {ended} (guideline IV.J)")
    if ending := may_be_over(resource, days):
        return _Verdict(f"it may be over: {ending}", f"{ending}: was it current at the visit?")
    return None


def _several(concept: fhir.Concept) -> _Verdict:
    """One concept with several codes of ICD-10-CM, or with one that names no system."""
    codes = icd10cm_codes_of(concept)
    if len(codes) > 1:
        why = f"it has several ICD-10-CM codes ({', '.join(codes)})"
        return _Verdict(why, f"{why}: which of them, or all?", "diagnosis")
    nameless = nameless_icd10cm_of(concept)
    return _Verdict(None, f"the code {nameless} names no system: is it ICD-10-CM?" if nameless else None)


def _said(resource: fhir.Condition) -> str:
    status = resource.verification_status or fhir.Concept()
    return next((coding.code for coding in status.coding if coding.code), None) or status.text or "uncertain"


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
        if AT_ADMISSION in each.uses and each.resource.code:
            yield condition_of(each.resource.code, kind="admitting")


def _diagnoses(kept: list[Named]) -> list[Named]:
    """What is a diagnosis of the visit itself: one at admission alone is not."""
    return [each for each in kept if each.uses != {AT_ADMISSION}]


def _with_its_part(each: Named, *, is_first: bool, is_inpatient: bool) -> Condition:
    resource = each.resource
    return condition_of(
        resource.code or fhir.Concept(),
        name=each.entry.label,
        since=latest(resource.onset_date_time),
        is_reason=each.is_reason,
        kind="principal" if is_first and each.leads else None,
        is_uncertain=is_inpatient and certainties_of(resource.verification_status) == {"uncertain"},
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


def _shown(resource: fhir.Condition, why: str) -> list[ShownCondition]:
    """A condition for the coder to see, each of its codes."""
    concept = resource.code or fhir.Concept()
    codes = icd10cm_codes_of(concept) or (None,)
    return [ShownCondition(code=code, text=concept.said, why=why) for code in codes]


def _never_was(resource: fhir.Condition) -> bool:
    return certainties_of(resource.verification_status) == {"never"}


def _has(concepts: tuple[fhir.Concept, ...], code: str) -> bool:
    return any(concept.has(code) for concept in concepts)


def _same(one: Condition, other: Condition) -> bool:
    return bool(set(one.codes) & set(other.codes)) or (one.text is not None and one.text == other.text)
