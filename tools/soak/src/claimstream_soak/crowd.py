"""A crowd of clients that posts at a rate, whatever the answers: who is told to come later does, and meanwhile the next ones come."""

import asyncio
import hashlib
import heapq
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path

import httpx2
import orjson
from claimstream_load import Journal, batches
from claimstream_load.posting import NDJSON, TOO_MANY, acknowledged, retry_after

IN_ONE_REQUEST = 10
MOST_OPEN = 400
"""Requests under way at once; a crowd that finds nobody to answer grows no further."""

TIMEOUT_SECONDS = 30.0


class Crowd:
    """Posts new encounters, and again what was refused for load, so many in a second."""

    def __init__(  # noqa: PLR0913  each is a choice of its own
        self, url: str, bearer: str, *, practice: str, seed: int, rate: float, folder: Path
    ) -> None:
        """``rate`` is in encounters a second."""
        self._url = url
        self._headers = {"Authorization": f"Bearer {bearer}", "Content-Type": NDJSON}
        self._practice = practice
        self._rate = rate
        self._journal = Journal(folder / "journal.ndjson")
        self._new: Iterator[list[bytes]] = batches(seed, count=1 << 30, size=IN_ONE_REQUEST)
        self._later: list[tuple[float, int, bytes]] = []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="crowd", daemon=True)
        self.offered = 0
        """Encounters in requests that were sent, again and again ones too."""
        self.accepted = 0
        self.refused = 0
        """Requests that were refused for load."""
        self.untold = 0
        """Refusals for load that do not say when to come again."""
        self.errors: Counter[str] = Counter()
        self.seconds: deque[tuple[float, float]] = deque()
        """Of each accepted request: when it was answered (monotonic), and how long that took."""

    def start(self) -> None:
        """Begin to post."""
        self._thread.start()

    def stop(self) -> None:
        """Post no more, and wait for the answers that are still to come."""
        self._stopping.set()
        self._thread.join()
        self._journal.close()

    async def _run(self) -> None:
        limits = httpx2.Limits(max_connections=MOST_OPEN, max_keepalive_connections=MOST_OPEN)
        timeout = httpx2.Timeout(TIMEOUT_SECONDS)
        async with httpx2.AsyncClient(
            base_url=self._url, headers=self._headers, timeout=timeout, limits=limits
        ) as http:
            under_way: set[asyncio.Task[None]] = set()
            began, handed = time.monotonic(), 0
            while not self._stopping.is_set():
                handed += IN_ONE_REQUEST
                await asyncio.sleep(max(0.0, began + handed / self._rate - time.monotonic()))
                if len(under_way) < MOST_OPEN:
                    task = asyncio.create_task(self._send(http, self._next()))
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
            if under_way:
                await asyncio.wait(under_way)

    def _next(self) -> bytes:
        if self._later and self._later[0][0] <= time.monotonic():
            return heapq.heappop(self._later)[2]
        return b"\n".join(next(self._new))

    async def _send(self, http: httpx2.AsyncClient, content: bytes) -> None:
        self.offered += IN_ONE_REQUEST
        began = time.monotonic()
        try:
            answer = await http.post(
                "/encounters", content=content, headers={"Idempotency-Key": hashlib.sha256(content).hexdigest()}
            )
        except httpx2.TransportError as failed:
            self.errors[type(failed).__name__] += 1
            self._again(content, 1.0)
            return
        now = time.monotonic()
        if answer.status_code == httpx2.codes.ACCEPTED:
            self.seconds.append((now, now - began))
            taken = orjson.loads(answer.content)["encounters"]
            await asyncio.to_thread(self._journal.add, acknowledged(taken, answer.status_code, self._practice))
            self.accepted += len(taken)
            return
        if answer.status_code == TOO_MANY:
            self.refused += 1
            self.untold += "Retry-After" not in answer.headers
        else:
            self.errors[str(answer.status_code)] += 1
        self._again(content, retry_after(answer.headers, 1.0))

    def _again(self, content: bytes, seconds: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, self.offered, content))
