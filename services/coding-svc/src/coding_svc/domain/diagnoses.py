"""From what the EHR says of a visit to its diagnoses: given codes stand, sure texts are coded, the rest is for a person.

A visit is coded when the reason for it is: an unsure finding beside a sure reason is kept as uncoded and sends nobody to
the queue. A finding or a social circumstance alone never becomes the reason, because nobody said that it was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from claimstream_codesets import CodeSets
from claimstream_schemas.values.encounter import APART, Diagnosis, PoaIndicator, UncodedItem

from .contradictions import without_contradictions
from .outcome import CodeCheck, Proposal
from .visit import Condition, StatedCode, Visit
from .visit_reasons import VACCINATION, general_examination, is_check_up, is_follow_up, reason_of

_NOT_A_REASON = re.compile(r"\((?:finding|situation|person|procedure)\)\s*$", re.IGNORECASE)
_BIRTH = re.compile(r"\bchildbirth\b|\bdelivery of (?:a )?(?:baby|infant|fetus)\b", re.IGNORECASE)
_SUPERVISION = "Z34"
_SHOWN = 5


@dataclass
class Diagnosed:
    """The diagnoses of a visit, and what could not be coded."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    place_of: dict[str, int] = field(default_factory=dict)
    """From a condition's name to its 1-based place among the diagnoses."""
    uncoded: list[UncodedItem] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    checks: list[CodeCheck] = field(default_factory=list)
    by_encoder: bool = False

    @property
    def has_reason(self) -> bool:
        """Whether the visit can be billed: its first diagnosis is known."""
        return bool(self.diagnoses)


@dataclass(frozen=True)
class _Coded:
    condition: Condition
    code: str


def diagnose(visit: Visit, sets: CodeSets) -> Diagnosed:
    """The diagnoses of a visit, the reason for it first."""
    found = Diagnosed()
    kinds = [condition.text or "" for condition in visit.types]
    coded = _without_contradictions(_code_each(visit, sets, kinds, found), sets)
    for entry in _in_order(visit, coded, kinds):
        _add(found, visit, entry)
    if found.has_reason and any(service.is_vaccine for service in visit.services):
        _add(found, visit, _Coded(Condition(name=VACCINATION), VACCINATION))
    _add_admitting(found, visit, coded)
    found.by_encoder = any(not entry.condition.icd10 for entry in coded) or not coded
    return found


def _without_contradictions(coded: list[_Coded], sets: CodeSets) -> list[_Coded]:
    """What the encoder made of a text gives way where it contradicts another code; a code that the EHR gives stands."""
    made = {entry.code for entry in coded if not entry.condition.icd10}
    if not made:
        return coded
    left = without_contradictions([entry.code for entry in coded], made, sets.icd10cm.text)
    return [entry for entry in coded if entry.condition.icd10 or entry.code in left]


def _code_each(visit: Visit, sets: CodeSets, kinds: list[str], found: Diagnosed) -> list[_Coded]:
    episode = "subsequent" if is_follow_up(kinds) else "initial"
    coded: list[_Coded] = []
    for condition in visit.conditions:
        if condition.icd10:
            found.checks.append(_check(condition.icd10, visit.coded_on, sets))
            coded.append(_Coded(condition, condition.icd10))
            continue
        text = condition.text or ""
        sure = sets.icd10cm.propose(text, on=visit.coded_on, episode=episode)
        if sure is not None:
            coded.append(_Coded(condition, sure.code))
        else:
            _keep_uncoded(found, condition, sets, visit.coded_on, episode)
    return coded


def _in_order(visit: Visit, coded: list[_Coded], kinds: list[str]) -> list[_Coded]:
    """The reason first; nothing at all when no reason is known."""
    if _main_is_unsure(visit, coded):
        return []
    named = [entry for entry in coded if entry.condition.kind == "principal"]
    given = [
        entry
        for entry in coded
        if entry.condition.icd10 and entry.condition.kind not in ("admitting", "external_cause")
    ]
    said = [entry for entry in coded if entry.condition.is_reason]
    if not named and visit.kind.has_stay and any(each.question == "diagnosis" for each in visit.questions):
        return []
    reason = (named or said or given[:1])[:1] or _reason_by_kind(visit, coded, kinds)
    if not reason:
        reason = [entry for entry in coded if _may_be_reason(entry.condition)][:1]
    if not reason or _is_birth_called_supervision(visit, reason[0]):
        return []
    return [*reason, *(entry for entry in coded if entry not in reason)]


