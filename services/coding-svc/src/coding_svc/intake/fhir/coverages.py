"""The coverages of a patient as a bundle tells them: each is read, asked or told of; none is passed over, and no subscriber is made up.

They stand in the bundle, in the encounter, or in the account that the encounter names, which also gives their order. What Claim and
ExplanationOfBenefit contain is not read, as they are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from claimstream_schemas.values.people import Patient, Subscriber

from ...domain.asking import Asked
from ...domain.visit import StatedCoverage
from . import elements as fhir
from .bundle import Bundle, Entry, MalformedBundle
from .lifetimes import Days
from .moments import earliest, latest
from .subscribers import OWN, holder_of, relationship_of

_MEMBER_ID = range(2, 81)
"""Characters of NM109."""

_MEMBER_NUMBER = {"mb", "member number", "member id"}
_NOT_HELD = ("cancelled", "entered-in-error", "draft")
_OUTCOMES = ("Claim", "ExplanationOfBenefit")
_LAST = 99


@dataclass(frozen=True)
class ReadCoverage:
    """What became of one coverage: it is stated, or asked, or told of."""

    entry: Entry
    start: date | None
    end: date | None
    stated: StatedCoverage | None = None
    wanted: str | None = None
    note: str | None = None

    def touches(self, first: date, last: date) -> bool:
        """Whether it covers some of these days, or nobody knows which."""
        if self.start and self.end and self.end < self.start:
            return True
        return (self.start is None or self.start <= last) and (self.end is None or first <= self.end)

    @property
    def asked(self) -> Asked | None:
        """What a person has to settle of it."""
        if self.wanted is None:
            return None
        detail = f"{self.entry.label}: {self.wanted} Tell it in a new version, or let it go: then it is not billed"
        return Asked(question="coverage", detail=detail, about=self.entry.label)


@dataclass(frozen=True)
class Billed:
    """The coverages that an encounter's accounts name: their priorities by place, those that name no beneficiary, and what is asked."""

    priorities: dict[str, int | None] = field(default_factory=dict)
    adopted: list[Entry] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


def coverages_of(bundle: Bundle, person: Entry) -> list[Entry]:
    """Every coverage whose beneficiary is that patient, wherever in the bundle it stands."""
    return [entry for entry in _everywhere(bundle) if _is_at(_beneficiary(bundle, entry), person)]


def of_nobody(bundle: Bundle) -> Iterator[str]:
    """Notes of coverages whose beneficiary is not there."""
    for entry in _everywhere(bundle):
        if _beneficiary(bundle, entry) is None:
            yield f"{entry.label}: its beneficiary is not in the bundle, it is nobody's coverage but by an account"


def billed_to(bundle: Bundle, entry: Entry, encounter: fhir.Encounter, person: Entry) -> Billed:
    """What the encounter's accounts say of who pays; a coverage that is not there, or is another's, is asked."""
    billed = Billed()
    for reference in encounter.account:
        account = bundle.find(reference, entry)
        if account is not None and account.type == "Account":
            for each in bundle.read(account, fhir.Account).coverage:
                _bill(bundle, account, each, person, billed)
    return billed


def _bill(bundle: Bundle, account: Entry, each: fhir.AccountCoverage, person: Entry, billed: Billed) -> None:
    found = bundle.find(each.coverage, account)
    label = (each.coverage.reference if each.coverage else None) or "a coverage"
    if found is None or found.type != "Coverage":
        detail = f"{account.label} is covered by {label}, which is not in the bundle: who pays?"
        billed.asked.append(Asked(question="coverage", detail=detail, about=label))
        return
    billed.priorities[found.place] = each.priority
    beneficiary = _beneficiary(bundle, found)
    if beneficiary is None:
        billed.adopted.append(found)
    elif beneficiary.place != person.place:
        detail = f"{account.label} is covered by {label}, whose beneficiary is another patient: who pays?"
        billed.asked.append(Asked(question="coverage", detail=detail, about=label))


