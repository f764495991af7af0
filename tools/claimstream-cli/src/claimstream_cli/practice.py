"""Loads who bills, and says whether it is loaded: `/practices/{id}` on coding-svc."""

import json
from pathlib import Path

import httpx2
from claimstream_kit.auth import INSTALLATION

from .client import Answer, client, token
from .members import CODING
from .places import Home
from .state import Plan


def load(home: Home, plan: Plan, file: Path) -> Answer:
    """Put the file's practice, in the installation's name; its own `id` says which one it is."""
    try:
        practice = str(json.loads(file.read_bytes())["id"])
    except (ValueError, KeyError, TypeError):
        return Answer(0, {"title": "Not a practice", "detail": f"{file} is no JSON object with an `id`"})
    bearer = token(home, practice=INSTALLATION, subject="claimstream-practice-load", roles=["practice-admin"])
    with client(plan.url(CODING.name), bearer) as http:
        response = http.put(
            f"/practices/{practice}", content=file.read_bytes(), headers={"Content-Type": "application/json"}
        )
    if response.is_success:
        return Answer(httpx2.codes.ACCEPTED, {"encounters": [f"practice {practice} is loaded"]})
    try:
        return Answer(response.status_code, dict(response.json()))
    except ValueError:
        return Answer(response.status_code, {"detail": response.text[:500]})


def is_loaded(home: Home, plan: Plan, practice: str) -> bool:
    """Whether coding-svc knows the practice."""
    bearer = token(home, practice=practice, subject="claimstream-practice-load", roles=["practice-admin"])
    with client(plan.url(CODING.name), bearer) as http:
        return http.get(f"/practices/{practice}").is_success
