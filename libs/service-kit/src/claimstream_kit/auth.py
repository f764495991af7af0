"""Signed tokens: who acts, for which practice, in which roles.

Tokens are Ed25519-signed JWTs (``iss`` as set, ``aud`` claimstream) of an issuer whose public keys the services know; the sandbox has a
local issuer. Their expiry uses the wall clock.
"""

import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeGuard

import jwt
import structlog
from claimstream_schemas.envelope import HEADER_TEXT
from claimstream_schemas.values.identifiers import PRACTICE_ID
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .errors import Refusal
from .keys import key_id, load_or_make_key, load_public_keys

log = structlog.get_logger()

AUDIENCE = "claimstream"
ISSUER = "claimstream"
"""What the local issuer calls itself."""

KEYS_AGAIN_SECONDS = 1.0
"""How often the folder of public keys is looked at: a key that was put there or taken away counts from then on."""

LONGEST_HOURS = 366 * 24
"""What is issued here holds for a year at most."""

UNREADABLE = "unknown"
"""The practice of dead letters whose practice nobody could read; no practice is called so."""

INSTALLATION = "claimstream"
"""The practice of tokens that act for the installation as a whole: on the routes that are marked for it, and on nothing of a practice."""

ROLES = ("ehr", "coder", "biller", "practice-admin", "operator", "auditor")
"""ehr posts encounters of the source systems that its token names · coder answers the queue · biller works claims and money · practice-admin changes the practice ·
operator redrives and looks at everything technical · auditor only reads."""

OF_ALL_SOURCES = frozenset(ROLES) - {"ehr"}
"""Who is one of these is not held to the source systems that the token names."""


class Unauthenticated(Refusal):
    """No token, or one that does not hold."""

    slug = "unauthenticated"
    title = "A valid token is needed"
    status = 401


class SourceMissing(Refusal):
    """The token does not name the source system of what it sends."""

    slug = "source-missing"
    title = "The token does not speak for this source system"
    status = 403


class RoleMissing(Refusal):
    """The token's roles do not allow this."""

    slug = "role-missing"
    title = "The token's roles do not allow this"
    status = 403


@dataclass(frozen=True)
class Principal:
    """Who acts."""

    subject: str
    practice: str
    roles: frozenset[str]
    sources: frozenset[str] = frozenset()
    """The source systems for which one speaks who is an EHR and nothing else."""

    @property
    def only_of_sources(self) -> frozenset[str] | None:
        """The source systems whose encounters this one may post and read; None where all of the practice's."""
        return self.sources if self.roles & OF_ALL_SOURCES == frozenset() else None


def generate_keys(folder: Path) -> Path:
    """Make the local issuer's key pair in a folder, unless it is there; the public key's path."""
    load_or_make_key(folder / "issuer.pem")
    return folder / "issuer.pub.pem"