def _main_is_unsure(visit: Visit, coded: list[_Coded]) -> bool:
    """Whether the EHR says what the visit was for, and that is not coded: no other diagnosis is taken for it.

    A principal says it, else a reason; in a list without either it is the first that is more than a finding.
    """
    listed = [condition for condition in visit.conditions if condition.kind not in APART]
    told = [condition for condition in listed if condition.kind == "principal"] or [
        condition for condition in listed if condition.is_reason
    ]
    if not told and visit.format == "native":
        told = [condition for condition in listed if _may_be_reason(condition)][:1]
    made = {id(entry.condition) for entry in coded}
    return bool(told) and not any(id(condition) in made for condition in told)


def _is_birth_called_supervision(visit: Visit, reason: _Coded) -> bool:
    """A birth is no supervision of a pregnancy, whatever the reason's text says: a coder picks the code of the birth."""
    born = any(_BIRTH.search(service.text or "") for service in visit.services)
    return born and not reason.condition.icd10 and reason.code.startswith(_SUPERVISION)


def _reason_by_kind(visit: Visit, coded: list[_Coded], kinds: list[str]) -> list[_Coded]:
    """What the kind of visit says, when the EHR names no reason at all."""
    if any(condition.is_reason for condition in visit.conditions):
        return []
    vaccinated = any(service.is_vaccine for service in visit.services)
    code = reason_of(kinds, vaccinated=vaccinated)
    if code is None and is_check_up(kinds):
        abnormal = any(not entry.code.startswith("Z") and _may_be_reason(entry.condition) for entry in coded)
        code = general_examination(visit.patient.birth_date, visit.started_on, abnormal=abnormal)
    return [_Coded(Condition(name="visit"), code)] if code else []


def _may_be_reason(condition: Condition) -> bool:
    return condition.kind != "admitting" and not _NOT_A_REASON.search(condition.text or "")


def _add(found: Diagnosed, visit: Visit, entry: _Coded) -> None:
    condition, code = entry.condition, entry.code
    places = (n for n, other in enumerate(found.diagnoses, 1) if other.code == code and other.kind not in APART)
    place = next(places, None)
    if place is None or condition.kind in APART:
        kind = condition.kind or ("other" if found.diagnoses else "principal")
        poa = _poa(visit, condition, code)
        found.diagnoses.append(
            Diagnosis(code=code, kind=kind, present_on_admission=poa, is_uncertain=condition.is_uncertain)
        )
        place = len(found.diagnoses)
    if condition.name:
        found.place_of[condition.name] = place


def _add_admitting(found: Diagnosed, visit: Visit, coded: list[_Coded]) -> None:
    """The diagnosis at admission (UB-04 form locator 69) is what the EHR calls the reason for the stay, unless it gives one."""
    if visit.stay is None or visit.stay.admitted_on is None:
        return
    if any(entry.condition.kind == "admitting" for entry in coded):
        return
    reason = next((entry for entry in coded if entry.condition.is_reason), None)
    if found.has_reason and reason is not None:
        found.diagnoses.append(Diagnosis(code=reason.code, kind="admitting"))


def _poa(visit: Visit, condition: Condition, code: str) -> PoaIndicator | None:
    """Given, or told by the record: why a patient is admitted was there at admission, as was what began before it."""
    if not visit.kind.has_stay or condition.present_on_admission or code.startswith("Z"):
        return condition.present_on_admission
    if condition.icd10:
        return None
    if condition.is_reason:
        return "Y"
    if condition.since is None:
        return None
    return "Y" if condition.since <= visit.started_on else "N"


def _check(code: str, on: date, sets: CodeSets) -> CodeCheck:
    validity = sets.icd10cm.validity(code, on=on)
    return CodeCheck(code=code, code_set="icd10cm", standing=validity.standing.value, reason=validity.reason)


def also_told_as(codes: Sequence[StatedCode]) -> str:
    """The codes of an uncoded item beside the first one, which it bears."""
    return "".join(f"; also told as {code.system} {code.code}" for code in codes[1:])


def _keep_uncoded(found: Diagnosed, condition: Condition, sets: CodeSets, on: date, episode: str) -> None:
    first = condition.codes[0] if condition.codes else None
    found.uncoded.append(
        UncodedItem(
            kind="condition",
            system=first.system if first else None,
            code=first.code if first else None,
            reason=("no code is sure for its text" if condition.text else "neither code nor text")
            + also_told_as(condition.codes),
        )
    )
    found.proposals.extend(
        Proposal(
            text=condition.text or "",
            code=candidate.code,
            label=sets.icd10cm.text(candidate.code) or "",
            score=candidate.score,
            matched=candidate.matched,
            source=candidate.source,
        )
        for candidate in sets.icd10cm.search(condition.text or "", on=on, episode=episode, most=_SHOWN)
    )
