"""Which event goes to which handler, and what the handler reads."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
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


class Subscriptions:
    """All that a consumer hears. A topic may carry several versions of its event: the handler is chosen by the type that a record tells."""

    def __init__(self, subscriptions: Iterable[Subscription]) -> None:
        """Each event, in each version, has one handler."""
        self._by_type: dict[tuple[str, str], Subscription] = {}
        for one in subscriptions:
            place = (one.event.topic, one.event.event_type())
            if place in self._by_type:
                raise ValueError(f"{one.event.event_type()} has two handlers: {one.handler_name} is the second")
            self._by_type[place] = one
        self._aggregates = {one.event.topic: one.event.aggregate for one in self}

    def __iter__(self) -> Iterator[Subscription]:
        """Each of them, in the order in which they were given."""
        return iter(self._by_type.values())

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics that are heard, each once."""
        return tuple(dict.fromkeys(topic for topic, _ in self._by_type))

    def types_of(self, topic: str) -> tuple[str, ...]:
        """The event types that are handled of a topic; none: nobody hears it."""
        return tuple(said for of, said in self._by_type if of == topic)

    def find(self, topic: str, said: str) -> Subscription | None:
        """Who handles a record of this topic that says to be of this type."""
        return self._by_type.get((topic, said))

    def aggregate_of(self, topic: str) -> str:
        """What the keys of a topic are ids of: as its event says; of a topic that nobody hears, its name's first word."""
        return self._aggregates.get(topic) or topic.split(".", 1)[0]
