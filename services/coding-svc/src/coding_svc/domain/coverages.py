"""Who pays: one plan is one coverage, whoever is active on the days of the visit pays, and what contradicts itself is asked.

The order is the EHR's. It is asked where the law contradicts it: Medicaid pays last (42 CFR 433.139), and a group plan goes before the
Medicare of a person under 65 unless its size or a Medicare supplement says otherwise (42 CFR 411.20 to 411.206).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from claimstream_schemas.values.encounter import Coverage
from claimstream_schemas.values.people import Subscriber
from claimstream_schemas.values.practice import Payer, Practice

from .answers import Answers
from .asking import Asked
from .visit import StatedCoverage, Visit

MEDICARE = frozenset({"MA", "MB"})
MEDICAID = frozenset({"MC"})
_OTHER_PUBLIC = frozenset({"16", "CH", "VA", "WC", "AM", "LM", "OF", "TV", "FI", "ZZ"})
_SUPPLEMENTS = frozenset({"MG", "MI", "SP"})
"""X12 1336: Medigap A, Medigap B, supplemental policy."""
_AGED = 65
_WORKING_AGED = "12"
_SECONDARY = frozenset({"12", "13", "14", "15", "16", "41", "42", "43", "47"})
_NEWBORN_DAYS = 28
_OWN = "18"
_NOT_OF_AN_ID = str.maketrans("", "", " -.")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Plan:
    """One plan of the patient: spans of one payer and member id that touch or overlap are one."""

    payer: Payer
    stated: StatedCoverage
    """The newest of its spans that holds on the day of service."""
    start: date | None
    end: date | None

    @property
    def filing_code(self) -> str:
        """What kind of plan it is (SBR09)."""
        return self.stated.filing_code or self.payer.claim_filing_indicator

    def covers(self, first: date, last: date) -> bool:
        """Whether it covers each of these days."""
        return (self.start is None or self.start <= first) and (self.end is None or last <= self.end)

    def touches(self, first: date, last: date) -> bool:
        """Whether it covers some of these days."""
        return (self.start is None or self.start <= last) and (self.end is None or first <= self.end)


@dataclass(frozen=True)
class Covered:
    """The coverages in the order of billing, and what must be asked first."""

    coverages: tuple[Coverage, ...]
    subscribers: tuple[Subscriber, ...]
    asked: tuple[Asked, ...]


def covered(visit: Visit, practice: Practice, answers: Answers) -> Covered:
    """Who pays for the visit."""
    first, last = visit.started_on, visit.through
    named = [(stated, _payer_of(stated, practice)) for stated in visit.coverages]
    plans = _newer([plan for plan in _plans(named, first) if plan.touches(first, last)], first)
    asked = [*_unknown_payers(named, first, last), *_questions(plans, visit)]
    plans = answers.in_order(plans, key=lambda plan: plan.payer.id)
    return Covered(
        tuple(_coverage(plan, answers, is_first=place == 0) for place, plan in enumerate(plans)),
        tuple(plan.stated.subscriber for plan in plans),
        tuple(asked),
    )


def _payer_of(stated: StatedCoverage, practice: Practice) -> Payer | None:
    return next((found for name in stated.payers if (found := practice.payer_known_as(name))), None)


def _unknown_payers(named: Iterable[tuple[StatedCoverage, Payer | None]], first: date, last: date) -> Iterator[Asked]:
    for stated, payer in named:
        is_active = (stated.period_start is None or stated.period_start <= last) and (
            stated.period_end is None or first <= stated.period_end
        )
        if payer is None and is_active:
            name = stated.payers[0] if stated.payers else "a coverage without a payer"
            yield Asked(question="payer", detail=f"no payer of the practice is known as {name}", about=name)


def _plans(named: Iterable[tuple[StatedCoverage, Payer | None]], on: date) -> list[Plan]:
    """The plans in the order in which their first span is listed."""
    spans: dict[tuple[str, str], list[Plan]] = {}
    for stated, payer in named:
        if payer is not None:
            member = stated.subscriber.member_id.translate(_NOT_OF_AN_ID).upper()
            spans.setdefault((payer.id, member), []).append(Plan(payer, stated, stated.period_start, stated.period_end))
    return [plan for of_one in spans.values() for plan in _joined(of_one, on)]


def _joined(spans: list[Plan], on: date) -> list[Plan]:
    joined: list[Plan] = []
    for span in sorted(spans, key=lambda span: span.start or date.min):
        before = joined[-1] if joined else None
        if before is None or not _meet(before, span):
            joined.append(span)
            continue
        holds = span.start is None or span.start <= on
        ends = [plan.end for plan in (before, span)]
        joined[-1] = replace(
            before,
            stated=span.stated if holds else before.stated,
            end=None if None in ends else max(end for end in ends if end is not None),
        )
    return joined


def _newer(plans: list[Plan], on: date) -> list[Plan]:
    """On the day of a renewal the newer plan of a payer holds, also under a new member id."""
    renewed = {plan.payer.id for plan in plans if plan.start == on}
    return [plan for plan in plans if not (plan.end == on and plan.start != on and plan.payer.id in renewed)]


def _meet(before: Plan, after: Plan) -> bool:
    """Whether they overlap, or one begins on the day after the other ends."""
    return before.end is None or after.start is None or after.start - _ONE_DAY <= before.end


def _questions(plans: Sequence[Plan], visit: Visit) -> Iterator[Asked]:
    first, last = visit.started_on, visit.through
    for plan in plans:
        if not plan.covers(first, last):
            yield _coverage_asked(f"{plan.payer.id} covers only some of the days {first} to {last}", plan)
    yield from _newborn_questions(plans, visit)
    yield from _secondary_payer_questions(plans, visit)
    if len(plans) > 1:
        yield from _order_questions(plans, visit)


def _newborn_questions(plans: Sequence[Plan], visit: Visit) -> Iterator[Asked]:
    """A newborn waits for its own member id, or goes under its mother's where the payer takes that."""
    if (visit.started_on - visit.patient.birth_date).days > _NEWBORN_DAYS:
        return
    if not visit.coverages:
        yield Asked(question="newborn", detail="a newborn without a coverage: wait for its own, or it is self-pay")
    for plan in plans:
        if plan.stated.subscriber.relationship != _OWN and plan.payer.newborns == "own_id":
            detail = f"a newborn under another's member id: {plan.payer.id} wants its own"
            yield Asked(question="newborn", detail=detail, about=plan.payer.id)


