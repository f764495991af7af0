"""An 835 came: its payments are tied to what we sent and told in chunks, all in one unit, once whatever its envelope."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from claimstream_x12.remittance_835 import Remittance
from pydantic import ValidationError

from ..domain.exchange_file import ExchangeFile
from ..inbound_reading import ReadSet
from ..remittances import Unusable, control_numbers, era_events, payee_npi, payee_tin, remittance_id
from ..store import GatewayUnit


@dataclass(frozen=True)
class Told:
    """What became of one set: how many events were published, or why it is refused."""

    practice_id: str | None = None
    events: int = 0
    reason: str | None = None
    remedy: str | None = None
    remittance_id: UUID | None = None
    trace_number: str | None = None


async def practice_of_remittance(unit: GatewayUnit, one_set: ReadSet, remittance: Remittance) -> str | None:
    """The practice that is paid: by NPI or tax number, else by our id in the envelope."""
    header = remittance.header
    return await unit.practice_of(submitter=one_set.receiver, npi=payee_npi(header), tin=payee_tin(header))


async def receive_remittance(
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, practice: str
) -> Told:
    """Tell it in chunks. What balances, and what does not, is for remit-svc to say."""
    sent = await unit.submissions.with_control_numbers(practice, control_numbers(remittance), lines=True)
    try:
        events = await asyncio.to_thread(era_events, practice, file, one_set, remittance, sent)
    except Unusable as unusable:
        return Told(practice, reason=unusable.reason, remedy="Ask the payer for a corrected remittance.")
    except ValidationError as error:
        return Told(practice, reason=_places(error), remedy="Ask the payer for a corrected remittance.")
    for event in events:
        unit.publish(event)
    identity = remittance_id(practice, remittance.header, one_set.digest)
    return Told(practice, len(events), remittance_id=identity, trace_number=remittance.header.trace.number)


def _places(error: ValidationError) -> str:
    """Where it is wrong and how, without the values: they may name a patient."""
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:3])
