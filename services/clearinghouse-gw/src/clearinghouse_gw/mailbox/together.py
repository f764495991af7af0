"""Several files at once: a disk syncs them in little more than the time of one."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def together(works: Iterable[Awaitable[T]]) -> list[T]:
    """What each gives, in their order; a single one is simply awaited. Where one fails, the others are waited for all the same."""
    waiting = list(works)
    if len(waiting) == 1:
        return [await waiting[0]]
    done = await asyncio.gather(*waiting, return_exceptions=True)
    failed = next((each for each in done if isinstance(each, BaseException)), None)
    if failed is not None:
        raise failed
    return [each for each in done if not isinstance(each, BaseException)]
