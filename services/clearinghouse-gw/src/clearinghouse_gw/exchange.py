"""What the gateway does by itself: it makes files of what is queued, and looks after what comes in."""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import get_args

import structlog
from claimstream_kit import Running
from claimstream_kit.database import TRANSIENT
from claimstream_kit.failpoints import failpoint
from claimstream_kit.working_alone import pause, together_or_alone
from prometheus_client import Counter

from .domain.exchange_file import ExchangeFile, RefusalCause
from .handlers.receive_file import (
    put_aside,
    receive_file,
    refuse_file,
    refuse_obstacle,
    refuse_too_large,
    refuse_unreadable,
)
from .handlers.transmit_claim import Drafts, prepare_files, send_prepared
from .inbound_reading import ReadFile, read_file
from .mailbox import Arrival, Mailbox, nothing, together
from .readings import MOST_ENDS_ALONE, Ends, Readings, close
from .remittances import planned
from .settings import Settings
from .store import GatewayUnit

log = structlog.get_logger()

FILES = Counter("claimstream_inbound_files_total", "Inbound files by what became of them, and why", ["state", "cause"])
for _cause in get_args(RefusalCause):
    FILES.labels("refused", _cause)  # at zero: only from there can a first one be seen to rise

AFTER_ISA13 = failpoint("gateway.after-isa13", "files have their control numbers and members, nothing is written")
AFTER_DETECT = failpoint("inbound.after-detect", "an inbound file was read, nothing of it is kept")
AFTER_ARCHIVE = failpoint("inbound.after-archive", "an inbound file is in the archive, nobody knows of it")
AFTER_INBOUND_COMMIT = failpoint("inbound.after-commit", "an inbound file is worked on, this process has not noted it")

ACTOR = "clearinghouse-gw"
MOST_AT_ONCE = 32
MOST_BYTES_AT_ONCE = 4 << 20
"""Files that are worked on in one unit: so many at most, and no further one when there are so many bytes."""

Task = Callable[[Running[GatewayUnit], asyncio.Event], Awaitable[None]]
Refuse = Callable[[GatewayUnit, Arrival], ExchangeFile]


@dataclass(frozen=True)
class Kept:
    """An inbound file that lies in the archive and is still to be worked on."""

    arrival: Arrival
    digest: str
    data: bytes | None
    """None where it is read from the archive, piece by piece."""


