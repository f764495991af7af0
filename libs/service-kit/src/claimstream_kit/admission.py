"""The outermost door: who has no token, and what cannot be answered soon, is refused at once, so that what is taken is answered soon.

A token is asked for before anything is read. Then a body has to come, and not slowly: while it comes it holds room of a bound that all share, and none of
the time. The door knows how many bytes are being worked on and how fast work has been going: a write that would have to wait longer than the
patience gets 429 and ``Retry-After``; alone, it is always taken. While several subjects ask, each has its share of room and of time.
"""

import asyncio
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .auth import Principal, TokenVerifier, Unauthenticated
from .problems import UNAVAILABLE, Answer, problem, refusal
from .service import Running
from .telemetry import REFUSED

OPEN = frozenset({"/health/live", "/health/ready", "/metrics", "/openapi.json"})
"""What is answered without a token."""

BUSY = Answer(429, "busy", "Too much at once")
TOO_LARGE = Answer(413, "too-large", "The body is too large")
TOO_SLOW = Answer(408, "too-slow", "The body did not come")
ENCODED = Answer(415, "encoded", "The body is encoded")

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OVERHEAD_BYTES = 4096
"""What a request without a body counts as."""

LARGEST_BODY = 32 << 20
LARGEST_TOGETHER = 4 * LARGEST_BODY
"""What all bodies that are coming or are worked on may have together; one subject's have half of it."""

SLOWEST_BYTES_A_SECOND = 64 << 10
FIRST_SECONDS_A_BYTE = 1e-6
NEWEST_COUNTS = 0.1
ASKS_SECONDS = 5.0
"""How long a subject that has asked counts as one who asks."""


@dataclass
class Admission:
    """How much is being worked on, for whom, and how long what comes now would take."""

    patience_seconds: float
    seconds_a_byte: float = FIRST_SECONDS_A_BYTE
    in_hand: int = field(default=0)
    by_subject: Counter[str] = field(default_factory=Counter)
    asked: dict[str, float] = field(default_factory=dict)
    """When each subject last asked."""

    def takes(self, size: int, who: str = "") -> bool:
        """Whether a body of that size would be answered within the patience, behind what is in hand, and within the subject's share of it."""
        now = time.monotonic()
        self.asked = {one: at for one, at in self.asked.items() if now - at < ASKS_SECONDS} | {who: now}
        if self.in_hand == 0:
            return True
        own = self.by_subject[who]
        share = self.patience_seconds / len(self.asked)
        return (self.in_hand + size) * self.seconds_a_byte <= self.patience_seconds and (
            own == 0 or (own + size) * self.seconds_a_byte <= share
        )

    def begin(self, size: int, who: str = "") -> int:
        """Take it; returns what is in hand with it."""
        self.in_hand += size
        self.by_subject[who] += size
        return self.in_hand

    def end(self, size: int, beside: int, seconds: float | None, who: str = "") -> None:
        """It is answered; ``seconds`` is None where the answer says nothing of the speed, as a refusal."""
        self.in_hand -= size
        self.by_subject[who] -= size
        if not self.by_subject[who]:
            del self.by_subject[who]
        if seconds is not None:
            self.seconds_a_byte += NEWEST_COUNTS * (seconds / max(beside, self.in_hand + size) - self.seconds_a_byte)


