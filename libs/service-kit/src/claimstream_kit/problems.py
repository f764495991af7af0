"""Refusals as ``application/problem+json`` (RFC 9457): a stable slug, a status, the place and the remedy."""

from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .database import TRANSIENT
from .errors import Refusal
from .telemetry import places_of

log = structlog.get_logger()

CONTENT_TYPE = "application/problem+json"
TYPE = "https://claimstream.invalid/problems/"

_LARGEST_INTEGER = 2**31 - 1
_MOST_DIGITS = 10


def problem(
    status: int,
    slug: str,
    title: str,
    detail: str | None = None,
    *,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """An answer of that shape; members that are None are left out."""
    body = {"type": TYPE + slug, "title": title, "status": status, "detail": detail, **members}
    content = {name: value for name, value in body.items() if value is not None}
    return JSONResponse(content, status_code=status, media_type=CONTENT_TYPE, headers=dict(headers or {}))


def refusal(error: Refusal) -> JSONResponse:
    """The answer that a refusal is."""
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}  # noqa: PLR2004  Unauthorized
    return problem(
        error.status, error.slug, error.title, error.detail, headers=headers, place=error.place, remedy=error.remedy
    )


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
        return problem(
            422, "invalid", "The request is not valid", f"{len(faults)} faults", remedy=remedy, errors=faults
        )

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        del request
        slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "refused")
        return problem(error.status_code, slug, str(error.detail), headers=error.headers)

    async def _away(request: Request, error: Exception) -> JSONResponse:
        del request
        log.warning("the database is away", error=type(error).__name__)
        return problem(
            503, "unavailable", "Try again", "a part of the service is away for a moment", headers={"Retry-After": "2"}
        )

    for transient in TRANSIENT:
        app.add_exception_handler(transient, _away)

    @app.exception_handler(asyncpg.UniqueViolationError)
    async def _raced(request: Request, error: asyncpg.UniqueViolationError) -> JSONResponse:
        del request
        log.info("two requests made the same thing", constraint=error.constraint_name)
        return problem(
            409, "made-twice", "Another request is making the same", "try again", headers={"Retry-After": "1"}
        )

    @app.exception_handler(asyncpg.DataError)
    async def _cannot_be_kept(request: Request, error: asyncpg.DataError) -> JSONResponse:
        log.info("a value that the database does not take", error=type(error).__name__)
        return problem(
            422,
            "invalid",
            "The request is not valid",
            "a text holds the character U+0000, or a number is too large",
            place=_place_of_what_cannot_be_kept(request),
            remedy="Send the value without it.",
        )

    app.add_middleware(Unexpected)


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
            answer = problem(500, "unexpected", "Something went wrong here", "the fault is logged; nothing was changed")
            await answer(scope, receive, send)
