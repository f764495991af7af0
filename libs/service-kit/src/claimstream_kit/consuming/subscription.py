"""Which event goes to which handler, and what the handler reads."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from claimstream_schemas import Event

Handler = Callable[..., Awaitable[None]]
"""``async def handler(event, unit)``; what else it needs is bound with ``functools.partial``."""

Reads = Callable[[Any], Iterable[tuple[str, tuple[Any, ...]]]]
"""From an event to (collection's name in the unit, primary key) pairs."""


def _reads_nothing(event: Any) -> Iterable[tuple[str, tuple[Any, ...]]]:
    del event
    return ()


@dataclass(frozen=True)
class Subscription:
    """An event, its handler, and the keys that the handler reads: these are loaded and locked for the whole batch at once."""

    event: type[Event]
    handler: Handler
    reads: Reads = _reads_nothing

    @property
    def handler_name(self) -> str:
        """The handler's name, for dead letters and metrics."""
        function = getattr(self.handler, "func", self.handler)
        return str(getattr(function, "__name__", type(function).__name__))
