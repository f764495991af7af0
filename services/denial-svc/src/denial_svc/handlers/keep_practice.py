"""A practice was loaded or changed: deadlines from now on follow it."""

from claimstream_schemas import PracticeChanged, PracticeChangedV1

from ..store import DenialUnit, PayerDays


async def keep_practice(event: PracticeChanged | PracticeChangedV1, unit: DenialUnit) -> None:
    """Keep each payer's days to answer and to file."""
    known = await unit.payers.get(event.practice_id)
    if known is None or known.version < event.practice_version:
        payers = event.practice.payers
        days = PayerDays(
            practice=event.practice_id,
            version=event.practice_version,
            appeal_days={payer.id: payer.appeal_days for payer in payers},
            filing_days={payer.id: payer.timely_filing_days for payer in payers},
        )
        unit.payers.put(days)
        unit.arrived(f"practice/{event.practice_id}")
