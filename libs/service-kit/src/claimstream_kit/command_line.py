"""``python -m <service> serve | migrate | replay | verify-audit``: what operators do to one service."""

import argparse
import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError

from .app import build_app
from .audit import verify
from .bus.kafka import SESSION_TIMEOUT_MS
from .database import Database
from .failpoints import arm_from_environment
from .keys import load_public_keys
from .service import Running, Service
from .serving import serve
from .settings import ServiceSettings
from .telemetry import configure_logging

UMASK = 0o077
"""What a service writes, heads, files that are exchanged, an archive, is its account's alone."""

COLLECT_AFTER = (400_000, 5, 20)
"""A batch of 500 events is some 100,000 objects that all live until its commit, and go with their last reference, for a unit holds no cycle:
looking through them again and again for garbage, as Python's 700 has it, took half of a service's time, and 50,000 a tenth."""


def run(build: Callable[[Any], Service[Any]], settings_class: type[ServiceSettings]) -> None:
    """The command line of one service: ``build`` makes it from its settings."""
    parser = argparse.ArgumentParser(
        description="One service of Claimstream; its settings come from CLAIMSTREAM_* variables."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve HTTP and work on events until told to stop")
    commands.add_parser("migrate", help="bring the database to the newest revision")
    commands.add_parser("replay", help="set the consumer group back to the start of its topics; stop the service first")
    commands.add_parser("verify-audit", help="recompute the audit chain and its signed heads")
    arguments = parser.parse_args()
    os.umask(UMASK)
    settings = settings_class()
    service = build(settings)
    if arguments.command == "serve":
        _serve(service, settings)
    elif arguments.command == "migrate":
        from .migrations import migrate  # noqa: PLC0415  a tenth of a service's start, and nobody else needs it

        migrate(service.migrations, settings.database, seconds=settings.migration_seconds)
    elif arguments.command == "replay":
        asyncio.run(_replay(service, settings))
    else:
        sys.exit(asyncio.run(_verify(service, settings)))


def _serve(service: Service[Any], settings: ServiceSettings) -> None:
    configure_logging(service.name, settings.log_level)
    arm_from_environment()

    gc.freeze()  # what was imported stays
    gc.set_threshold(*COLLECT_AFTER)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        running = Running(service, settings)
        runner.run(serve(build_app(running), running))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    import uvloop  # noqa: PLC0415  only who serves needs it

    return uvloop.new_event_loop


async def _replay(service: Service[Any], settings: ServiceSettings) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it says each try that the group is not empty yet
    topics = [settings.topic_prefix + subscription.event.topic for subscription in service.subscriptions]
    consumer = AIOKafkaConsumer(
        **settings.kafka_access.client(), group_id=settings.topic_prefix + service.name, enable_auto_commit=False
    )
    await consumer.start()
    try:
        partitions = [
            TopicPartition(topic, partition)
            for topic in topics
            for partition in (consumer.partitions_for_topic(topic) or await _partitions(consumer, topic))
        ]
        consumer.assign(partitions)
        await _commit_when_empty(consumer, await consumer.beginning_offsets(partitions))
    finally:
        await consumer.stop()
    print(f"{service.name}: {len(partitions)} partitions are back at their start")  # noqa: T201  the command's answer


async def _commit_when_empty(consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
    """Commit once the group is empty: a static member does not leave it, its session has to end first."""
    deadline = asyncio.get_running_loop().time() + 5 * SESSION_TIMEOUT_MS / 1000
    while True:
        try:
            await consumer.commit(offsets)
        except CommitFailedError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise SystemExit("the consumer group has members; stop every replica of the service first") from error
            await asyncio.sleep(1)
        else:
            return


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> set[int]:
    await consumer._client.add_topic(topic)  # noqa: SLF001  aiokafka has no public way to ask for a topic's metadata
    await consumer._client.force_metadata_update()  # noqa: SLF001
    return consumer.partitions_for_topic(topic) or set()


async def _verify(service: Service[Any], settings: ServiceSettings) -> int:
    keys = load_public_keys(settings.audit_dir / f"{service.name}.sealing-key.pub.pem")
    database = Database(settings.database, size=2)
    await database.open()
    try:
        fault = await verify(
            database,
            service=service.name,
            public_key=next(iter(keys.values())),
            folder=settings.audit_dir,
            tables=service.witnessed,
        )
    finally:
        await database.close()
    print(fault or f"{service.name}: the audit chain holds")  # noqa: T201  the command's answer
    return 1 if fault else 0