class Exchange:
    """The gateway's two tasks over one mailbox."""

    def __init__(self, mailbox: Mailbox, settings: Settings) -> None:
        """Nothing runs yet: the kit calls the tasks."""
        self._mailbox = mailbox
        self._settings = settings
        self._taken: dict[str, Arrival] = {}
        self._growing: dict[str, Arrival] = {}
        self._drafts = Drafts()
        self._readings = Readings(settings.replica)
        self._looked_at_all = 0.0

    async def transmit(self, running: Running[GatewayUnit], stopping: asyncio.Event) -> None:
        """Make and send files, again and again."""
        while not stopping.is_set():
            await self.transmit_once(running)
            await pause(self._settings.batch_seconds, stopping)

    async def transmit_once(self, running: Running[GatewayUnit]) -> int:
        """Send what was prepared before a stop, then what is queued; how many files left."""
        self._drafts.forget()
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
                drafts=self._drafts,
            )
        if made:
            AFTER_ISA13.reached()
        return made

    async def _send_prepared(self, running: Running[GatewayUnit]) -> int:
        sent = 0
        while True:
            async with running.unit(ACTOR) as unit:
                files = await send_prepared(unit, self._mailbox, usage=self._settings.usage, drafts=self._drafts)
            if not files:
                return sent
            sent += len(files)

    async def receive(self, running: Running[GatewayUnit], stopping: asyncio.Event) -> None:
        """Look at the inbound folder, again and again; what was taken before a restart is remembered."""
        await self.begin(running)
        while not stopping.is_set():
            await self.receive_once(running)
            await pause(self._settings.poll_seconds, stopping)

    async def begin(self, running: Running[GatewayUnit]) -> None:
        """Remember what was taken before a restart, and note what was being read when it came."""
        self._taken = {}
        await self._remember(running, await asyncio.to_thread(self._mailbox.arrivals))
        await self._readings.note_ends(running.database)

    async def receive_once(self, running: Running[GatewayUnit]) -> int:
        """Take each new file whose size has stopped to change since the last look; how many were taken."""
        left_out = self._left_out()
        if left_out is nothing:
            for name in await self._readings.wanted_again(running.database):
                self._taken.pop(name, None)
        arrivals = await asyncio.to_thread(self._mailbox.arrivals, but=left_out)
        arrivals = [one for one in arrivals if self._taken.get(one.name) != one]
        ready = [one for one in arrivals if self._growing.get(one.name) == one]
        self._growing = {one.name: one for one in arrivals}
        await self._remember(running, ready)
        new = [one for one in ready if self._taken.get(one.name) != one]
        ends = await self._readings.ends_of(running.database, new) if new else {}
        return sum([await self._take_all(running, some, ends) for some in _together(new, alone=ends)])

    def _left_out(self) -> Callable[[str], bool]:
        """Which names need no look: those that were taken, but for every so often. A folder that nobody empties grows long."""
        if time.monotonic() - self._looked_at_all >= self._settings.look_again_seconds:
            self._looked_at_all = time.monotonic()
            return nothing
        return (self._taken.keys() - self._growing.keys()).__contains__

    async def _remember(self, running: Running[GatewayUnit], arrivals: Sequence[Arrival]) -> None:
        """Note which of these were taken already: before a restart, or by another replica."""
        if not arrivals:
            return
        rows = await running.database.fetch(
            "SELECT name, size, changed_ns FROM files WHERE direction = 'inbound' AND name = ANY($1) ORDER BY created_at",
            [one.name for one in arrivals],
        )
        self._taken |= {row["name"]: Arrival(row["name"], row["size"], row["changed_ns"]) for row in rows}

    async def _take_all(
        self, running: Running[GatewayUnit], arrivals: Sequence[Arrival], ends: Mapping[str, Ends]
    ) -> int:
        """Keep, read and work on several files in one unit; where one of them breaks it, each goes alone."""
        if any(one.ends_alone >= MOST_ENDS_ALONE for name in _names(arrivals) if (one := ends.get(name))):
            await self._refuse(running, arrivals[0], put_aside)
            return 1
        await self._readings.begin(running.database, arrivals)
        here = await together(self._keep(running, arrival) for arrival in arrivals)
        kept = [each for each in here if isinstance(each, Kept)]
        if kept:
            in_one, alone = partial(self._work_on_all, running), partial(self._work_on, running)
            await together_or_alone(kept, in_one, alone, what="inbound files")
        return sum(each is not None for each in here)

    async def _work_on_all(self, running: Running[GatewayUnit], kept: Sequence[Kept]) -> list[ExchangeFile]:
        read = await asyncio.to_thread(self._read_all, kept)
        async with running.unit(ACTOR) as unit:
            await unit.take_in_alone()
            files = [
                await receive_file(unit, each.arrival, each.digest, one) for each, one in zip(kept, read, strict=True)
            ]
            await close(unit, [each.arrival for each in kept])
        for each, one, file in zip(kept, read, files, strict=True):
            self._note(each.arrival, file, one)
        return files

    async def take(self, running: Running[GatewayUnit], arrival: Arrival) -> bool:
        """Keep, read and work on one file; whether it was there."""
        kept = await self._keep(running, arrival)
        if isinstance(kept, Kept):
            await self._work_on(running, kept)
        return kept is not None

    async def _keep(self, running: Running[GatewayUnit], arrival: Arrival) -> Kept | ExchangeFile | None:
        """The file, archived and read; refused where it is none, too large, or not to be opened; None when it was taken away."""
        if arrival.obstacle is not None:
            return await self._refuse(running, arrival, refuse_obstacle)
        if arrival.size > self._settings.largest_file:
            too_large = partial(refuse_too_large, largest=self._settings.largest_file)
            return await self._refuse(running, arrival, too_large)
        try:
            kept = await asyncio.to_thread(self._archived, arrival)
        except FileNotFoundError:
            async with running.unit(ACTOR) as unit:
                await close(unit, [arrival])
            return None
        except OSError as error:
            name = type(error).__name__
            return await self._refuse(running, arrival, partial(refuse_unreadable, error=name))
        AFTER_ARCHIVE.reached()
        return kept

    def _archived(self, arrival: Arrival) -> Kept:
        """The file in the archive; a large one is never whole in memory."""
        if arrival.size > MOST_BYTES_AT_ONCE:
            AFTER_DETECT.reached()
            return Kept(arrival, self._mailbox.keep(arrival.name), None)
        data = self._mailbox.receive(arrival.name)
        AFTER_DETECT.reached()
        digest = hashlib.sha256(data).hexdigest()
        self._mailbox.archive(digest, data)
        return Kept(arrival, digest, data)

    def _read_all(self, kept: Sequence[Kept]) -> list[ReadFile]:
        return [self._read(each) for each in kept]

    def _read(self, kept: Kept) -> ReadFile:
        if kept.data is not None:
            return planned(read_file(kept.data))
        source = self._mailbox.opened(kept.digest)
        if source is None:
            raise FileNotFoundError("it was taken out of the archive")
        with source:
            return planned(read_file(source))

    async def _refuse(self, running: Running[GatewayUnit], arrival: Arrival, refuse: Refuse) -> ExchangeFile:
        """Keep that it is here and was not read; this is said once."""
        async with running.unit(ACTOR) as unit:
            file = refuse(unit, arrival)
            await close(unit, [arrival])
        self._note(arrival, file)
        return file

    async def _work_on(self, running: Running[GatewayUnit], kept: Kept) -> ExchangeFile:
        """Work on one file; one on which we fail ourselves is refused and stops no other."""
        read = None
        try:
            read = await asyncio.to_thread(self._read, kept)
            async with running.unit(ACTOR) as unit:
                await unit.take_in_alone()
                file = await receive_file(unit, kept.arrival, kept.digest, read)
                await close(unit, [kept.arrival])
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001  a file that breaks us must stop no other
            log.error(  # noqa: TRY400  a trace may hold patient data
                "inbound file failed", digest=kept.digest, error=type(error).__name__
            )
            async with running.unit(ACTOR) as unit:
                file = refuse_file(unit, kept.arrival, kept.digest, f"the gateway failed on it: {type(error).__name__}")
                await close(unit, [kept.arrival])
        self._note(kept.arrival, file, read)
        return file

    def _note(self, arrival: Arrival, file: ExchangeFile, read: ReadFile | None = None) -> None:
        """It is worked on: say so once, with what names it to its partner and to whoever looks it up."""
        AFTER_INBOUND_COMMIT.reached()
        self._taken[arrival.name] = arrival
        FILES.labels(file.state, file.cause or "").inc()
        if file.state == "refused":
            log.warning(
                "inbound file refused",
                cause=file.cause,
                file_id=str(file.file_id),
                digest=file.digest or None,
                control_number=_shown_number(read.control_number) if read else None,
                sets=len(read.sets) if read else None,
            )


def _together(arrivals: Sequence[Arrival], *, alone: Collection[str]) -> Iterator[list[Arrival]]:
    """In their order; each whose name is among ``alone`` by itself."""
    some: list[Arrival] = []
    for arrival in arrivals:
        is_full = len(some) == MOST_AT_ONCE or sum(one.size for one in some) >= MOST_BYTES_AT_ONCE
        if some and (is_full or any(one.name in alone for one in (arrival, some[-1]))):
            yield some
            some = []
        some.append(arrival)
    if some:
        yield some


def _shown_number(control_number: str) -> str | None:
    """ISA13 is a number; whatever else stands there is not for a log."""
    return control_number if control_number.isascii() and control_number.isdigit() else None


def _names(arrivals: Sequence[Arrival]) -> list[str]:
    return [one.name for one in arrivals]