def read_coverage(bundle: Bundle, entry: Entry, person: Entry, patient: Patient, days: Days) -> ReadCoverage:
    """One coverage of a patient, with its days as those of the place.

    Raises:
        MalformedBundle: the member id is not one that a claim can carry (NM109).
    """
    coverage = bundle.read(entry, fhir.Coverage)
    period = coverage.period or fhir.Period()
    start, end = earliest(period.start, days.zone), latest(period.end, days.zone)
    status = (coverage.status or "").strip().lower()
    if status in _NOT_HELD:
        return ReadCoverage(entry, start, end, note=f"{entry.label} is {status}: it is not billed")
    member = _member_id(entry, coverage)
    if member is None and _pays_itself(bundle, entry, coverage):
        return ReadCoverage(entry, start, end, note=f"{entry.label} names no payer: the patient pays")
    if member is None:
        wanted = "a coverage without a member id (subscriberId, or an identifier of the type MB)."
        return ReadCoverage(entry, start, end, wanted=wanted)
    if start and end and end < start:
        return ReadCoverage(entry, start, end, wanted=f"its period ends before it begins ({start} to {end}).")
    holder, wanted_of = holder_of(bundle, entry, coverage, person, patient, days.first)
    if holder is None:
        return ReadCoverage(entry, start, end, wanted=wanted_of)
    stated = StatedCoverage(
        payers=tuple(_payer_names(bundle, entry, coverage)),
        subscriber=Subscriber(
            **dict(holder), member_id=member, relationship=relationship_of(coverage) or OWN, **_group(coverage)
        ),
        period_start=start,
        period_end=end,
        order=coverage.order,
    )
    return ReadCoverage(entry, start, end, stated=stated)


def in_order(read: Iterable[ReadCoverage], priorities: dict[str, int | None]) -> tuple[StatedCoverage, ...]:
    """What is stated, in the order of billing: the account's, else the coverages' own."""
    stated = []
    for each in read:
        if each.stated is not None:
            priority = priorities.get(each.entry.place)
            stated.append(each.stated.model_copy(update={"order": priority}) if priority else each.stated)
    return tuple(sorted(stated, key=lambda coverage: coverage.order or _LAST))


def _everywhere(bundle: Bundle) -> Iterator[Entry]:
    yield from (entry for entry in bundle.entries if entry.type == "Coverage")
    yield from bundle.contained("Coverage", but_in=_OUTCOMES)


def _beneficiary(bundle: Bundle, entry: Entry) -> Entry | None:
    """Who is covered. Contained and without a beneficiary, it is of the patient whom its container is about."""
    reference, holder = bundle.read(entry, fhir.Coverage).beneficiary, entry.container
    if reference is not None or holder is None:
        return bundle.find(reference, entry)
    if holder.type == "Patient":
        return holder
    subject = holder.resource.get("subject")
    subjects = subject if isinstance(subject, list) else [subject]
    told = (each.get("reference") for each in subjects if isinstance(each, dict))
    found = (bundle.find(fhir.Reference(reference=each), holder) for each in told if isinstance(each, str))
    return next((each for each in found if each is not None and each.type == "Patient"), None)


def _is_at(found: Entry | None, person: Entry) -> bool:
    return found is not None and found.place == person.place


def _member_id(entry: Entry, coverage: fhir.Coverage) -> str | None:
    """The subscriber's id, else the member number among the identifiers (US Core)."""
    member, place = (coverage.subscriber_id or "").strip(), "subscriberId"
    if not member:
        numbers = (each.value for each in coverage.identifier if each.type and _MEMBER_NUMBER & set(each.type.words))
        member, place = next((number.strip() for number in numbers if number), ""), "identifier"
    if member and len(member) not in _MEMBER_ID:
        problem = f"a member id has {_MEMBER_ID[0]} to {_MEMBER_ID[-1]} characters"
        raise MalformedBundle([{"place": f"{entry.place}/{place}", "problem": problem}])
    return member or None


def _pays_itself(bundle: Bundle, entry: Entry, coverage: fhir.Coverage) -> bool:
    """Whether the payer is a person: that is how FHIR tells of a self-pay agreement."""
    found = [bundle.find(payor, entry) for payor in coverage.payor]
    return bool(found) and all(each is not None and each.type in ("Patient", "RelatedPerson") for each in found)


def _group(coverage: fhir.Coverage) -> dict[str, str | None]:
    group = next((each for each in coverage.class_ if each.type and each.type.has("group")), None)
    return {
        "group_number": group.value[:50] if group and group.value else None,
        "group_name": group.name[:60] if group and group.name else None,
    }


def _payer_names(bundle: Bundle, entry: Entry, coverage: fhir.Coverage) -> Iterator[str]:
    for payor in coverage.payor:
        organization = bundle.find_as(fhir.Organization, payor, entry)
        if organization:
            yield from (identifier.value for identifier in organization.identifier if identifier.value)
            yield from (name for name in (organization.name, *organization.alias) if name)
        if payor.identifier and payor.identifier.value:
            yield payor.identifier.value
        if payor.display:
            yield payor.display
