"""A part that hangs is seen within five seconds, and named; who asks is answered at once."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import asyncpg
import pytest
from claimstream_kit import health
from claimstream_kit.bus.kafka import AskKafka
from claimstream_kit.database import Database
from claimstream_kit.health import SECONDS_UNTIL_SEEN, AskDatabase, Health

from .builders import a_hold


class Line:
    """Passes bytes on to a server, until it hangs: connections stay open, and nothing comes."""

    def __init__(self, host: str, port: int) -> None:
        self._there = host, port
        self._tasks: set[asyncio.Task] = set()
        self.flows = asyncio.Event()
        self.flows.set()
        self.port = 0

    @asynccontextmanager
    async def open(self):
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        yield self
        server.close()
        for task in self._tasks:
            task.cancel()

    async def _pass(self, reader, writer):
        there_reader, there_writer = await asyncio.open_connection(*self._there)
        ways = ((reader, there_writer), (there_reader, writer))
        self._tasks |= {asyncio.create_task(self._one_way(*way)) for way in ways}

    async def _one_way(self, reader, writer):
        while data := await reader.read(65536):
            await self.flows.wait()
            writer.write(data)
        writer.close()


@pytest.fixture
async def line(toy):
    """Between the toy service and its database."""
    parts = urlsplit(toy.database.url)
    async with Line(parts.hostname, parts.port).open() as between:
        between.url = toy.database.url.replace(f":{parts.port}/", f":{between.port}/")
        yield between


async def ready(toy):
    answer = await toy.client.get("/health/ready")
    return answer.status_code, answer.json()["parts"]


async def until(holds, seconds=SECONDS_UNTIL_SEEN + 1):
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


def test_what_hangs_is_seen_in_less_than_five_seconds():
    assert SECONDS_UNTIL_SEEN < 5


async def test_a_database_that_hangs_is_named_also_while_the_pool_waits_for_it_and_seen_when_it_goes_on(toy, line):
    hung = Database(line.url, size=2)
    await hung.open()
    toy.running.health = Health("toy-svc", {"database": AskDatabase(hung)})
    stopping = asyncio.Event()
    task = asyncio.create_task(toy.running.health.run(stopping))
    await until(lambda: _is(toy, {"database": "answers"}))
    line.flows.clear()
    waiting = [asyncio.create_task(hung.value("SELECT 1")) for _ in range(5)]

    await until(lambda: _is(toy, {"database": "hangs"}))

    assert await ready(toy) == (503, {"database": "hangs"})
    line.flows.set()
    await until(lambda: _is(toy, {"database": "answers"}))
    assert await asyncio.gather(*waiting) == [1] * 5
    stopping.set()
    await task
    await hung.close()


async def _is(toy, states):
    return toy.running.health.states == states


async def test_a_database_that_is_away_is_named(toy):
    away = Health("toy-svc", {"database": AskDatabase(Database("postgresql://x@127.0.0.1:1/x"))})
    toy.running.health = away

    await away.look()

    assert await ready(toy) == (503, {"database": "away"})


async def test_a_broker_answers_is_away_or_hangs(kafka, monkeypatch):
    monkeypatch.setattr(health, "LIMIT_SECONDS", 0.5)
    host, _, port = kafka.servers.partition(":")
    async with Line(host, int(port)).open() as between:
        between.flows.clear()
        asks = {
            "there": AskKafka(kafka),
            "away": AskKafka(replace(kafka, servers="127.0.0.1:1")),
            "hung": AskKafka(replace(kafka, servers=f"127.0.0.1:{between.port}")),
        }
        looked = Health("toy-svc", asks)

        await looked.look()
        await looked.look()

        assert looked.states == {"there": "answers", "away": "away", "hung": "hangs"}
        await asks["there"].give_up()


async def test_a_service_whose_audit_cannot_be_sealed_is_not_ready(toy, monkeypatch):
    async def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(toy.running.sealer, "seal", full)
    stopping = asyncio.Event()
    task = asyncio.create_task(toy.running.sealer.run(stopping))
    await until(lambda: _cannot_seal(toy))

    answer = await toy.client.get("/health/ready")

    assert (answer.status_code, answer.json()["audit"]) == (503, "cannot be sealed")
    monkeypatch.undo()
    await until(lambda: _seals(toy))
    stopping.set()
    await task


async def _cannot_seal(toy):
    return not toy.running.sealer.works


async def _seals(toy):
    return toy.running.sealer.works


async def test_a_statement_that_takes_too_long_is_an_outage_and_no_dead_letter(toy):
    await toy.database.close()
    toy.database._seconds = 0.3
    await toy.database.open()
    hold = a_hold()
    await toy.hears(hold)
    blocking = await toy.database.connect_alone()
    transaction = blocking.transaction()
    await transaction.start()
    await blocking.execute("SELECT * FROM counters FOR UPDATE")

    hears = asyncio.create_task(toy.hears(a_hold(claim_id=hold.claim_id)))
    done, _ = await asyncio.wait([hears], timeout=1.0)  # tried again and again meanwhile

    assert not done
    await transaction.rollback()
    await blocking.close()
    await hears
    assert await toy.database.value("SELECT held FROM counters") == 2
    assert await toy.database.value("SELECT count(*) FROM dead_letters") == 0


async def test_a_unit_of_another_kind_has_a_limit_of_its_own(toy):
    await toy.database.close()
    toy.database._seconds = 0.2
    await toy.database.open()

    with pytest.raises(asyncpg.QueryCanceledError):
        await toy.database.value("SELECT pg_sleep(1)")

    async with toy.running.unit("somebody", seconds=5) as unit:
        await unit.connection.execute("SELECT pg_sleep(0.4)")
