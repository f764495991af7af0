"""The coverages of a patient as a bundle tells them: each is read, asked or told of; none is passed over, and no subscriber is made up.

They stand in the bundle, in the encounter, or in the account that the encounter names, which also gives their order. What Claim and
ExplanationOfBenefit contain is not read, as they are not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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


def coverages_of(bundle: Bundle, person: Entry) -> list[Entry]:
    """Every coverage whose beneficiary is that patient, wherever in the bundle it stands."""
    return [entry for entry in _everywhere(bundle) if _is_of(bundle, entry, person)]


def of_nobody(bundle: Bundle) -> Iterator[str]:
    """Notes of coverages whose beneficiary is not there."""
    for entry in _everywhere(bundle):
        coverage = bundle.read(entry, fhir.Coverage)
        if bundle.find(coverage.beneficiary, entry) is None and not (entry.container and coverage.beneficiary is None):
            yield f"{entry.label}: its beneficiary is not in the bundle, it is nobody's coverage here"


def billed_to(bundle: Bundle, entry: Entry, encounter: fhir.Encounter) -> tuple[dict[str, int | None], list[Asked]]:
    """The coverages of the encounter's accounts by their places, with their priorities; one that is not there is asked."""
    priorities: dict[str, int | None] = {}
    asked = []
    for reference in encounter.account:
        account = bundle.find(reference, entry)
        if account is None or account.type != "Account":
            continue
        for each in bundle.read(account, fhir.Account).coverage:
            found = bundle.find(each.coverage, account)
            if found is not None and found.type == "Coverage":
                priorities[found.place] = each.priority
            else:
                label = (each.coverage.reference if each.coverage else None) or "a coverage"
                detail = f"{account.label} is covered by {label}, which is not in the bundle: who pays?"
                asked.append(Asked(question="coverage", detail=detail, about=label))
    return priorities, asked


def read_coverage(bundle: Bundle, entry: Entry, person: Entry, patient: Patient, days: Days) -> ReadCoverage:
    """One coverage of a patient, with its days as those of the place.

    Raises:
        MalformedBundle: the member id is not one that a claim can carry (NM109).
    """
    coverage = bundle.read(entry, fhir.Coverage)
    period = coverage.period or fhir.Period()
    start, end = earliest(period.start, days.zone), latest(period.end, days.zone)
    status = (coverage.status or "").strip().lower()
    member = _member_id(entry, coverage)
    if status in _NOT_HELD:
        return ReadCoverage(entry, start, end, note=f"{entry.label} is {status}: it is not billed")
    if member is None and _pays_itself(bundle, entry, coverage):
        return ReadCoverage(entry, start, end, note=f"{entry.label} names no payer: the patient pays")
    if member is None:
        wanted = "a coverage without a member id (subscriberId, or an identifier of the type MB)."
        return ReadCoverage(entry, start, end, wanted=wanted)
    if start and end and end < start:
        return ReadCoverage(entry, start, end, wanted=f"its period ends before it begins ({start} to {end}).")
    relationship = relationship_of(coverage)
    holder, wanted_of = holder_of(bundle, entry, coverage, person, patient, days.first)
    if holder is None:
        return ReadCoverage(entry, start, end, wanted=wanted_of)
    subscriber = Subscriber(
        **{name: value for name, value in dict(holder).items() if name in ("name", "birth_date", "sex", "address")},
        member_id=member,
        relationship=relationship or OWN,
        **_group(coverage),
    )
    payers = tuple(_payer_names(bundle, entry, coverage))
    stated = StatedCoverage(
        payers=payers, subscriber=subscriber, period_start=start, period_end=end, order=coverage.order
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


def _is_of(bundle: Bundle, entry: Entry, person: Entry) -> bool:
    """Contained without a beneficiary, it is of the patient whom its container is about."""
    reference = bundle.read(entry, fhir.Coverage).beneficiary
    holder = entry.container
    if reference is None and holder is not None:
        if holder.type == "Patient":
            return holder.place == person.place
        subject = holder.resource.get("subject")
        subjects = subject if isinstance(subject, list) else [subject]
        found = [
            bundle.find(fhir.Reference.model_validate(each), holder) for each in subjects if isinstance(each, dict)
        ]
        return any(each and each.place == person.place for each in found) or (
            holder.type == "Account" and not any(found)
        )
    found_one = bundle.find(reference, entry)
    return found_one is not None and found_one.place == person.place


def _member_id(entry: Entry, coverage: fhir.Coverage) -> str | None:
    """The subscriber's id, else the member number among the identifiers (US Core)."""
    member, place = coverage.subscriber_id, "subscriberId"
    if not member:
        place = "identifier"
        numbers = (each.value for each in coverage.identifier if each.type and each.type.has("MB"))
        member = next((number for number in numbers if number), None)
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
