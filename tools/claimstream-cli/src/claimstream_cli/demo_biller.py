"""The demo's biller: when the payers have answered, some claims are corrected and some are taken back, as a person would by the API."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from .client import JSON, client, post_encounters, token
from .members import CLAIM, CODING
from .places import Home, checkout
from .state import Plan

CORRECTIONS = "corrections"
VOIDS = "voids.json"
SUBJECT = "demo-biller"


class BillerRefused(Exception):
    """A service did not take what the demo's biller asked."""


def work_as_a_biller(home: Home, plan: Plan, practice: str) -> dict[str, int]:
    """Post newer versions of visits that were paid, and take claims back; how many of each."""
    bearer = token(home, practice=practice, subject=SUBJECT, roles=["biller"])
    with client(plan.url(CODING.name), bearer) as coding, client(plan.url(CLAIM.name), bearer) as claims:
        known = _encounters(coding)
        for body in _newer_versions():
            answer = post_encounters(coding, body, JSON)
            if not answer.taken:
                raise BillerRefused(" · ".join(answer.lines()))
        voids = json.loads((checkout() / "demo" / VOIDS).read_bytes())
        for void in voids:
            (claim,) = _get(claims, f"/claims?encounter_id={known[void['encounter_id']]}")["claims"]
            _post(claims, f"/claims/{claim['claim_id']}/void", {"reason": void["reason"]})
    return {"posted": sum(1 for _ in _newer_versions()), "voids": len(voids)}


def send_corrections(home: Home, plan: Plan, practice: str) -> int:
    """Send every correction that waits; how many there were."""
    bearer = token(home, practice=practice, subject=SUBJECT, roles=["biller"])
    with client(plan.url(CLAIM.name), bearer) as claims:
        waiting = _get(claims, "/corrections?state=waiting")["corrections"]
        for correction in waiting:
            _post(claims, f"/corrections/{correction['correction_id']}/send", None)
    return len(waiting)


def _newer_versions() -> Iterator[bytes]:
    for path in sorted((checkout() / "demo" / CORRECTIONS).glob("*.json")):
        yield Path(path).read_bytes()


def _encounters(coding: httpx2.Client) -> dict[str, str]:
    """Our id of each encounter by the EHR's."""
    found: dict[str, str] = {}
    after = ""
    while True:
        page = _get(coding, f"/encounters?limit=500{after}")
        found |= {each["encounter_id"]: each["id"] for each in page["encounters"]}
        if page["next_after"] is None:
            return found
        after = f"&after={page['next_after']}"


def _get(http: httpx2.Client, path: str) -> Any:
    return _taken(http.get(path))


def _post(http: httpx2.Client, path: str, body: dict[str, Any] | None) -> Any:
    return _taken(http.post(path, json=body))


def _taken(answer: httpx2.Response) -> Any:
    if answer.is_error:
        problem = answer.json()
        raise BillerRefused(f"{problem.get('detail')}; {problem.get('remedy')}")
    return answer.json()