def _order_questions(plans: Sequence[Plan], visit: Visit) -> Iterator[Asked]:
    orders = [plan.stated.order for plan in plans]
    told = [order for order in orders if order is not None]
    if len(set(told)) < len(told):
        yield _coverage_asked("two coverages have the same place in the order of billing", plans[0])
    elif len(told) < len(orders) and visit.format == "fhir" and not _is_medicaid_last(plans):
        yield _coverage_asked("several coverages, and not each tells its place in the order of billing", plans[0])
    for before, after in pairwise(plans):
        if before.end is not None and before.end == after.start == visit.started_on:
            yield _coverage_asked(f"{before.payer.id} ends and {after.payer.id} begins on the day of service", after)
        if before.filing_code in MEDICAID and after.filing_code not in MEDICAID:
            order = sorted(plans, key=lambda plan: plan.filing_code in MEDICAID)
            proposal = ", then ".join(plan.payer.id for plan in order)
            detail = f"Medicaid pays last: {proposal}? Pay-and-chase, IHS and Title V are otherwise"
            yield _coverage_asked(detail, after)
            break
    yield from _medicare_questions(plans, visit)


def _secondary_payer_questions(plans: Sequence[Plan], visit: Visit) -> Iterator[Asked]:
    """What is said of why Medicare is secondary fits who pays before it, and the patient's age (CMS, MSP Manual 1 §10)."""
    medicare = [place for place, plan in enumerate(plans) if plan.filing_code in MEDICARE]
    if len(medicare) > 1:
        yield _coverage_asked(
            "original Medicare is there twice, under two member ids: which is the patient's?", plans[medicare[1]]
        )
    for place in medicare:
        said = plans[place].stated.insurance_type
        if said in _SECONDARY and place == 0:
            yield _coverage_asked(
                f"Medicare is said to be secondary ({said}), and no coverage is before it", plans[place]
            )
        elif said == _WORKING_AGED and visit.age() < _AGED:
            yield _coverage_asked(
                f"working aged ({said}) at {visit.age()}: by what is Medicare secondary?", plans[place]
            )


def _is_medicaid_last(plans: Sequence[Plan]) -> bool:
    """Two plans of which the last is Medicaid are in the only order there is."""
    return [plan.filing_code in MEDICAID for plan in plans] == [False, True]


def _medicare_questions(plans: Sequence[Plan], visit: Visit) -> Iterator[Asked]:
    """Under 65, Medicare is by disability or kidney disease: a group plan behind it may have to go first."""
    if visit.age() >= _AGED or plans[0].filing_code not in MEDICARE:
        return
    for plan in plans[1:]:
        group = plan.filing_code not in MEDICARE | MEDICAID | _OTHER_PUBLIC
        if group and plan.stated.insurance_type not in _SUPPLEMENTS:
            detail = f"the patient is {visit.age()}: is {plan.payer.id} a group plan that pays before Medicare (MSP questionnaire)?"
            yield _coverage_asked(detail, plan)


def _coverage_asked(detail: str, plan: Plan) -> Asked:
    return Asked(question="coverage", detail=detail, about=plan.payer.id)


def _coverage(plan: Plan, answers: Answers, *, is_first: bool) -> Coverage:
    answered = answers.insurance_type if plan.filing_code in MEDICARE and not is_first else None
    return Coverage(
        payer_id=plan.payer.id,
        period_start=plan.start,
        period_end=plan.end,
        insurance_type=answered or plan.stated.insurance_type,
        filing_code=plan.stated.filing_code,
    )
