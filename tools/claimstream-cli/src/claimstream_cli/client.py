"""Talks to the services' HTTP APIs as anybody else would: with a signed token."""

import hashlib
import json
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from claimstream_kit.auth import ROLES, issue_token

from .places import Home

FHIR = "application/fhir+json"
NDJSON = "application/x-ndjson"
JSON = "application/json"
TIMEOUT_SECONDS = 120.0
MOST_ATTEMPTS = 60
DEFAULT_PRACTICE = "bay-state"


def token(  # noqa: PLR0913  each is a claim
    home: Home,
    *,
    practice: str,
    subject: str = "operator",
    roles: Iterable[str] = ROLES,
    sources: Iterable[str] = (),
    hours: float = 12,
) -> str:
    """A token of the local issuer."""
    return issue_token(home.keys, subject=subject, practice=practice, roles=roles, sources=sources, hours=hours)


def client(url: str, bearer: str, tls: ssl.SSLContext | None = None) -> httpx2.Client:
    """A client of one service; ``tls``: what its certificate is checked with, the system's list by default."""
    headers = {"Authorization": f"Bearer {bearer}"}
    return httpx2.Client(base_url=url, headers=headers, timeout=TIMEOUT_SECONDS, verify=tls or True)


def kind_of(content: bytes) -> str:
    """The content type that the bytes speak: a FHIR bundle, lines of JSON, or one native encounter.

    Raises:
        ValueError: they are no JSON.
    """
    try:
        whole = json.loads(content)
    except ValueError:
        lines = [line for line in content.splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            _parse_line(number, line)
        return NDJSON
    return FHIR if isinstance(whole, dict) and whole.get("resourceType") == "Bundle" else JSON


def _parse_line(number: int, line: bytes) -> None:
    try:
        json.loads(line)
    except ValueError as wrong:
        message = f"line {number} is not JSON: {wrong}"
        raise ValueError(message) from wrong


@dataclass(frozen=True)
class Answer:
    """What intake said to one file."""

    status: int
    body: dict[str, Any]

    @property
    def taken(self) -> bool:
        """Whether the encounters were taken."""
        return self.status == httpx2.codes.ACCEPTED

    def encounter_ids(self) -> list[str]:
        """The ids of the encounters that were taken."""
        return [str(item["encounter_id"]) for item in self.body.get("encounters", [])]

    def lines(self) -> list[str]:
        """The ids, or the problem with its places, a line each."""
        if self.taken:
            return [_line(item) for item in self.body.get("encounters", [])]
        faults, detail = self.body.get("errors", []), str(self.body.get("detail", ""))
        if any(isinstance(fault, dict) and detail.startswith(f"{fault.get('place')}: ") for fault in faults):
            detail = ""  # its place has a line of its own below
        problem = [str(self.body.get("title", f"HTTP {self.status}")), detail]
        places = [_line(fault) for fault in faults]
        remedy = self.body.get("remedy")
        return [line for line in [*problem, *places, f"remedy: {remedy}" if remedy else ""] if line]


def _line(item: object) -> str:
    if isinstance(item, dict):
        return "  ".join(
            str(value) for value in item.values() if value is not None and not isinstance(value, (dict, list))
        )
    return str(item)


def post_file(http: httpx2.Client, file: Path) -> Answer:
    """Post a file's encounters; a file that is no JSON is answered for here."""
    try:
        return post_encounters(http, file.read_bytes())
    except ValueError as wrong:
        return Answer(0, {"title": "Not readable", "detail": str(wrong)})


def post_encounters(
    http: httpx2.Client, content: bytes, content_type: str | None = None, *, repeated: bool = False
) -> Answer:
    """Post one file's bytes. The idempotency key is the content's digest: posting it again gets the first answer.

    `repeated` posts it under a key of its own instead, as another sender would who has the same file. When intake has too much to do,
    it is posted again after the time that intake asks for.
    """
    key = hashlib.sha256(content).hexdigest() + ("-again" if repeated else "")
    headers = {"Content-Type": content_type or kind_of(content), "Idempotency-Key": key}
    response = http.post("/encounters", content=content, headers=headers)
    for _ in range(MOST_ATTEMPTS):
        if response.status_code != httpx2.codes.TOO_MANY_REQUESTS:
            break
        time.sleep(float(response.headers.get("Retry-After", "1")))
        response = http.post("/encounters", content=content, headers=headers)
    try:
        body = response.json()
    except ValueError:
        body = {"title": f"HTTP {response.status_code}", "detail": response.text[:500]}
    return Answer(response.status_code, body if isinstance(body, dict) else {"encounters": body})
