"""The outermost door: what cannot be answered soon is refused at once with 429 and ``Retry-After``, so that what is taken is answered soon.

The door knows how many bytes are being worked on and how fast work has been going. A write that would have to wait longer than the patience is
refused before its body is read; alone, it is always taken. Bodies have a largest size, so that memory is bounded as well.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .problems import problem
from .service import Running
from .telemetry import REFUSED_FOR_LOAD

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OVERHEAD_BYTES = 4096
"""What a request without a body counts as."""

LARGEST_BODY = 32 << 20
FIRST_SECONDS_A_BYTE = 1e-6
NEWEST_COUNTS = 0.1


@dataclass
class Admission:
    """How much is being worked on, and how long what comes now would take."""

    patience_seconds: float
    seconds_a_byte: float = FIRST_SECONDS_A_BYTE
    in_hand: int = field(default=0)

    def takes(self, size: int) -> bool:
        """Whether a body of that size would be answered within the patience, behind what is in hand."""
        return self.in_hand == 0 or (self.in_hand + size) * self.seconds_a_byte <= self.patience_seconds

    def begin(self, size: int) -> int:
        """Take it; returns what is in hand with it."""
        self.in_hand += size
        return self.in_hand

    def end(self, size: int, beside: int, seconds: float | None) -> None:
        """It is answered; ``seconds`` is None where the answer says nothing of the speed, as a refusal."""
        self.in_hand -= size
        if seconds is not None:
            self.seconds_a_byte += NEWEST_COUNTS * (seconds / max(beside, self.in_hand + size) - self.seconds_a_byte)


class BodyTooLarge(Exception):
    """More bytes came than a body may have."""


class Door:
    """Refuses what is too much or too large, and asks clients to go elsewhere while the service drains."""

    def __init__(self, app: ASGIApp, running: Running[Any]) -> None:
        """Around one application."""
        self._app = app
        self._running = running
        self._admission = Admission(running.settings.patience_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = self._saying_goodbye(send)
        if scope["method"] not in WRITES:
            await self._app(scope, receive, told)
            return
        said = Headers(scope=scope).get("content-length", "0")
        size = int(said) + OVERHEAD_BYTES if said.isdecimal() else OVERHEAD_BYTES
        if refused := self._refusal(size):
            await refused(scope, receive, told)
            return
        await self._take(scope, receive, told, size)

    def _refusal(self, size: int) -> Response | None:
        if size > LARGEST_BODY + OVERHEAD_BYTES:
            return _too_large()
        limit = self._running.settings.outbox_age_limit_seconds
        if self._running.relay.oldest_unsent_seconds > limit:
            return self._busy("outbox", "5", "too much is waiting to be sent")
        if not self._admission.takes(size):
            return self._busy("load", "1", "more is being worked on than can be answered soon")
        return None

    def _busy(self, cause: str, after: str, detail: str) -> Response:
        REFUSED_FOR_LOAD.labels(self._running.service.name, cause).inc()
        remedy = "Send it again after the time in Retry-After; with the same Idempotency-Key it counts once."
        return problem(429, "busy", "Too much at once", detail, headers={"Retry-After": after}, remedy=remedy)

    async def _take(self, scope: Scope, receive: Receive, send: Send, size: int) -> None:
        status = 0
        came = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def counting() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > LARGEST_BODY:
                raise BodyTooLarge
            return message

        beside = self._admission.begin(size)
        began = time.perf_counter()
        try:
            await self._app(scope, counting, noting)
        except BodyTooLarge:
            if status:
                raise
            await _too_large()(scope, receive, noting)
        finally:
            taken = 200 <= status < 300  # noqa: PLR2004  answered as asked
            self._admission.end(size, beside, time.perf_counter() - began if taken else None)

    def _saying_goodbye(self, send: Send) -> Send:
        """While the service drains, each answer is the last of its connection: the next request goes to another replica."""

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and self._running.is_draining:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        return telling


def _too_large() -> Response:
    limit = f"{LARGEST_BODY >> 20} MB"
    return problem(
        413, "too-large", "The body is too large", f"a body has at most {limit}", remedy="Send it in several requests."
    )
