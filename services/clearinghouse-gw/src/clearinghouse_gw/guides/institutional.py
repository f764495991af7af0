"""What 005010X223A2 alone has: a type of bill, the stay, diagnoses in places of their own, and value codes."""

from collections.abc import Iterable, Iterator
from datetime import time

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import SubmittedLine
from claimstream_schemas.values.encounter import Stay
from claimstream_schemas.values.money import ZERO
from claimstream_schemas.values.revenue_codes import is_room, is_room_and_board
from claimstream_x12 import Dated, Party
from claimstream_x12.claim_837 import Diagnosis, InstitutionalCode, InstitutionalInformation

from ..party_records import facility_record, line_rendering, provider_record, rendering_of
from .parts import ClaimParts, patient_paid, service_days

_UNKNOWN_ADMISSION_TYPE = "9"
_PATIENT_PAID, _COVERED_DAYS, _NONCOVERED_DAYS = "FC", "80", "81"


def claim_parts(event: ClaimSubmitted) -> ClaimParts:
    """Loop 2300 of an institutional claim."""
    stay = event.stay
    return ClaimParts(
        facility_code=(stay.facility_and_care if stay else event.place_of_service) or "",
        dates=_dates(event, stay),
        providers=tuple(_providers(event)),
        condition_codes=stay.condition_codes if stay else (),
        institutional=_institutional(event, stay),
    )


def line_dates(line: SubmittedLine, event: ClaimSubmitted) -> tuple[Dated, ...]:
    """Days in a bed are those of the stay: a room has none of its own, whatever was done before admission (MCPM 3 §40.3)."""
    in_a_bed = event.stay is not None and event.stay.is_in_a_bed
    return () if in_a_bed and is_room_and_board(line.revenue_code) else service_days(line)


def line_providers(line: SubmittedLine, event: ClaimSubmitted) -> Iterator[Party]:
    """Who rendered it, where neither the claim's rendering provider nor, without one, its attending one did."""
    rendering = line_rendering(line, event)
    if rendering is not None and (event.providers.rendering or rendering.npi != _attending(event)):
        yield provider_record("82", rendering)


def _dates(event: ClaimSubmitted, stay: Stay | None) -> tuple[Dated, ...]:
    dates = []
    if stay is not None and stay.discharged_hour is not None:
        dates.append(Dated("096", at=time(stay.discharged_hour)))
    dates.append(Dated("434", event.statement_from, event.statement_to))
    if stay is not None and stay.admitted_on is not None:
        hour = None if stay.admitted_hour is None else time(stay.admitted_hour)
        dates.append(Dated("435", stay.admitted_on, at=hour))
    return tuple(dates)


def _institutional(event: ClaimSubmitted, stay: Stay | None) -> InstitutionalInformation:
    of_kind: dict[str, list[Diagnosis]] = {}
    for diagnosis in event.diagnoses:
        record = Diagnosis(diagnosis.code, diagnosis.present_on_admission or "")
        of_kind.setdefault(diagnosis.kind, []).append(record)
    procedures = [InstitutionalCode(one.code, one.performed_on) for one in (stay.procedures if stay else ())]
    admitting = of_kind.get("admitting", [])
    return InstitutionalInformation(
        admission_type=(stay.admission_type if stay else None) or _UNKNOWN_ADMISSION_TYPE,
        admission_source=(stay.admission_source if stay else None) or "",
        patient_status=stay.patient_status if stay else "",
        admitting_diagnosis=Diagnosis(admitting[0].code) if admitting else None,
        visit_reasons=tuple(Diagnosis(one.code) for one in of_kind.get("reason_for_visit", ())),
        external_causes=tuple(of_kind.get("external_cause", ())),
        drg=(stay.drg if stay else None) or "",
        principal_procedure=procedures[0] if procedures else None,
        other_procedures=tuple(procedures[1:]),
        occurrence_spans=tuple(
            InstitutionalCode(one.code, one.from_date, one.through_date)
            for one in (stay.occurrence_spans if stay else ())
        ),
        occurrences=tuple(InstitutionalCode(one.code, one.on) for one in (stay.occurrences if stay else ())),
        values=_values(event, stay),
    )


def _values(event: ClaimSubmitted, stay: Stay | None) -> tuple[InstitutionalCode, ...]:
    """The stay's value codes, and those that its bill needs beside them."""
    given = [InstitutionalCode(one.code, amount=one.amount) for one in (stay.values if stay else ())]
    named = {one.code for one in given}
    needed = (*_covered_days(event, stay), *_patient_paid(event))
    return (*given, *(one for one in needed if one.code not in named))


def _covered_days(event: ClaimSubmitted, stay: Stay | None) -> Iterator[InstitutionalCode]:
    """An inpatient bill counts its covered days (80): those of its rooms, without the days that are said not to be covered (81)."""
    rooms = [line.units for line in event.lines if is_room(line.revenue_code)]
    if stay is not None and stay.is_in_a_bed and rooms:
        noncovered = sum((one.amount or ZERO for one in stay.values if one.code == _NONCOVERED_DAYS), ZERO)
        yield InstitutionalCode(_COVERED_DAYS, amount=max(sum(rooms, ZERO) - noncovered, ZERO))


def _patient_paid(event: ClaimSubmitted) -> Iterator[InstitutionalCode]:
    """FC says here what AMT*F5 says on a professional claim."""
    return (InstitutionalCode(_PATIENT_PAID, amount=one.amount) for one in patient_paid(event))


def _providers(event: ClaimSubmitted) -> Iterable[Party]:
    """In the guide's order."""
    who, rendering = event.providers, rendering_of(event)
    if who.attending is not None:
        yield provider_record("71", who.attending, taxonomy=True)
    if who.operating is not None:
        yield provider_record("72", who.operating)
    if rendering is not None and rendering.npi != _attending(event):
        yield provider_record("82", rendering)
    if event.facility is not None:
        yield facility_record(event.facility)
    if who.referring is not None:
        yield provider_record("DN", who.referring)


def _attending(event: ClaimSubmitted) -> str | None:
    """Who is taken to have rendered what nobody else is named for (loops 2310D and 2420C)."""
    return event.providers.attending.npi if event.providers.attending else None
