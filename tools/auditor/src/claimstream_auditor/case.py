"""What one audit works on: the evidence, cut to one practice where one is named, and what was read of it once for several invariants."""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any, TypeVar

from .evidence import Evidence, Mark, Row

T = TypeVar("T")

_BEGINNING = Mark()


@dataclass(frozen=True)
class Bounds:
    """What the caller says of the moment: whether all has come to rest, and how long things may lie about."""

    at_rest: bool = True
    """False while work goes on: then only what must hold at every moment is asked for, within each service."""
    stuck_after: timedelta = timedelta(seconds=60)
    unsent_after: timedelta = timedelta(seconds=5)
    topic_retention: timedelta = timedelta(days=14)
    payload_retention: timedelta = timedelta(days=30)


class Case:
    """One audit's material. What several invariants need is made once."""

    def __init__(self, evidence: Evidence, practice: str | None, bounds: Bounds) -> None:
        """`practice` None is all of them."""
        self.evidence = evidence
        self.practice = practice
        self.bounds = bounds
        self._made: dict[Callable[[Case], Coroutine[Any, Any, Any]], asyncio.Future[Any]] = {}
        self._turns: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def rows(self, service: str, sql: str, *arguments: Any) -> AsyncIterator[Row]:
        """Rows of a service's database.

        Words understood in the SQL: `mine(column)`, the column is the audited practice; `keyed(column)`, the topic key
        begins with it; `since_outbox(column)` and `since_audit(column)`, the number is above the service's mark. Without a
        practice they are true.
        """
        mark = self.evidence.marks.get(service, _BEGINNING) if self.practice is not None else _BEGINNING
        text, wanted = _expanded(sql, len(arguments), self.practice is not None)
        values = {"practice": self.practice, "outbox": mark.outbox, "audit_entries": mark.audit_entries}
        rows = self.evidence.databases.rows(service, text, *arguments, *(values[name] for name in wanted))
        if (
            self.practice is not None
        ):  # small, and several invariants ask at once: one answer at a time from each database
            async with self._turns[service]:
                answer = [row async for row in rows]
            for row in answer:
                yield row
            return
        async for row in rows:
            yield row

    async def table(self, service: str, sql: str, *arguments: Any) -> list[Row]:
        """The same, all at once."""
        return [row async for row in self.rows(service, sql, *arguments)]

    async def once(self, make: "Callable[[Case], Coroutine[Any, Any, T]]") -> T:
        """What `make` makes of this case; made when it is first asked for."""
        if make not in self._made:
            self._made[make] = asyncio.ensure_future(make(self))
        made: T = await self._made[make]
        return made

    def is_mine(self, practice: str) -> bool:
        """Whether this practice is audited."""
        return self.practice is None or practice == self.practice


_WORDS = re.compile(r"\b(mine|keyed|since_outbox|since_audit)\(([\w.]+)\)")


@lru_cache(maxsize=512)
def _expanded(sql: str, arguments: int, scoped: bool) -> tuple[str, tuple[str, ...]]:  # noqa: FBT001  part of the cache's key
    """SQL with our words written out, and the values that it needs beside the query's own arguments."""
    wanted: list[str] = []

    def number(name: str) -> int:
        if name not in wanted:
            wanted.append(name)
        return arguments + 1 + wanted.index(name)

    def written_out(match: re.Match[str]) -> str:
        word, column = match.groups()
        if not scoped:
            return "true"
        if word == "mine":
            return f"{column} = ${number('practice')}::text"
        if word == "keyed":
            return f"starts_with({column}, ${number('practice')}::text || '/')"
        name = "outbox" if word == "since_outbox" else "audit_entries"
        return f"{column} > ${number(name)}::bigint"

    text = _WORDS.sub(written_out, sql)
    return text, tuple(wanted)
