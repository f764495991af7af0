"""What a database that came back to a moment has to be told before its service goes on.

What was said after that moment is gone from the outbox, and who listens outside may have heard it: what is said from now on is numbered in an
era of its own, which is never given twice. The signed heads of the audit chain that say nothing of what came back are put aside, and the chain
says so itself.
"""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from claimstream_kit.audit import RESTORED, heads_before_restore, heads_file
from claimstream_kit.clock import Clock
from claimstream_kit.database import Connection, Database
from claimstream_kit.unit import Unit
from claimstream_local_servers import ServerFailed
from claimstream_local_servers.processes import write_json
from claimstream_schemas.envelope import LAST_ERA

from .state import read_json

ACTOR = "claimstream-restore"
OF_NO_PRACTICE = "claimstream"
ERA_FILE = "era.json"
"""In the stack's folder and in each backup that was brought back: the newest era. The databases cannot know it, they have come back."""

_AGAIN = """
INSERT INTO outbox_queue (id, events, size, era, number)
SELECT o.id, o.events, o.size, o.era, o.number FROM outbox o JOIN outbox_payloads p ON p.day = o.day AND p.id = o.id
ON CONFLICT DO NOTHING
"""
"""A unit that is sent again has the number it had; one without a number stands in the queue already."""

_ERA = """
INSERT INTO relay_state (one, era, last) VALUES (true, $1, 0)
ON CONFLICT (one) DO UPDATE SET era = EXCLUDED.era, last = 0
"""

Head = tuple[int, str]
"""Up to where in the chain, and the hash there."""


@dataclass(frozen=True)
class CameBack:
    """One service's database, and the folder outside it that has its signed heads."""

    service: str
    url: str
    audit: Path

    async def newest_era(self) -> int:
        """The era that it is in, as far as it knows."""
        async with opened(self.url) as connection:
            return int(await connection.fetchval("SELECT coalesce(max(era), 1) FROM relay_state"))

    def heads(self) -> list[str]:
        """Its signed heads, a line each, with those that were put aside before."""
        files = (heads_file(self.audit, self.service), heads_before_restore(self.audit, self.service))
        return [line for file in files if file.exists() for line in file.read_text().splitlines()]

    async def begin_era(self, era: int, *, heads: Sequence[str], clock: Clock) -> None:
        """Number what is said from now on in this era; of the heads, keep those that the chain has, put the others aside, and say in the chain how far it went."""
        async with opened(self.url) as connection:
            await connection.execute(_ERA, era)
            aside = self._split(heads, await _signed(connection))
            unit = Unit(connection, service=self.service, clock=clock)
            unit.on_behalf_of(ACTOR)
            unit.record("restore", OF_NO_PRACTICE, f"{RESTORED}{await _end(connection, aside)}")
            await unit.flush()

    def _split(self, heads: Sequence[str], signed: set[Head]) -> list[int]:
        """Write each head into the file that it belongs to; where those end that were put aside."""
        ours: list[tuple[int, str]] = []
        aside: list[tuple[int, str]] = []
        for line in dict.fromkeys(heads):
            said = json.loads(line)
            place = said["head_seq"]
            (ours if (place, said["head_hash"]) in signed else aside).append((place, line))
        _write(heads_file(self.audit, self.service), sorted(ours))
        _write(heads_before_restore(self.audit, self.service), aside)
        return [place for place, _ in aside]


async def say_again(url: str) -> int:
    """Let the relay send all that a service said and still keeps, beside what it has not sent yet; how many events that is."""
    async with opened(url) as connection:
        await connection.execute(_AGAIN)
        return int(await connection.fetchval("SELECT coalesce(sum(events), 0) FROM outbox_queue"))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Connection]:
    """A transaction in a database."""
    database = Database(url, size=1)
    await database.open()
    try:
        async with database.transaction() as connection:
            yield connection
    finally:
        await database.close()


def next_era(known: Iterable[int], home: Path, backup: Path) -> int:
    """An era that was never begun, neither by the databases nor by a restore that the stack's folder or the backup remembers; both remember this one, too."""
    here, there = home / ERA_FILE, backup / ERA_FILE
    remembered = (int(facts["era"]) for facts in map(read_json, (here, there)) if facts is not None)
    era = max(1, *known, *remembered) + 1
    if era > LAST_ERA:
        raise ServerFailed(f"era {era}: a sequence has room for {LAST_ERA}; begin with an empty stack")
    write_json(here, {"era": era})
    with suppress(OSError):  # a backup may lie where nobody writes
        write_json(there, {"era": era})
    return era


async def _signed(connection: Connection) -> set[Head]:
    return {(row["head_seq"], row["head_hash"].hex()) for row in await connection.fetch("SELECT * FROM audit_heads")}


def _write(file: Path, heads: Sequence[tuple[int, str]]) -> None:
    if not heads and not file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_suffix(".new")
    new.write_text("".join(f"{line}\n" for _, line in heads))
    new.replace(file)


async def _end(connection: Connection, aside: Sequence[int]) -> int:
    """How far the chain went, as far as heads were signed that agree with it.

    Heads of another restore's chain can end below ours; where no earlier entry in this chain speaks of them, this one does.
    """
    end = int(await connection.fetchval("SELECT coalesce(max(seq), 0) FROM audit_chain"))
    rows = await connection.fetch("SELECT subject FROM audit_entries WHERE kind = 'restore'")
    told = [int(row["subject"].removeprefix(RESTORED)) for row in rows if row["subject"].startswith(RESTORED)]
    untold = [place for place in aside if not any(place > each for each in told)]
    return min([end, *(place - 1 for place in untold)])
