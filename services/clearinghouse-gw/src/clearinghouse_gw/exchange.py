"""What the gateway does by itself: it makes files of what is queued, and looks after what comes in."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

import structlog
from claimstream_kit import Running
from claimstream_kit.database import TRANSIENT
from claimstream_kit.failpoints import failpoint

from .handlers.receive_file import receive_file, refuse_file, refuse_unreadable
from .handlers.transmit_claim import prepare_files, send_next_file
from .inbound_reading import ReadFile, read_file
from .mailbox import Arrival, Mailbox
from .settings import Settings
from .store import GatewayUnit

log = structlog.get_logger()

AFTER_ISA13 = failpoint("gateway.after-isa13", "files have their control numbers and members, nothing is written")
AFTER_DETECT = failpoint("inbound.after-detect", "an inbound file was read, nothing of it is kept")
AFTER_ARCHIVE = failpoint("inbound.after-archive", "an inbound file is in the archive, nobody knows of it")
AFTER_INBOUND_COMMIT = failpoint("inbound.after-commit", "an inbound file is worked on, this process has not noted it")

ACTOR = "clearinghouse-gw"
Task = Callable[[Running[GatewayUnit], asyncio.Event], Awaitable[None]]


class Exchange:
    """The gateway's two tasks over one mailbox."""

    def __init__(self, mailbox: Mailbox, settings: Settings) -> None:
        """Nothing runs yet: the kit calls the tasks."""
        self._mailbox = mailbox
        self._settings = settings
        self._taken: dict[str, Arrival] = {}
        self._growing: dict[str, Arrival] = {}

    async def transmit(self, running: Running[GatewayUnit], stopping: asyncio.Event) -> None:
        """Make and send files, again and again."""
        while not stopping.is_set():
            await self.transmit_once(running)
            await _pause(stopping, self._settings.batch_seconds)

    async def transmit_once(self, running: Running[GatewayUnit]) -> int:
        """Send what was prepared before a stop, then what is queued; how many files left."""
        sent = await self._send_prepared(running)
        while await self._prepare(running):
            sent += await self._send_prepared(running)
        return sent

    async def _prepare(self, running: Running[GatewayUnit]) -> int:
        settings = self._settings
        async with running.unit(ACTOR) as unit:
            made = await prepare_files(
                unit,
                claims_per_file=settings.claims_per_file,
                claims_per_set=settings.claims_per_set,
                usage=settings.usage,
            )
        if made:
            AFTER_ISA13.reached()
        return made

    async def _send_prepared(self, running: Running[GatewayUnit]) -> int:
        sent = 0
        while True:
            async with running.unit(ACTOR) as unit:
                if await send_next_file(unit, self._mailbox, usage=self._settings.usage) is None:
                    return sent
            sent += 1

    async def receive(self, running: Running[GatewayUnit], stopping: asyncio.Event) -> None:
        """Look at the inbound folder, again and again; what was taken before a restart is remembered."""
        rows = await running.database.fetch(
            "SELECT name, size, changed_ns FROM files WHERE direction = 'inbound' ORDER BY created_at"
        )
        self._taken = {row["name"]: Arrival(row["name"], row["size"], row["changed_ns"]) for row in rows}
        while not stopping.is_set():
            await self.receive_once(running)
            await _pause(stopping, self._settings.poll_seconds)

    async def receive_once(self, running: Running[GatewayUnit]) -> int:
        """Take each new file whose size has stopped to change since the last look; how many were taken."""
        arrivals = [one for one in await asyncio.to_thread(self._mailbox.arrivals) if self._taken.get(one.name) != one]
        ready = [one for one in arrivals if self._growing.get(one.name) == one]
        self._growing = {one.name: one for one in arrivals}
        taken = 0
        for arrival in ready:
            taken += await self.take(running, arrival)
        return taken

    async def take(self, running: Running[GatewayUnit], arrival: Arrival) -> bool:
        """Keep, read and work on one file; a file on which we fail ourselves is refused and stops no other."""
        try:
            data = await asyncio.to_thread(self._mailbox.receive, arrival.name)
        except FileNotFoundError:
            return False
        except OSError as error:
            async with running.unit(ACTOR) as unit:
                refuse_unreadable(unit, arrival, type(error).__name__)
            self._taken[arrival.name] = arrival
            log.warning("inbound file cannot be opened", error=type(error).__name__)
            return True
        AFTER_DETECT.reached()
        digest = hashlib.sha256(data).hexdigest()
        await asyncio.to_thread(self._mailbox.archive, digest, data)
        AFTER_ARCHIVE.reached()
        try:
            read: ReadFile = await asyncio.to_thread(read_file, data)
            async with running.unit(ACTOR) as unit:
                file = await receive_file(unit, arrival, digest, read)
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001  a file that breaks us must stop no other
            log.error(  # noqa: TRY400  a trace may hold patient data
                "inbound file failed", digest=digest, error=type(error).__name__
            )
            async with running.unit(ACTOR) as unit:
                file = refuse_file(unit, arrival, digest, f"the gateway failed on it: {type(error).__name__}")
        AFTER_INBOUND_COMMIT.reached()
        self._taken[arrival.name] = arrival
        if file.state == "refused":
            log.warning("inbound file refused", digest=digest, file_id=str(file.file_id))
        return True


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stopping.wait(), seconds)
    except TimeoutError:
        return
