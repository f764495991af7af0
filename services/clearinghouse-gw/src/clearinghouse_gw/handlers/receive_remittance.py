"""An 835 came: its payments are tied to what we sent and told in chunks, all in one unit, once whatever its envelope."""

import asyncio
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Literal
from uuid import UUID

from claimstream_x12.remittance_835 import ClaimPayment
from pydantic import ValidationError

from ..domain.exchange_file import ExchangeFile
from ..domain.payee import Whose, whose
from ..inbound_reading import ReadSet, Remittance
from ..remittances import Turn, Unusable, control_numbers, era_events, parts_of, payee_of, payer_of, remittance_id
from ..store import GatewayUnit, RemittanceNumber

AT_ONCE = 2_000
"""Claims of which is asked at once what names them."""

ITS_COPY = "a set with this content came before"


@dataclass(frozen=True)
class Told:
    """What became of one set: how many events were published, or why it is refused."""

    practice_id: str | None = None
    events: int = 0
    reason: str | None = None
    remedy: str | None = None
    remittance_id: UUID | None = None
    trace_number: str | None = None


@dataclass(frozen=True)
class Settled:
    """What became of a set that waited for a person."""

    state: Literal["processed", "duplicate", "refused"]
    told: Told


async def whose_remittance(unit: GatewayUnit, remittance: Remittance) -> Whose:
    """The practice that is paid, by its own numbers; else why a person decides."""
    payee = payee_of(remittance.header)
    return whose(payee, await unit.holders_of(payee))


async def receive_remittance(
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, practice: str
) -> Told:
    """Tell it in chunks, with its number and what it follows. What balances, and what does not, is for remit-svc to say."""
    identity = remittance_id(practice, remittance.header, one_set.digest)
    tell = _tell_whole if isinstance(remittance.claims, tuple) else _tell_in_parts
    try:
        events = await tell(unit, file, one_set, remittance, practice, identity)
    except Unusable as unusable:
        return Told(practice, reason=unusable.reason, remedy="Ask the payer for a corrected remittance.")
    except ValidationError as error:
        return Told(practice, reason=_places(error), remedy="Ask the payer for a corrected remittance.")
    return Told(practice, events, remittance_id=identity, trace_number=remittance.header.trace.number)


async def _tell_whole(  # noqa: PLR0913  a remittance is told from this many facts
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, practice: str, identity: UUID
) -> int:
    payer = payer_of(remittance.header)
    sent = await unit.submissions.with_control_numbers(practice, control_numbers(remittance.claims), lines=True)
    turn = await _turn(unit, practice, payer, [sent], identity)
    events = await asyncio.to_thread(era_events, practice, file, one_set, remittance, sent, turn)
    unit.remittance_numbers.put(RemittanceNumber(practice, turn.number))
    if sent:
        await unit.name_claims(practice, payer, sent, turn.number, identity)
    for event in events:
        unit.publish(event)
    return len(events)


async def _tell_in_parts(  # noqa: PLR0913  a remittance is told from this many facts
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, practice: str, identity: UUID
) -> int:
    """One that memory has no room for: chunk by chunk, each written before the next is made."""
    payer = payer_of(remittance.header)
    turn = await _turn(unit, practice, payer, map(control_numbers, batched(remittance.claims, AT_ONCE)), identity)
    parts = await asyncio.to_thread(parts_of, practice, file, one_set, remittance, turn)
    unit.remittance_numbers.put(RemittanceNumber(practice, turn.number))
    claims = iter(remittance.claims)
    for number, (first, last) in enumerate(pairwise((0, *parts.ends)), start=1):
        some = await asyncio.to_thread(tuple, islice(claims, last - first))
        sent = await unit.submissions.with_control_numbers(practice, control_numbers(some), lines=True)
        if sent:
            await unit.name_claims(practice, payer, sent, turn.number, identity)
        unit.publish(await asyncio.to_thread(parts.chunk, number, some, sent))
        await unit.write_what_was_said()
    return len(parts.ends)


async def receive_unclaimed(
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, practice: str
) -> Settled:
    """A set that waited for a person is told as this practice's, as if it had come now; one that was told meanwhile is a copy."""
    before = await unit.told_to(one_set.kind, one_set.digest)
    if before is None and await unit.set_is_new(practice, one_set.kind, one_set.digest):
        told = await receive_remittance(unit, file, one_set, remittance, practice)
        settled = Settled("processed" if told.events else "refused", told)
    else:
        settled = Settled("duplicate", Told(before or practice, reason=ITS_COPY))
    await unit.settle_set(
        file,
        {
            "number": one_set.number,
            "practice": settled.told.practice_id,
            "state": settled.state,
            "reason": settled.told.reason,
            "remedy": settled.told.remedy,
            "told": settled.told.events,
            "remittance_id": settled.told.remittance_id,
        },
    )
    if settled.state == "processed":
        await unit.keep_set(practice, one_set.kind, one_set.digest)
    return settled


async def _turn(
    unit: GatewayUnit, practice: str, payer: str, claims: Iterable[Collection[str]], identity: UUID
) -> Turn:
    """The next number, and of each claim the latest earlier remittance of this payer that names it, in their order. Inbound files are taken in alone.

    ``claims``: control numbers, as many at once as a query is to take.
    """
    latest = await unit.remittance_numbers.get(practice)
    earlier: dict[UUID, int] = {}
    for some in claims:
        named = await unit.named_claims(practice, payer, some) if some else []
        earlier |= {one.remittance_id: one.number for one in named if one.remittance_id != identity}
    return Turn(latest.last + 1 if latest else 1, tuple(sorted(earlier, key=earlier.__getitem__)))


def batched(claims: Iterable[ClaimPayment], size: int) -> Iterator[tuple[ClaimPayment, ...]]:
    """So many at once."""
    left = iter(claims)
    while some := tuple(islice(left, size)):
        yield some


def _places(error: ValidationError) -> str:
    """Where it is wrong and how, without the values: they may name a patient."""
    faults = error.errors(include_url=False, include_input=False)
    return "; ".join(f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults[:3])
