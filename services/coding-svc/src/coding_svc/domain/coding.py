"""One visit, coded: diagnoses, charges, who pays, who did it and where; or what a person must settle first."""

from uuid import UUID

from claimstream_codesets import CodeSets
from claimstream_schemas.values.encounter import ClaimKind, Coverage
from claimstream_schemas.values.people import Subscriber
from claimstream_schemas.values.practice import Practice

from .charges import Charged, charge
from .diagnoses import Diagnosed, diagnose
from .outcome import Asked, Outcome
from .places import facility_of, providers_of
from .visit import Visit

PHARMACY = "pharmacy claims are NCPDP: kept, not billed here"


def code_visit(visit: Visit, practice: Practice, sets: CodeSets, encounter: UUID) -> Outcome:
    """Code a visit as far as it can be done with confidence."""
    if visit.setting == "pharmacy":
        return Outcome(state="not_billable", notes=(PHARMACY,))
    diagnosed = diagnose(visit, sets)
    charged = charge(visit, practice, diagnosed, sets, encounter)
    coverages, subscribers, unknown = _coverages(visit, practice)
    asked = _questions(visit, diagnosed, charged, unknown)
    facility, place = facility_of(visit, practice)
    return Outcome(
        state="awaiting_coder" if asked else "coded",
        asked=asked,
        proposals=tuple(diagnosed.proposals),
        checks=(*diagnosed.checks, *charged.checks),
        notes=_notes(visit, practice),
        kind=_kind(visit),
        place_of_service=place if visit.setting == "professional" else None,
        facility=facility,
        providers=providers_of(visit.clinicians, practice),
        coverages=coverages,
        subscribers=subscribers,
        diagnoses=tuple(diagnosed.diagnoses),
        lines=tuple(charged.lines),
        stay=visit.stay,
        facts=visit.facts,
        uncoded=(*diagnosed.uncoded, *charged.uncoded),
        code_sets=sets.versions(visit.started_on),
        coded_by="encoder" if diagnosed.by_encoder else "ehr",
    )


def _kind(visit: Visit) -> ClaimKind:
    return "institutional" if visit.setting == "institutional" else "professional"


def _coverages(visit: Visit, practice: Practice) -> tuple[tuple[Coverage, ...], tuple[Subscriber, ...], list[str]]:
    """The coverages that are active on the day, in the order given; and names that no payer of the practice has."""
    coverages: list[Coverage] = []
    subscribers: list[Subscriber] = []
    unknown: list[str] = []
    for stated in visit.coverages:
        if not stated.is_active(visit.started_on):
            continue
        payer = next((found for name in stated.payers if (found := practice.payer_known_as(name))), None)
        if payer is None:
            unknown.append(stated.payers[0] if stated.payers else "a coverage without a payer")
            continue
        period = {"period_start": stated.period_start, "period_end": stated.period_end}
        coverages.append(Coverage(payer_id=payer.id, **period))
        subscribers.append(stated.subscriber)
    return tuple(coverages), tuple(subscribers), unknown


def _questions(visit: Visit, diagnosed: Diagnosed, charged: Charged, unknown: list[str]) -> tuple[Asked, ...]:
    asked = []
    if not diagnosed.has_reason:
        detail = (
            "no reason for the visit is coded with confidence"
            if visit.conditions
            else "no reason for the visit is given"
        )
        asked.append(Asked(question="diagnosis", detail=detail))
    if charged.visit_unmapped:
        asked.append(Asked(question="service", detail="the visit's own kind is not in the charge master"))
    elif not charged.lines:
        asked.append(Asked(question="service", detail="nothing that was done can be charged"))
    asked += [Asked(question="payer", detail=f"no payer of the practice is known as {name}") for name in unknown]
    return tuple(asked)


def _notes(visit: Visit, practice: Practice) -> tuple[str, ...]:
    known = {location.id for location in practice.locations}
    missing = [name for name in visit.location_ids if name not in known]
    return (
        (f"location {missing[0]} is not in the practice's list",)
        if missing and len(missing) == len(visit.location_ids)
        else ()
    )
