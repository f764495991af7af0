"""``Idempotency-Key``: the same key with the same body gets its first answer; with another body 422; while in flight 409.

The key's row is written in the same transaction as the effect, so that an answer is never stored for an effect that is not.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

import asyncpg
import orjson
from fastapi import Header, Request, Response
from fastapi.encoders import jsonable_encoder

from .database import Connection
from .errors import Conflict, Invalid

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="1 to 200 visible ASCII characters, without blanks; a UUID does",
    ),
]


class KeyReused(Invalid):
    """The key was used with another body."""

    slug = "idempotency-key-reused"


class KeyInFlight(Conflict):
    """The first request with this key is not answered yet."""

    slug = "idempotency-key-in-flight"


@dataclass(frozen=True)
class Answer:
    """A stored answer."""

    status: int
    body: bytes
    content_type: str

    def response(self) -> Response:
        """The answer as it was given the first time."""
        return Response(self.body, self.status, media_type=self.content_type, headers={"Idempotency-Replayed": "true"})


def request_digest(request: Request, body: bytes) -> bytes:
    """What makes two requests the same: method, path and body."""
    return hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).digest()


async def earlier_answer(connection: Connection, practice: str, key: str, digest: bytes) -> Answer | None:
    """Take the key for this request, or give the answer that it got before.

    Raises:
        KeyReused: it was used with another body.
        KeyInFlight: another request holds it right now.
    """
    try:
        taken = await connection.fetchval(
            "INSERT INTO idempotency_keys (practice, key, request_digest) VALUES ($1, $2, $3)"
            " ON CONFLICT DO NOTHING RETURNING key",
            practice,
            key,
            digest,
        )
    except asyncpg.LockNotAvailableError as error:
        detail = "the first request with this key is not answered yet"
        raise KeyInFlight(detail, remedy="ask again in a second") from error
    if taken:
        return None
    row = await connection.fetchrow("SELECT * FROM idempotency_keys WHERE practice = $1 AND key = $2", practice, key)
    if row["request_digest"] != digest:
        detail = "this Idempotency-Key was used for another request"
        raise KeyReused(detail, remedy="use a new key for a new request")
    return Answer(row["status"], row["body"], row["content_type"])


async def keep_answer(connection: Connection, practice: str, key: str, answer: Answer) -> None:
    """Keep the answer with its key."""
    await connection.execute(
        "UPDATE idempotency_keys SET status = $3, body = $4, content_type = $5 WHERE practice = $1 AND key = $2",
        practice,
        key,
        answer.status,
        answer.body,
        answer.content_type,
    )


Act = Callable[[Connection], Awaitable[object]]


async def once(  # noqa: PLR0913  the request's parts and the act
    connection: Connection, request: Request, practice: str, key: str | None, *, status: int, act: Act
) -> Response:
    """Do ``act`` in this transaction, once per key; its value is the answer's JSON body."""
    digest = request_digest(request, await request.body())
    if key is not None:
        await connection.execute("SET LOCAL lock_timeout = '200ms'")
        earlier = await earlier_answer(connection, practice, key, digest)
        if earlier is not None:
            return earlier.response()
        await connection.execute("SET LOCAL lock_timeout = 0")
    body = orjson.dumps(jsonable_encoder(await act(connection)))
    if key is not None:
        await keep_answer(connection, practice, key, Answer(status, body, "application/json"))
    return Response(body, status, media_type="application/json")
