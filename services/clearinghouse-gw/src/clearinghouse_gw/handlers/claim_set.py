"""A person says of an 835 set that nobody's payee is named in: it is ours. It is told as if it had been received now."""

import asyncio
from uuid import UUID

from claimstream_kit import Conflict, NotFound
from claimstream_x12.remittance_835 import Remittance

from ..domain.exchange_file import NO_PRACTICE, ExchangeFile
from ..domain.payee import standing
from ..inbound_reading import ReadSet, read_file
from ..mailbox import Mailbox
from ..remittances import payee_of
from ..store import GatewayUnit
from .receive_remittance import Settled, receive_unclaimed


async def claim_set(unit: GatewayUnit, mailbox: Mailbox, practice: str, file_id: UUID, number: int) -> Settled:
    """Read its bytes again and tell it, unless its payee is another practice of ours."""
    await unit.take_in_alone()
    file = await unit.files.get(practice, file_id) or await unit.files.get(NO_PRACTICE, file_id)
    if file is None:
        raise NotFound(f"no file {file_id} in this practice")
    if number not in await unit.unclaimed_sets(file):
        raise Conflict(
            f"set {number} of file {file_id} waits for nobody", remedy="GET /files/{file} says what became of its sets"
        )
    one, remittance = await _read_again(mailbox, file, number)
    payee = payee_of(remittance.header)
    if standing(payee, await unit.holders_of(payee), practice) == "another's":
        raise Conflict(
            f"the payee of set {number} of file {file_id} is another practice", remedy="let that practice claim it"
        )
    unit.record("act", practice, f"claim set {number} of file {file_id}")
    return await receive_unclaimed(unit, file, one, remittance, practice)


async def _read_again(mailbox: Mailbox, file: ExchangeFile, number: int) -> tuple[ReadSet, Remittance]:
    data = await asyncio.to_thread(mailbox.archived, file.digest) if file.digest else None
    read = await asyncio.to_thread(read_file, data) if data is not None else None
    one = next((each for each in read.sets if each.number == number), None) if read else None
    if one is None or not isinstance(one.content, Remittance):
        raise NotFound(f"the bytes of file {file.file_id} are not in the archive")
    return one, one.content
