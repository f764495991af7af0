"""The HTTP door of a service: health, readiness, metrics; everything else behind a token."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field

from .admission import Door
from .api_description import describe, refuses
from .auth import Principal, TokenVerifier, allowed, authenticated
from .consuming.letters import DeadLetter, DeadLetterPage, LetterState, Redriven
from .errors import Conflict
from .health import State
from .nulls import refuse_nulls
from .problems import add_problem_handlers
from .query_names import refuse_unknown_names
from .service import Running
from .telemetry import REQUEST_SECONDS, REQUESTS
from .tracing import accepted, current_traceparent

Operator = Annotated[Principal, Depends(allowed("operator"))]
Onlooker = Annotated[Principal, Depends(allowed("operator", "auditor", "biller", "coder", "practice-admin"))]


LARGEST_ID = 2**63 - 1
LetterId = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def running_of(request: Request) -> Running[Any]:
    """The running service behind a request."""
    running: Running[Any] = request.app.state.running
    return running


class Readiness(BaseModel):
    """Whether the service takes work, and what of it does not."""

    status: Literal["ready", "not ready"]
    parts: dict[str, State]
    audit: Literal["sealed", "cannot be sealed"]
    draining: bool


class Discard(BaseModel):
    """Why a dead letter is given up."""

    reason: str = Field(min_length=3, max_length=400)


def build_app(running: Running[Any]) -> FastAPI:
    """The application of a running service; it starts and drains the service with its own lifespan."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await running.start()
        yield
        await running.stop()

    service = running.service
    app = FastAPI(
        title=service.name,
        description=service.description,
        version="1",
        lifespan=lifespan,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names, with the token
    )
    app.state.running = running
    for name, value in service.state.items():
        setattr(app.state, name, value)
    add_problem_handlers(app)
    _add_measuring(app, service.name)
    tokens = TokenVerifier(running.settings.token_keys, issuer=running.settings.token_issuer)
    app.add_middleware(Door, running=running, tokens=tokens)
    app.include_router(_open_routes(running))
    guarded = APIRouter(dependencies=[Depends(authenticated), Depends(refuse_unknown_names), Depends(refuse_nulls)])
    guarded.include_router(_operator_routes(running))
    for router in service.routers:
        guarded.include_router(router)
    app.include_router(guarded)
    describe(app)
    return app


def _add_measuring(app: FastAPI, name: str) -> None:
    @app.middleware("http")
    async def measure(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        began = time.perf_counter()
        current_traceparent.set(accepted(request.headers.get("traceparent")))
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "unknown")
        REQUESTS.labels(name, request.method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(name, request.method, route).observe(time.perf_counter() - began)
        return response


def _open_routes(running: Running[Any]) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="Whether the process lives")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    not_ready = {"model": Readiness, "description": "It takes none now"}

    @router.get("/health/ready", responses={503: not_ready}, summary="Whether it takes work")
    async def ready(response: Response) -> Readiness:
        is_ready = running.is_ready
        response.status_code = 200 if is_ready else 503
        return Readiness(
            status="ready" if is_ready else "not ready",
            parts=running.health.states,
            audit="sealed" if running.sealer.works else "cannot be sealed",
            draining=running.is_draining,
        )

    as_text = {"content": {"text/plain": {"schema": {"type": "string"}}}}

    @router.get("/metrics", response_class=Response, responses={200: as_text}, summary="Prometheus metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    for path, answer in (("/health/live", live), ("/health/ready", ready)):  # as who balances a load may ask
        router.add_api_route(path, answer, methods=["HEAD"], include_in_schema=False)
    return router


def _operator_routes(running: Running[Any]) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/quiet", summary="What is still to do here; all zero at rest")
    async def quiet(who: Onlooker) -> dict[str, int]:
        del who
        return await running.quiet()

    @router.get("/dead-letters", summary="Events that could not be worked on, and those parked behind them")
    async def dead_letters(
        who: Operator,
        state: LetterState | None = None,
        after: Annotated[int, Query(ge=0, le=LARGEST_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> DeadLetterPage:
        found = await running.dead_letters.page(who.practice, state=state, after=after, limit=limit)
        return DeadLetterPage(dead_letters=found, next_after=found[-1].id if len(found) == limit else None)

    @router.post("/dead-letters/{letter}/redrive", summary="Work on it again, with what is parked behind it, in order")
    async def redrive(letter: LetterId, who: Operator) -> Redriven:
        async with running.unit(who.subject) as unit:
            unit.record("act", who.practice, f"redrive {letter}")
        return Redriven(dead_letters=await running.dead_letters.redrive(who.practice, letter, actor=who.subject))

    @router.post("/dead-letters/{letter}/discard", responses=refuses(Conflict), summary="Give it up, with a reason")
    async def discard(letter: LetterId, why: Discard, who: Operator) -> DeadLetter:
        async with running.unit(who.subject) as unit:
            unit.record("act", who.practice, f"discard {letter}", why.reason.encode())
        return await running.dead_letters.discard(who.practice, letter, reason=why.reason, actor=who.subject)

    return router
