"""What nobody but the patient, or the guarantor, owes."""

from claimstream_schemas import ClaimAssembled, EncounterCoded
from claimstream_schemas.values.money import ZERO, cents, from_cents

from ..events import self_pay_assembled, self_pay_ended
from ..store import ClaimUnit, SelfPayVisit


async def is_on_patients_books(event: EncounterCoded, unit: ClaimUnit) -> bool:
    """Whether the patient owes the visit so far, or has paid for it. A billing without claims does not tell: its visit may have ended."""
    visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
    return visit is not None and (visit.is_live or visit.patient_paid_cents != 0)


async def keep_self_pay(event: EncounterCoded, unit: ClaimUnit) -> None:
    """The charges are the patient's own, or are so no longer."""
    if not event.coverages:
        _put(event, self_pay_assembled(event), unit)
    elif event.encounter_version > 1 and await is_on_patients_books(event, unit):
        _put(event, self_pay_ended(event), unit)


async def end_self_pay(event: EncounterCoded, unit: ClaimUnit, *, is_all: bool) -> None:
    """Its visit ended: nobody owes it; what was paid at the desk stays until it is given back. ``is_all``: no claim has it."""
    if not await is_on_patients_books(event, unit) and not (is_all and event.facts.patient_paid):
        return
    visit = await unit.self_pay_visits.get(event.practice_id, event.encounter_id)
    paid = event.facts.patient_paid
    if paid is None and visit is not None:
        paid = from_cents(visit.patient_paid_cents)
    _put(event, self_pay_ended(event, at_desk=paid), unit)


def _put(event: EncounterCoded, assembled: ClaimAssembled, unit: ClaimUnit) -> None:
    unit.self_pay_visits.put(
        SelfPayVisit(
            event.practice_id,
            event.encounter_id,
            event.encounter_version,
            cents(assembled.total_charge),
            is_live=event.ended is None and not event.coverages,
            patient_paid_cents=cents(assembled.patient_paid or ZERO),
        )
    )
    unit.publish(assembled)
