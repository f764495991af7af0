"""Time and chance: a clock that a schedule moves, waits that take none, threads that are calls, ids from the seed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

from clearinghouse_gw.mailbox import folder

from .clients import next_consumer, next_producer
from .disk import SimulatedOs

CLUSTER = "simulated"
BEGINNING = datetime(2026, 9, 16, 12, tzinfo=UTC)


class SimulatedClock:
    """The time of one schedule."""

    def __init__(self) -> None:
        """Every schedule begins on the same day."""
        self.at = BEGINNING
        self.elapsed = 0.0
        """Seconds that passed, whatever was done to the clock's hands."""

    def now(self) -> datetime:
        """The time, in UTC."""
        return self.at

    def today(self) -> date:
        """The day, in UTC."""
        return self.at.date()

    def move(self, seconds: float) -> None:
        """Set the clock forward, or back."""
        self.at += timedelta(seconds=seconds)
        self.elapsed += max(seconds, 0.0)


async def _at_once(function: Callable[..., Any], /, *words: Any, **named: Any) -> Any:
    return function(*words, **named)


async def _cluster(consumer: object) -> str:
    """There is one."""
    return CLUSTER


async def _ended(consumer: object) -> None:
    """A simulated consumer has no connections to end."""


@contextmanager
def simulated(clock: Callable[[], SimulatedClock], random: Callable[[], Random]) -> Iterator[None]:
    """Put the stand-ins in place; what is not named here asks neither clock nor chance."""

    async def sleep(seconds: float) -> None:
        clock().elapsed += seconds
        await asyncio.sleep(0)

    def uuid4() -> UUID:
        return UUID(int=random().getrandbits(128), version=4)

    without_waiting = SimpleNamespace(sleep=sleep, to_thread=_at_once)
    chance = SimpleNamespace(uniform=lambda low, high: random().uniform(low, high))
    monotonic = SimpleNamespace(monotonic=lambda: clock().elapsed)
    with (
        patch.object(asyncio, "to_thread", _at_once),
        patch("claimstream_kit.consuming.batch.asyncio", without_waiting),
        patch("claimstream_kit.consuming.batch.random", chance),
        patch("claimstream_kit.unit.uuid4", uuid4),
        patch("claim_svc.domain.correction.uuid4", uuid4),
        patch("remit_svc.posting.time", monotonic),
        patch.object(folder, "os", SimulatedOs),
        patch("claimstream_kit.bus.kafka.AIOKafkaConsumer", next_consumer),
        patch("claimstream_kit.bus.kafka._end", _ended),
        patch("claimstream_kit.bus.kafka._cluster_of", _cluster),
        patch("claimstream_kit.bus.kafka.time", monotonic),
        patch("claimstream_kit.bus.kafka.AIOKafkaProducer", next_producer),
    ):
        yield
