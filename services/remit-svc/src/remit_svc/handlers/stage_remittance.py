"""A chunk of a remittance came: it is staged until all are there."""

from dataclasses import replace

import orjson
from claimstream_schemas import EraReceived
from claimstream_schemas.values.money import cents

from ..domain.remittance import Remittance
from ..store import RemitUnit


async def stage_remittance(event: EraReceived, unit: RemitUnit) -> None:
    """Keep the chunk; a known one changes nothing."""
    known = await unit.remittances.get(event.practice_id, event.remittance_id)
    if known is not None and await _is_known_chunk(event, unit):
        return
    remittance = known or _staged(event, unit)
    unit.chunks.add(
        practice=event.practice_id,
        remittance_id=event.remittance_id,
        chunk=event.chunk,
        document=orjson.Fragment(unit.heard),
    )
    await unit.chunks.flush()
    unit.remittances.put(replace(remittance, chunks_here=remittance.chunks_here + 1))
    unit.arrived("remittance")


async def _is_known_chunk(event: EraReceived, unit: RemitUnit) -> bool:
    return bool(
        await unit.connection.fetchval(
            "SELECT true FROM remittance_chunks WHERE practice = $1 AND remittance_id = $2 AND chunk = $3",
            event.practice_id,
            event.remittance_id,
            event.chunk,
        )
    )


def _staged(event: EraReceived, unit: RemitUnit) -> Remittance:
    header = event.header
    return Remittance(
        practice=event.practice_id,
        id=event.remittance_id,
        body_digest=event.body_digest,
        state="staged",
        payer_name=header.payer_name,
        trace_number=header.trace_number,
        trace_originator=header.trace_originator,
        payee=header.payee_npi or header.payee_tin or header.payee_name,
        paid_on=header.paid_on,
        amount_cents=cents(header.amount),
        payments=event.payment_count,
        chunks=event.chunks,
        chunks_here=0,
        file_name=event.file_name,
        staged_at=unit.clock.now(),
        received_number=event.received_number,
        follows=event.follows,
    )
