"""Loads who bills, and says whether it is loaded: `/practices/{id}` on coding-svc."""

import json
from pathlib import Path

import httpx2
from claimstream_kit.auth import INSTALLATION

from .client import Answer
from .members import CODING
from .sites import Site

SUBJECT = "claimstream-practice-load"
ADMIN = ("practice-admin",)


def load(site: Site, file: Path) -> Answer:
    """Put the file's practice, in the installation's name; its own `id` says which one it is."""
    try:
        practice = str(json.loads(file.read_bytes())["id"])
    except (ValueError, KeyError, TypeError):
        return Answer(0, {"title": "Not a practice", "detail": f"{file} is no JSON object with an `id`"})
    with site.http(CODING.name, practice=INSTALLATION, subject=SUBJECT, roles=ADMIN) as http:
        response = http.put(
            f"/practices/{practice}", content=file.read_bytes(), headers={"Content-Type": "application/json"}
        )
    if response.is_success:
        return Answer(httpx2.codes.ACCEPTED, {"encounters": [f"practice {practice} is loaded"]})
    try:
        return Answer(response.status_code, dict(response.json()))
    except ValueError:
        return Answer(response.status_code, {"detail": response.text[:500]})


def is_loaded(site: Site, practice: str) -> bool:
    """Whether coding-svc knows the practice."""
    with site.http(CODING.name, practice=practice, subject=SUBJECT, roles=ADMIN) as http:
        return http.get(f"/practices/{practice}").is_success
