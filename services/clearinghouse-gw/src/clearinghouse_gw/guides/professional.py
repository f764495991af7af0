"""What 005010X222A1 alone has: a place of service, related causes, and providers with their taxonomy on every level."""

from collections.abc import Iterable, Iterator

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import SubmittedLine
from claimstream_x12 import Dated, Party

from ..party_records import facility_record, line_rendering, provider_record, rendering_of
from .parts import ClaimParts, patient_paid, service_days


def claim_parts(event: ClaimSubmitted) -> ClaimParts:
    """Loop 2300 of a professional claim."""
    cause = event.facts.related_cause
    return ClaimParts(
        facility_code=event.place_of_service or "",
        dates=_dates(event),
        providers=tuple(_providers(event)),
        related_causes=(cause,) if cause else (),
        amounts=patient_paid(event),
    )


def line_dates(line: SubmittedLine, _event: ClaimSubmitted) -> tuple[Dated, ...]:
    """Every line has its day."""
    return service_days(line)


def line_providers(line: SubmittedLine, event: ClaimSubmitted) -> Iterator[Party]:
    """Who rendered it, and who ordered it."""
    rendering = line_rendering(line, event)
    if rendering is not None:
        yield provider_record("82", rendering, taxonomy=True)
    if event.providers.ordering is not None:
        yield provider_record("DK", event.providers.ordering)


def _dates(event: ClaimSubmitted) -> tuple[Dated, ...]:
    facts, stay = event.facts, event.stay
    named = (
        ("431", facts.onset_on),
        ("454", facts.initial_treatment_on),
        ("304", facts.last_seen_on),
        ("439", facts.accident_on if facts.related_cause else None),
        ("435", stay.admitted_on if stay else None),
    )
    return tuple(Dated(qualifier, day) for qualifier, day in named if day)


def _providers(event: ClaimSubmitted) -> Iterable[Party]:
    """In the guide's order."""
    who, rendering = event.providers, rendering_of(event)
    if who.referring is not None:
        yield provider_record("DN", who.referring)
    if rendering is not None:
        yield provider_record("82", rendering, taxonomy=True)
    if event.facility is not None:
        yield facility_record(event.facility)
    if who.supervising is not None:
        yield provider_record("DQ", who.supervising)
