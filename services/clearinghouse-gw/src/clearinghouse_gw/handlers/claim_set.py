"""A person says of an 835 set that waits whose it is. It is told as if it had been received now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from claimstream_kit import Conflict, NotFound

from ..domain.exchange_file import NO_PRACTICE, ExchangeFile
from ..domain.payee import Holder, Payee, may_be, sharers
from ..inbound_reading import ReadFile, ReadSet, Remittance, read_file
from ..mailbox import Mailbox
from ..remittances import payee_of, planned
from ..store import GatewayUnit
from .receive_remittance import Settled, receive_unclaimed


async def claim_set(unit: GatewayUnit, mailbox: Mailbox, practice: str, file_id: UUID, number: int) -> Settled:
    """A practice takes what only it and those may have that it shares its tax number with. To all others there is no such set."""
    waiting = await _waiting(unit, mailbox, file_id, number)
    if waiting is None and await unit.has_set(practice, file_id, number):
        raise _waits_for_nobody(file_id, number)
    if waiting is None or practice not in sharers(waiting.payee, waiting.holders):
        raise NotFound(f"no set {number} of file {file_id} waits for this practice")
    return await _tell(unit, waiting, practice)


async def give_set(unit: GatewayUnit, mailbox: Mailbox, practice: str, file_id: UUID, number: int) -> Settled:
    """The installation gives it to a practice that has a number of the payee; to any where nobody has one."""
    waiting = await _waiting(unit, mailbox, file_id, number)
    if waiting is None:
        raise _waits_for_nobody(file_id, number)
    if await unit.practices.get(practice) is None:
        raise Conflict(f"practice {practice} is not loaded", remedy="load the practice first")
    if not may_be(waiting.holders, practice):
        names = ", ".join(one.practice_id for one in waiting.holders)
        raise Conflict(
            f"the payee of set {number} of file {file_id} has no number of {practice}",
            remedy=f"give it to one of {names}",
        )
    return await _tell(unit, waiting, practice)


@dataclass(frozen=True)
class _Waiting:
    """A set that waits for a person, as it was read again, and who has a number of its payee."""

    file: ExchangeFile
    one: ReadSet
    remittance: Remittance
    payee: Payee
    holders: Sequence[Holder]


async def _waiting(unit: GatewayUnit, mailbox: Mailbox, file_id: UUID, number: int) -> _Waiting | None:
    await unit.take_in_alone()
    file = await unit.files.get(NO_PRACTICE, file_id)
    if file is None or number not in await unit.unclaimed_sets(file):
        return None
    one, remittance = await _read_again(mailbox, file, number)
    payee = payee_of(remittance.header)
    return _Waiting(file, one, remittance, payee, await unit.holders_of(payee))


async def _tell(unit: GatewayUnit, waiting: _Waiting, practice: str) -> Settled:
    unit.record("act", practice, f"claim set {waiting.one.number} of file {waiting.file.file_id}")
    return await receive_unclaimed(unit, waiting.file, waiting.one, waiting.remittance, practice)


def _waits_for_nobody(file_id: UUID, number: int) -> Conflict:
    return Conflict(
        f"set {number} of file {file_id} waits for nobody", remedy="GET /files/{file} says what became of its sets"
    )


async def _read_again(mailbox: Mailbox, file: ExchangeFile, number: int) -> tuple[ReadSet, Remittance]:
    read = await asyncio.to_thread(_read_archived, mailbox, file.digest) if file.digest else None
    one = next((each for each in read.sets if each.number == number), None) if read else None
    if one is None or not isinstance(one.content, Remittance):
        raise NotFound(f"the bytes of file {file.file_id} are not in the archive")
    return one, one.content


def _read_archived(mailbox: Mailbox, digest: str) -> ReadFile | None:
    source = mailbox.opened(digest)
    if source is None:
        return None
    with source:
        return planned(read_file(source))