def issue_token(  # noqa: PLR0913  each is a claim
    folder: Path,
    *,
    subject: str,
    practice: str,
    roles: Iterable[str],
    sources: Iterable[str] = (),
    hours: float = 12,
) -> str:
    """A token signed by the local issuer in ``folder``; ``sources``: what an EHR speaks for.

    Raises:
        ValueError: for a role that does not exist, an EHR that speaks for no source, a practice or a subject that can be none, or hours that no token
            holds.
    """
    if not re.fullmatch(PRACTICE_ID, practice):
        raise ValueError(f"{practice!r} can be no practice's id: lower-case letters, digits and hyphens, at most 40")
    if not re.fullmatch(HEADER_TEXT, subject):
        raise ValueError("a subject is one line of 1 to 300 characters")
    if not 0 < hours <= LONGEST_HOURS:
        raise ValueError(f"a token holds for more than 0 and at most {LONGEST_HOURS:,} hours, not {hours:g}")
    wanted = sorted(set(roles))
    if unknown := [role for role in wanted if role not in ROLES]:
        msg = f"no such role: {', '.join(unknown)}; there are {', '.join(ROLES)}"
        raise ValueError(msg)
    named = sorted(set(sources))
    if wanted == ["ehr"] and not named:
        raise ValueError("an EHR's token names its source systems: without one it could post and read nothing")
    if odd := [name for name in named if not re.fullmatch(HEADER_TEXT, name)]:
        raise ValueError(f"a source system has 1 to 300 characters in one line, not {odd[0]!r}")
    key = load_or_make_key(folder / "issuer.pem")
    now = datetime.now(UTC)
    claims = {
        "sub": subject,
        "practice": practice,
        "roles": wanted,
        "sources": named,
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + timedelta(hours=hours),
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": key_id(key.public_key())})


class TokenVerifier:
    """Checks tokens against the issuer's public keys."""

    def __init__(self, keys: Path, *, issuer: str = ISSUER) -> None:
        """``keys``: a file or a folder of public keys, read again when it changes; ``issuer``: the tokens' ``iss``."""
        self._path = keys
        self._issuer = issuer
        self._seen = _stamp(keys)
        self._keys = load_public_keys(keys)
        self._looked_at = time.monotonic()

    def bearer(self, authorization: str | None) -> Principal:
        """Who a request's ``Authorization`` speaks for.

        Raises:
            Unauthenticated: it is missing, or its token does not hold.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            detail = "the request has no bearer token"
            raise Unauthenticated(detail, remedy="send `Authorization: Bearer …`; `claimstream token` prints one")
        return self.principal(token.strip())

    def principal(self, token: str) -> Principal:
        """Who a token speaks for.

        Raises:
            Unauthenticated: it does not hold; the reason is in the detail.
        """
        self._look()
        try:
            key = self._keys[str(jwt.get_unverified_header(token).get("kid"))]
            claims = jwt.decode(
                token,
                key,
                algorithms=["EdDSA"],
                audience=AUDIENCE,
                issuer=self._issuer,
                options={"require": ["exp", "sub", "aud", "iss"]},
            )
            return _principal(claims)
        except KeyError as error:
            raise Unauthenticated("the token is signed by an unknown key") from error
        except jwt.PyJWTError as error:
            detail = f"the token does not hold: {type(error).__name__}"
            raise Unauthenticated(detail, remedy="get a new one, e.g. with `claimstream token`") from error

    def _look(self) -> None:
        """Read the keys again where they have changed; where none is left no token counts, and what cannot be read leaves them as they are."""
        if time.monotonic() - self._looked_at < KEYS_AGAIN_SECONDS:
            return
        self._looked_at = time.monotonic()
        seen = _stamp(self._path)
        if seen == self._seen:
            return
        if not seen:
            log.warning("the issuer has no key any more: no token counts")
            self._keys, self._seen = {}, seen
            return
        try:
            self._keys = load_public_keys(self._path)
        except (OSError, ValueError) as error:  # it is being written, or is no key
            log.warning("the issuer's keys cannot be read", error=type(error).__name__)
        else:
            self._seen = seen


def _stamp(path: Path) -> list[tuple[str, int, int]]:
    """What changes with the keys: of each file its name, size and when it was written."""
    files = sorted(path.glob("*.pub.pem")) if path.is_dir() else [path]
    return [(file.name, found.st_size, found.st_mtime_ns) for file in files if (found := _stat(file))]


def _stat(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None  # it has just been taken away


def _principal(claims: Mapping[str, object]) -> Principal:
    """Who the claims name. They are signed, and may be odd all the same.

    Raises:
        Unauthenticated: what they name is no subject, no practice or no list of roles.
    """
    subject, practice, roles, sources = (
        claims["sub"],
        claims.get("practice"),
        claims.get("roles"),
        claims.get("sources", []),
    )
    if not (isinstance(subject, str) and isinstance(practice, str) and _is_list_of_texts(roles)):
        raise Unauthenticated("the token must say sub and practice as texts, and roles as a list of texts")
    if not _is_list_of_texts(sources):
        raise Unauthenticated("the token's sources are no list of texts")
    if not (re.fullmatch(HEADER_TEXT, subject) and re.fullmatch(PRACTICE_ID, practice)):
        raise Unauthenticated("the token's subject or practice is no name that an event can carry")
    return Principal(subject, practice, frozenset(roles), frozenset(sources))


def _is_list_of_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


_bearer = HTTPBearer(auto_error=False, description="A token of the issuer; `claimstream token` prints one")


async def authenticated(
    request: Request, _said: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """Who asks, as the door has found; every route but health and metrics depends on it.

    Raises:
        Unauthenticated: no door was asked.
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise Unauthenticated("the request has no bearer token")
    return principal


def allowed(*roles: str) -> Callable[..., object]:
    """A dependency that gives the principal when it has one of the roles."""

    async def check(principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if not principal.roles & set(roles):
            detail = f"this needs one of the roles {', '.join(roles)}"
            raise RoleMissing(detail)
        return principal

    return check


def of_installation(*roles: str) -> Callable[..., object]:
    """A dependency that marks a route as the installation's: it gives the principal of its own token with one of the roles."""

    async def check(principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if principal.practice != INSTALLATION or not principal.roles & set(roles):
            detail = f"this is the installation's: it needs a token of the practice {INSTALLATION}, in the role {' or '.join(roles)}"
            raise RoleMissing(detail)
        return principal

    return check
