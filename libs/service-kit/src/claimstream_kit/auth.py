"""Signed tokens: who acts, for which practice, in which roles.

Tokens are Ed25519-signed JWTs (``aud`` claimstream) of an issuer whose public keys the services know; the sandbox has a local
issuer. Their expiry uses the wall clock.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import jwt
from claimstream_schemas.envelope import HEADER_TEXT
from claimstream_schemas.values.identifiers import PRACTICE_ID
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from .errors import Refusal
from .keys import key_id, load_or_make_key, load_public_keys

AUDIENCE = "claimstream"

ROLES = ("ehr", "coder", "biller", "practice-admin", "operator", "auditor")
"""ehr posts encounters · coder answers the queue · biller works claims and money · practice-admin loads the practice ·
operator redrives and looks at everything technical · auditor only reads."""


class Unauthenticated(Refusal):
    """No token, or one that does not hold."""

    slug = "unauthenticated"
    title = "A valid token is needed"
    status = 401


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


def generate_keys(folder: Path) -> Path:
    """Make the local issuer's key pair in a folder, unless it is there; the public key's path."""
    load_or_make_key(folder / "issuer.pem")
    return folder / "issuer.pub.pem"


def issue_token(folder: Path, *, subject: str, practice: str, roles: Iterable[str], hours: float = 12) -> str:
    """A token signed by the local issuer in ``folder``.

    Raises:
        ValueError: for a role that does not exist.
    """
    wanted = sorted(set(roles))
    if unknown := [role for role in wanted if role not in ROLES]:
        msg = f"no such role: {', '.join(unknown)}; there are {', '.join(ROLES)}"
        raise ValueError(msg)
    key = load_or_make_key(folder / "issuer.pem")
    now = datetime.now(UTC)
    claims = {
        "sub": subject,
        "practice": practice,
        "roles": wanted,
        "aud": AUDIENCE,
        "iat": now,
        "exp": now + timedelta(hours=hours),
    }
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": key_id(key.public_key())})


class TokenVerifier:
    """Checks tokens against the issuer's public keys."""

    def __init__(self, keys: Path) -> None:
        """``keys``: a file or a folder of public keys, read once."""
        self._keys = load_public_keys(keys)

    def principal(self, token: str) -> Principal:
        """Who a token speaks for.

        Raises:
            Unauthenticated: it does not hold; the reason is in the detail.
        """
        try:
            key = self._keys[str(jwt.get_unverified_header(token).get("kid"))]
            claims = jwt.decode(
                token, key, algorithms=["EdDSA"], audience=AUDIENCE, options={"require": ["exp", "sub", "aud"]}
            )
            who = Principal(str(claims["sub"]), str(claims["practice"]), frozenset(claims["roles"]))
        except KeyError as error:
            raise Unauthenticated("the token is signed by an unknown key, or lacks practice or roles") from error
        except jwt.PyJWTError as error:
            detail = f"the token does not hold: {type(error).__name__}"
            raise Unauthenticated(detail, remedy="get a new one, e.g. with `claimstream token`") from error
        if not (re.fullmatch(HEADER_TEXT, who.subject) and re.fullmatch(PRACTICE_ID, who.practice)):
            raise Unauthenticated("the token's subject or practice is no name that an event can carry")
        return who


_bearer = HTTPBearer(auto_error=False, description="A token of the issuer; `claimstream token` prints one")


async def authenticated(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Principal:
    """The principal of a request; every route but health and metrics depends on it."""
    if credentials is None:
        detail = "the request has no bearer token"
        raise Unauthenticated(detail, remedy="send `Authorization: Bearer …`; `claimstream token` prints one")
    verifier: TokenVerifier = request.app.state.tokens
    principal = verifier.principal(credentials.credentials)
    request.state.principal = principal
    return principal


def allowed(*roles: str) -> Callable[..., object]:
    """A dependency that gives the principal when it has one of the roles."""

    async def check(principal: Annotated[Principal, Depends(authenticated)]) -> Principal:
        if not principal.roles & set(roles):
            detail = f"this needs one of the roles {', '.join(roles)}"
            raise RoleMissing(detail)
        return principal

    return check
