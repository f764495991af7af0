"""What tasks that work by themselves do alike: pause, and share a unit for as long as nothing in it breaks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import structlog

from .database import TRANSIENT

log = structlog.get_logger()

T = TypeVar("T")
R = TypeVar("R")


async def pause(seconds: float, *events: asyncio.Event) -> bool:
    """Wait for one of these events, so long at most; whether it came."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done)


async def together_or_alone(
    some: Sequence[T],
    together: Callable[[Sequence[T]], Awaitable[list[R]]],
    alone: Callable[[T], Awaitable[R]],
    *,
    what: str,
) -> list[R]:
    """What came of each: in one unit, or, where one of them breaks it, each in its own. ``alone`` deals with the one that breaks.

    Raises:
        TRANSIENT: our database is away, which is nobody's fault: all of it is tried again later.
    """
    try:
        return await together(some)
    except TRANSIENT:
        raise
    except Exception as error:  # noqa: BLE001  found out which one it is, one by one
        log.warning("one by one", what=what, count=len(some), error=type(error).__name__)
    return [await alone(each) for each in some]
