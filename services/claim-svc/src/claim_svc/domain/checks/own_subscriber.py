"""A dependent is somebody else than the subscriber, and a person has one number with a payer."""

from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.practice import MEDICARE

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_SELF = "18"


def dependent(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Each subscriber who is the patient under another relationship."""
    patient = content.patient
    for number, holder in enumerate(content.subscribers, start=1):
        if holder.relationship == _SELF or holder.birth_date != patient.birth_date:
            continue
        if _called(holder.name.last, holder.name.first) == _called(patient.name.last, patient.name.first):
            message = f"the patient is said to be a dependent ({holder.relationship}) of the same person"
            yield rule.finding(message, f"subscribers/{number}/relationship")


def medicare_once(rule: Rule, content: ClaimContent, _around: Surroundings) -> Iterator[RuleFinding]:
    """Original Medicare under two numbers."""
    if len(content.coverages) == 1:
        return
    first = None
    for number, (payer, holder) in enumerate(zip(content.payers, content.subscribers, strict=False), start=1):
        if payer.claim_filing_indicator not in MEDICARE:
            continue
        first = first or holder.member_id
        if holder.member_id != first:
            yield rule.finding("the patient has Medicare twice, under two numbers", f"subscribers/{number}/member_id")


def _called(last: str, first: str | None) -> tuple[str, str]:
    return last.casefold().strip(), (first or "").casefold().strip()