@dataclass
class Room:
    """The bytes that bodies hold, from their announcement to their answer."""

    held: int = 0
    by_subject: Counter[str] = field(default_factory=Counter)

    def has(self, size: int, who: str) -> bool:
        """Whether there is room for so much more of this subject's."""
        own = self.by_subject[who] + size
        return self.held + size <= LARGEST_TOGETHER and (own <= LARGEST_TOGETHER // 2 or own == size)

    def hold(self, size: int, who: str) -> None:
        """Hold more of it, or with less than 0 give some back."""
        self.held += size
        self.by_subject[who] += size
        if not self.by_subject[who]:
            del self.by_subject[who]


class Refused(Exception):
    """A body that is not taken: with its answer, or with none where nobody is there any more."""

    def __init__(self, cause: str, answer: Response | None) -> None:
        super().__init__(cause)
        self.cause = cause
        self.answer = answer


class Door:
    """Asks for the token, takes bodies in, refuses what is too much, and asks clients to go elsewhere while the service drains."""

    def __init__(self, app: ASGIApp, running: Running[Any], tokens: TokenVerifier) -> None:
        """Around one application."""
        self._app = app
        self._running = running
        self._tokens = tokens
        self._admission = Admission(running.settings.patience_seconds)
        self._room = Room()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; who asks is its state's ``principal``."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = self._saying_goodbye(send)
        headers = Headers(scope=scope)
        who = ""
        if scope["path"] not in OPEN:
            try:
                principal = self._tokens.bearer(headers.get("authorization"))
            except Unauthenticated as refused:
                self._note("token")
                await refusal(refused)(scope, receive, told)
                return
            scope.setdefault("state", {})["principal"] = principal
            who = _subject(principal)
        if scope["method"] not in WRITES:
            await (self._app if scope["path"] in OPEN else self._within_its_time)(scope, receive, told)
            return
        await self._let_in(scope, receive, told, who)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send, who: str) -> None:
        headers = Headers(scope=scope)
        said = headers.get("content-length", "0")
        body = Body(announced=int(said) if said.isdecimal() else 0, who=who, room=self._room)
        try:
            _refuse_encoded(headers.get("content-encoding", ""))
            self._look(body)
            await body.arrive(receive, silent=self._running.settings.body_silent_seconds)
            if not self._admission.takes(body.size, who):
                raise _busy("load", "1", "more is being worked on than can be answered soon")
            await self._take(scope, body, receive, send)
        except Refused as refused:
            self._note(refused.cause)
            if refused.answer is not None:
                await refused.answer(scope, receive, send)
        finally:
            body.leave()

    def _look(self, body: "Body") -> None:
        """Whether what was announced is to come at all.

        Raises:
            Refused: it is too large, or there is too much of everything.
        """
        if body.size > LARGEST_BODY + OVERHEAD_BYTES:
            raise _too_large()
        limit = self._running.settings.outbox_age_limit_seconds
        if self._running.relay.oldest_unsent_seconds > limit:
            raise _busy("outbox", "5", "too much is waiting to be sent")
        if not self._admission.takes(body.size, body.who):
            raise _busy("load", "1", "more is being worked on than can be answered soon")
        body.enter()

    def _note(self, cause: str) -> None:
        REFUSED.labels(self._running.service.name, cause).inc()

    async def _take(self, scope: Scope, body: "Body", receive: Receive, send: Send) -> None:
        status, is_answered = 0, False
        size = body.size
        beside = self._admission.begin(size, body.who)
        began = time.perf_counter()

        def answered() -> None:
            nonlocal is_answered
            if is_answered:
                return
            is_answered = True
            taken = 200 <= status < 300  # noqa: PLR2004  answered as asked
            self._admission.end(size, beside, time.perf_counter() - began if taken else None, body.who)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif not message.get("more_body", False):
                answered()  # before its last byte leaves: who asks again at once finds nothing of it in hand
            await send(message)

        async def replaying() -> Message:
            return body.parts.popleft() if body.parts else await receive()

        try:
            await self._within_its_time(scope, replaying, noting)
        finally:
            answered()

    async def _within_its_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application answer; where it takes too long, answer 503 without waiting for what hangs."""
        is_answering = is_late = False

        async def in_time(message: Message) -> None:
            nonlocal is_answering
            if not is_late:
                is_answering = True
                await send(message)

        asked = asyncio.ensure_future(self._app(scope, receive, in_time))
        try:
            done, _ = await asyncio.wait([asked], timeout=self._running.settings.request_seconds)
        except asyncio.CancelledError:
            asked.cancel()
            raise
        if done or is_answering:
            await asked
            return
        is_late = True
        asked.cancel()
        asked.add_done_callback(_forget)
        self._note("hangs")
        await _hangs()(scope, receive, send)

    def _saying_goodbye(self, send: Send) -> Send:
        """While the service drains, each answer is the last of its connection: the next request goes to another replica."""

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start" and self._running.is_draining:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        return telling


@dataclass
class Body:
    """A body on its way in."""

    announced: int
    who: str
    room: Room
    parts: deque[Message] = field(default_factory=deque)
    came: int = 0
    _held: int = 0

    @property
    def size(self) -> int:
        """What it counts as: as announced, or more where more came."""
        return max(self.announced, self.came) + OVERHEAD_BYTES

    def enter(self) -> None:
        """Hold room for what was announced or came.

        Raises:
            Refused: there is none left, of all or of the subject's share.
        """
        more = self.size - self._held
        if not self.room.has(more, self.who):
            raise _busy("room", "2", "too many large bodies are on their way")
        self.room.hold(more, self.who)
        self._held += more

    def leave(self) -> None:
        """Give the room back."""
        if self._held:
            self.room.hold(-self._held, self.who)
            self._held = 0

    async def arrive(self, receive: Receive, *, silent: float) -> None:
        """Take it in; ``silent``: seconds that may pass without a byte. It may take these and what it needs at the slowest pace.

        Raises:
            Refused: it is too large, or too slow, or nobody sends it any more.
        """
        deadline = time.monotonic() + silent + self.size / SLOWEST_BYTES_A_SECOND
        while True:
            try:
                async with asyncio.timeout(max(0.0, min(silent, deadline - time.monotonic()))):
                    message = await receive()
            except TimeoutError as error:
                raise _too_slow(silent) from error
            if message["type"] == "http.disconnect":
                raise Refused("gone", None)
            part = len(message.get("body", b""))
            self.came += part
            if self.came > LARGEST_BODY:
                raise _too_large()
            if self.came > self.announced:  # its size was not said
                self.enter()
                deadline += part / SLOWEST_BYTES_A_SECOND
            self.parts.append(message)
            if not message.get("more_body", False):
                return


def _subject(principal: Principal) -> str:
    return f"{principal.practice}/{principal.subject}"


def _busy(cause: str, after: str, detail: str) -> Refused:
    remedy = "Send it again after the time in Retry-After; with the same Idempotency-Key it counts once."
    answer = problem(BUSY, detail, headers={"Retry-After": after}, remedy=remedy)
    return Refused(cause, answer)


def _forget(asked: "asyncio.Future[None]") -> None:
    """What comes of a request that nobody waits for any more."""
    if not asked.cancelled():
        asked.exception()


def _hangs() -> Response:
    detail = "a part of the service does not answer; nothing is said of what was asked"
    return problem(
        UNAVAILABLE,
        detail,
        headers={"Retry-After": "5"},
        remedy="Send it again with the same Idempotency-Key.",
    )


def _refuse_encoded(encoding: str) -> None:
    """Refuse a body that is compressed: how large it is, nobody knows before it is read."""
    if encoding.strip().lower() not in ("", "identity"):
        answer = problem(ENCODED, "a body is read as it is", remedy="Send it without Content-Encoding.")
        raise Refused("encoded", answer)


def _too_large() -> Refused:
    limit = f"{LARGEST_BODY >> 20} MB"
    answer = problem(TOO_LARGE, f"a body has at most {limit}", remedy="Send it in several requests.")
    return Refused("too-large", answer)


def _too_slow(silent: float) -> Refused:
    detail = f"nothing came of it for {silent:g} s, or it came slower than {SLOWEST_BYTES_A_SECOND >> 10} kB a second"
    answer = problem(TOO_SLOW, detail, remedy="Send it again, all at once.")
    return Refused("too-slow", answer)
