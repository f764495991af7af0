"""Refusals as ``application/problem+json`` (RFC 9457): a stable slug, a status, the place and the remedy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, get_args

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .database import TRANSIENT
from .errors import Invalid, Malformed, NotFound, Refusal
from .telemetry import places_of

log = structlog.get_logger()

CONTENT_TYPE = "application/problem+json"
TYPE = "https://claimstream.invalid/problems/"


class Kind(Protocol):
    """What answers of one kind have in common. A class of refusals is one."""

    @property
    def status(self) -> int: ...  # noqa: D102  HTTP's
    @property
    def slug(self) -> str: ...  # noqa: D102  stable: programs read it
    @property
    def title(self) -> str: ...  # noqa: D102  for people


@dataclass(frozen=True)
class Answer:
    """A kind that no rule of the business raises."""

    status: int
    slug: str
    title: str


UNREADABLE = Answer(400, "unreadable", "The body cannot be read")
NO_METHOD = Answer(405, "method-not-allowed", "The address does not know the method")
MADE_TWICE = Answer(409, "made-twice", "Another request is making the same")
UNEXPECTED = Answer(500, "unexpected", "Something went wrong here")
UNAVAILABLE = Answer(503, "unavailable", "Try again")
_BY_STATUS: Mapping[int, Kind] = {kind.status: kind for kind in (UNREADABLE, NotFound, NO_METHOD)}

_FORMS = set(get_args(ErrorType)) - {"value_error", "string_too_short"}
"""What a schema says as well. That a text is too short it says of texts with blanks around them, which are taken off first."""
_LARGEST_INTEGER = 2**31 - 1
_MOST_DIGITS = 10


def problem(
    kind: Kind, detail: str | None = None, *, headers: Mapping[str, str] | None = None, **members: Any
) -> JSONResponse:
    """An answer of that shape; members that are None are left out."""
    body = {"type": TYPE + kind.slug, "title": kind.title, "status": kind.status, "detail": detail, **members}
    content = {name: value for name, value in body.items() if value is not None}
    return JSONResponse(content, status_code=kind.status, media_type=CONTENT_TYPE, headers=dict(headers or {}))


def refusal(error: Refusal) -> JSONResponse:
    """The answer that a refusal is."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}  # noqa: PLR2004  Unauthorized
    return problem(error, error.detail, headers=headers, place=error.place, remedy=error.remedy)


def pointer(location: tuple[Any, ...]) -> str:
    """A JSON pointer of a Pydantic location."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location)


def faults_of(error: ValidationError | RequestValidationError, *, skip: int = 0) -> list[dict[str, str]]:
    """Each fault with its place and what is wanted there; without the input, which may be patient data."""
    return [
        {
            "place": pointer(tuple(fault["loc"])[skip:]) or "/",
            "problem": str(fault["msg"]).removeprefix("Value error, "),
        }
        for fault in error.errors()
    ]


def breaks_rules_alone(error: ValidationError | RequestValidationError) -> bool:
    """Whether the request has the form that is described: all that is wrong is what our own validators say, which no schema can."""
    return not any(fault["type"] in _FORMS for fault in error.errors())


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every refusal of an application in that shape."""

    @app.exception_handler(Refusal)
    async def _refused(request: Request, error: Refusal) -> JSONResponse:
        del request
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        del request
        faults = faults_of(error, skip=1)
        remedy = "Correct the places named in errors; /openapi.json says what each takes."
        kind = Invalid if breaks_rules_alone(error) else Malformed
        return problem(kind, f"{len(faults)} faults", place=faults[0]["place"], remedy=remedy, errors=faults)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        kind = _BY_STATUS.get(error.status_code) or Answer(error.status_code, Refusal.slug, Refusal.title)
        headers = _allowing(request) if kind is NO_METHOD else None
        return problem(kind, str(error.detail), headers=headers or error.headers)

    async def _away(request: Request, error: Exception) -> JSONResponse:
        del request
        log.warning("the database is away", error=type(error).__name__)
        return problem(UNAVAILABLE, "a part of the service is away for a moment", headers={"Retry-After": "2"})

    for transient in TRANSIENT:
        app.add_exception_handler(transient, _away)

    @app.exception_handler(asyncpg.UniqueViolationError)
    async def _raced(request: Request, error: asyncpg.UniqueViolationError) -> JSONResponse:
        del request
        log.info("two requests made the same thing", constraint=error.constraint_name)
        return problem(MADE_TWICE, "try again", headers={"Retry-After": "1"})

    @app.exception_handler(asyncpg.DataError)
    async def _cannot_be_kept(request: Request, error: asyncpg.DataError) -> JSONResponse:
        log.info("a value that the database does not take", error=type(error).__name__)
        return problem(
            Malformed,
            "a text holds the character U+0000, or a number is too large",
            place=_place_of_what_cannot_be_kept(request),
            remedy="Send the value without it.",
        )

    app.add_middleware(Unexpected)


def _allowing(request: Request) -> dict[str, str] | None:
    """All methods of an address; the framework names those of the first route that has it."""
    path = getattr(request.scope.get("route"), "path", None)
    methods = request.app.openapi()["paths"].get(path)
    return {"Allow": ", ".join(sorted(map(str.upper, methods)))} if methods else None


def _place_of_what_cannot_be_kept(request: Request) -> str:
    """The parameter that holds it; the whole body where none does."""
    for name, value in (*request.path_params.items(), *request.query_params.items()):
        text = str(value)
        if "\x00" in text or _is_too_large(text):
            return f"/{name}"
    return "/"


def _is_too_large(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and (len(digits) > _MOST_DIGITS or int(digits) > _LARGEST_INTEGER)


class Unexpected:
    """Answers a fault of ours with 500 and logs where it was; raised further, the server would log its message: patient data."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001  whatever it is, its message stays out of the log
            route = getattr(scope.get("route"), "path", "unknown")
            log.error("unexpected", error=type(error).__name__, path=route, places=places_of(error))  # noqa: TRY400  no message
            if begun:
                return
            answer = problem(UNEXPECTED, "the fault is logged; nothing was changed")
            await answer(scope, receive, send)
