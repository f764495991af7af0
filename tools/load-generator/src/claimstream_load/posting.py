"""Posts NDJSON batches as an EHR's outbox would: over several connections, each batch until it is answered.

A batch keeps its Idempotency-Key (the digest of its bytes) through every attempt, so that trying again after a lost answer adds
nothing. 429 is waited out as told, lost connections and 5xx are tried again; any other refusal is counted and given up.
"""

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

import httpx2
import orjson

from .encounters import lines, source_system
from .journal import Acknowledged, Journal

NDJSON = "application/x-ndjson"
TIMEOUT_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0
TOO_MANY = 429
IN_FLIGHT = 409
SERVER_FAULT = 500

Batch: TypeAlias = Sequence[bytes]


@dataclass
class Tally:
    """What came of the posting so far."""

    accepted: int = 0
    """Encounters that a 202 acknowledged."""
    requests: int = 0
    """Requests that were answered 202."""
    retried: int = 0
    """Requests that had to be sent again, for whatever reason."""
    refused_429: int = 0
    given_up: int = 0
    """Encounters that were refused for good, or not answered before the posting was stopped."""
    errors: Counter[str] = field(default_factory=Counter)
    """By kind: the status of an answer, or the class of what the connection raised."""
    seconds: list[float] = field(default_factory=list)
    """From sending to its answer, of each request that was answered 202; its earlier attempts are not in it."""
    first_sent: float | None = None
    """Wall clock (seconds since the epoch) at the first request."""
    last_answered: float | None = None
    """Wall clock at the last 202."""

    def to_json(self) -> dict[str, Any]:
        """The counts, without the single latencies."""
        return {
            "accepted": self.accepted,
            "requests": self.requests,
            "retried": self.retried,
            "refused_429": self.refused_429,
            "given_up": self.given_up,
            "errors": dict(self.errors),
        }


def batches(seed: int, *, start: int = 0, count: int, size: int = 200) -> Iterator[list[bytes]]:
    """Yield so many encounters of a run, cut into batches."""
    for first in range(start, start + count, size):
        yield lines(seed, first, min(size, start + count - first))


class Poster:
    """Posts batches to one intake. ``tally`` can be read while it works; ``stop`` ends it after the requests under way."""

    def __init__(  # noqa: PLR0913  each is a choice of its own
        self,
        url: str,
        bearer: str,
        *,
        practice: str,
        connections: int = 4,
        rate: float | None = None,
        journal: Journal | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """``rate`` is in encounters a second; None is as fast as the answers come. ``transport``: None is the network."""
        self.tally = Tally()
        self._practice = practice
        self._connections = connections
        self._rate = rate
        self._journal = journal
        self._transport = transport
        self._headers = {"Authorization": f"Bearer {bearer}", "Content-Type": NDJSON}
        self._url = url
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begin no further batch, and give up those that wait to be tried again."""
        self._stopping.set()

    async def post(self, batches: Iterable[Batch]) -> Tally:
        """Post batches until there are no more, or until stopped."""
        limits = httpx2.Limits(max_connections=self._connections, max_keepalive_connections=self._connections)
        paced = self._paced(iter(batches))
        async with httpx2.AsyncClient(
            base_url=self._url,
            headers=self._headers,
            timeout=TIMEOUT_SECONDS,
            limits=limits,
            transport=self._transport,
        ) as http:
            lock = asyncio.Lock()
            await asyncio.gather(*(self._work(http, paced, lock) for _ in range(self._connections)))
        return self.tally

    async def _paced(self, batches: Iterator[Batch]) -> AsyncIterator[Batch]:
        began, handed = time.monotonic(), 0
        for batch in batches:
            if self._rate is not None:
                await self._pause(began + handed / self._rate - time.monotonic())
            if self._stopping.is_set():
                return
            handed += len(batch)
            yield batch

    async def _work(self, http: httpx2.AsyncClient, paced: AsyncIterator[Batch], lock: asyncio.Lock) -> None:
        while True:
            async with lock:
                batch = await anext(paced, None)
            if batch is None:
                return
            if not await self._until_answered(http, b"\n".join(batch)):
                self.tally.given_up += len(batch)

    async def _until_answered(self, http: httpx2.AsyncClient, content: bytes) -> bool:
        key = hashlib.sha256(content).hexdigest()
        pause = FIRST_PAUSE_SECONDS
        while True:
            wait = await self._attempt(http, content, key, pause)
            if wait is None:
                return True
            if wait < 0 or self._stopping.is_set():
                return False
            self.tally.retried += 1
            await self._pause(wait)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _attempt(self, http: httpx2.AsyncClient, content: bytes, key: str, pause: float) -> float | None:
        """Send once; None when it is done, else the seconds until the next attempt, negative when there is none."""
        tally = self.tally
        tally.first_sent = tally.first_sent or time.time()
        began = time.perf_counter()
        try:
            answer = await http.post("/encounters", content=content, headers={"Idempotency-Key": key})
        except httpx2.TransportError as failed:
            tally.errors[type(failed).__name__] += 1
            return pause
        if answer.status_code == httpx2.codes.ACCEPTED:
            await self._acknowledged(answer, time.perf_counter() - began)
            return None
        tally.errors[str(answer.status_code)] += 1
        if answer.status_code == TOO_MANY:
            tally.refused_429 += 1
            return retry_after(answer.headers, pause)
        return pause if answer.status_code == IN_FLIGHT or answer.status_code >= SERVER_FAULT else -1.0

    async def _acknowledged(self, answer: httpx2.Response, seconds: float) -> None:
        taken = orjson.loads(answer.content)["encounters"]
        if self._journal is not None:
            await asyncio.to_thread(self._journal.add, acknowledged(taken, answer.status_code, self._practice))
        self.tally.accepted += len(taken)
        self.tally.requests += 1
        self.tally.seconds.append(seconds)
        self.tally.last_answered = time.time()

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                return


def acknowledged(taken: Iterable[dict[str, Any]], status: int, practice: str) -> list[Acknowledged]:
    """What an answer promises to keep, for the journal."""
    at = datetime.now(UTC).isoformat()
    return [
        Acknowledged(
            at=at,
            practice=practice,
            source_system=system_of(each["encounter_id"]),
            encounter_id=each["encounter_id"],
            id=each["id"],
            version=each["version"],
            status=status,
        )
        for each in taken
    ]


def system_of(encounter_id: str) -> str:
    """The source system of an encounter of ours, by its number ``L<seed>-<number>``: the answer does not repeat it."""
    return source_system(int(encounter_id[1:].partition("-")[0]))


def retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """The seconds that an answer asks to wait; a little while where it does not say so."""
    told = headers.get("Retry-After", "")
    return float(told) if told.replace(".", "", 1).isdigit() else otherwise
