"""The floor: what Kafka, PostgreSQL and five bare stages do with the same number of events, on the same servers, in the same run.

It is the most that services built this way could do here; the journey's share of it is what the business costs.
"""

import asyncio
import os
import secrets
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg
import orjson
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from claimstream_kit.bus.access import KafkaAccess
from claimstream_local_servers import PostgresServer, ServerFailed

from claimstream_cli import topics

from .floor_stage import PARTITIONS, TABLES, producer_for, send, topic

STAGES = 5
EVENT_BYTES = 1_500
ENOUGH_SECONDS = 300.0
POLL_SECONDS = 0.05
AT_ONCE = 1000


@dataclass(frozen=True)
class Floor:
    """What the bare stages did."""

    events: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Events through all stages, a second."""
        return self.events / self.seconds


def measure_floor(server: PostgresServer, kafka: KafkaAccess, events: int) -> Floor:
    """Send events through the bare stages, and remove everything afterwards."""
    mark = uuid.uuid4().hex[:8]
    name, prefix = f"floor_{mark}", f"floor.{mark}."
    server.create_database(name, name, secrets.token_urlsafe(24))
    address = server.owner_url(name, name)
    try:
        asyncio.run(_prepare(address, kafka, prefix))
        with _stages(address, kafka, prefix):
            return asyncio.run(_run(address, kafka, prefix, events))
    finally:
        topics.delete(kafka, prefix)
        server.drop_database(name)
        server.run_sql(f"DROP ROLE IF EXISTS {name}, {name}_owner")


async def _prepare(address: str, kafka: KafkaAccess, prefix: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        for number in range(1, STAGES + 1):
            await connection.execute(TABLES.format(number))
    finally:
        await connection.close()
    admin = AIOKafkaAdminClient(**kafka.client())
    await admin.start()
    try:
        names = [topic(prefix, number) for number in range(1, STAGES + 2)]
        await admin.create_topics([NewTopic(name, PARTITIONS, 1) for name in names])
    finally:
        await admin.close()


@contextmanager
def _stages(address: str, kafka: KafkaAccess, prefix: str) -> Iterator[None]:
    environment = {**os.environ, "FLOOR_DATABASE": address, "FLOOR_PREFIX": prefix, **kafka.environment()}
    # Not -m: the package has imported the module by then, and Python warns of that.
    program = "from claimstream_cli.bench.floor_stage import run; run()"
    started: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(1, STAGES + 1):
            words = [sys.executable, "-c", program, str(number)]
            started.append(subprocess.Popen(words, env=environment, stdout=subprocess.PIPE))  # noqa: S603  our own module
        for process in started:
            _wait_until_ready(process)
        yield
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def _wait_until_ready(process: "subprocess.Popen[bytes]") -> None:
    said = process.stdout.readline() if process.stdout else b""
    if said.strip() != b"ready":
        message = f"a bare stage did not start (exit code {process.poll()})"
        raise ServerFailed(message)


async def _run(address: str, kafka: KafkaAccess, prefix: str, events: int) -> Floor:
    producer = producer_for(kafka)
    await producer.start()
    connection = await asyncpg.connect(address)
    padding = "x" * (EVENT_BYTES - 100)
    try:
        began = time.monotonic()
        for first in range(0, events, AT_ONCE):
            messages = []
            for number in range(first, min(events, first + AT_ONCE)):
                key = str(uuid.uuid4())
                value = orjson.dumps({"claim": key, "number": number, "padding": padding})
                messages.append((key, value, uuid.uuid4()))
            await send(producer, topic(prefix, 1), messages)
        while await connection.fetchval(f"SELECT count(*) FROM rows_{STAGES}") < events:  # noqa: S608
            if time.monotonic() - began > ENOUGH_SECONDS:
                message = f"the bare stages did not end within {ENOUGH_SECONDS:.0f} s"
                raise ServerFailed(message)
            await asyncio.sleep(POLL_SECONDS)
        return Floor(events, time.monotonic() - began)
    finally:
        await connection.close()
        await producer.stop()
