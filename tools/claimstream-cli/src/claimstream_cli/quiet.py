"""Waits until a stack has come to rest: nothing unsent, nothing waiting, no lag, every file answered, and no figure moves any more."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx2

from .client import DEFAULT_PRACTICE, client, token
from .members import SERVICES, SIMULATOR
from .places import Home
from .state import Plan, read_json

MUST_BE_ZERO = ("outbox_unsent", "waiting", "lag", "unfinished")
STILL_SECONDS = 2.5
POLL_SECONDS = 0.25


class NotQuiet(Exception):
    """The stack did not come to rest in time; the message has the figures."""


def wait_until_quiet(
    home: Home, plan: Plan, *, seconds: float, told: Callable[[dict[str, Any]], None] | None = None
) -> None:
    """Return once every figure has been at rest for a while.

    Raises:
        NotQuiet: it did not come to rest in time.
    """
    bearer = token(home, practice=DEFAULT_PRACTICE, subject="claimstream-quiet", roles=["operator"])
    deadline = time.monotonic() + seconds
    last: dict[str, Any] = {}
    since = time.monotonic()
    while time.monotonic() < deadline:
        now = figures(home, plan, bearer)
        if now != last or is_busy(now):
            last, since = now, time.monotonic()
        elif time.monotonic() - since >= STILL_SECONDS:
            return
        if told is not None:
            told(now)
        time.sleep(POLL_SECONDS)
    message = f"the stack did not come to rest within {seconds:.0f} s: {json.dumps(last)}"
    raise NotQuiet(message)


def figures(home: Home, plan: Plan, bearer: str) -> dict[str, Any]:
    """What each member says is still to do, and how many files lie in the exchange folders."""
    found: dict[str, Any] = {}
    for service in SERVICES:
        answers = [_quiet(str(task.url), bearer) for task in plan.replicas(service.name)]
        lags = [answer["lag"] for answer in answers]
        found[service.name] = {**answers[0], "lag": -1 if min(lags) < 0 else sum(lags)}
    if any(task.name == SIMULATOR for task in plan.tasks):
        found[SIMULATOR] = read_json(home.root / SIMULATOR / "status.json") or {"pending": -1}
    for folder in ("outbound", "inbound"):
        found[folder] = sum(1 for _ in (home.exchange / folder).glob("*"))
    return found


def _quiet(url: str, bearer: str) -> dict[str, Any]:
    try:
        with client(url, bearer) as http:
            response = http.get("/quiet")
            response.raise_for_status()
            return dict(response.json())
    except httpx2.HTTPError as failed:
        return {"lag": -1, "unreachable": str(failed)}


def is_busy(found: dict[str, Any]) -> bool:
    """Whether anybody still has something to do."""
    services = any(found[service.name].get(name) for service in SERVICES for name in MUST_BE_ZERO)
    return services or bool(found.get(SIMULATOR, {}).get("pending"))
