"""Dead letters: buried with what comes behind them, listed, redriven in order per aggregate, or discarded with a reason."""

from collections.abc import Sequence
from uuid import uuid5

from ..auth import INSTALLATION, UNREADABLE
from ..database import Connection, Database, Row
from ..errors import Conflict, NotFound
from ..failpoints import failpoint
from ..unit import Unit, storable
from .letters import DeadLetter
from .messages import Failure, Message, Worker, empty_envelope, kept, read_again

BEFORE_MARK = failpoint("redrive.before-mark", "a dead letter was worked on again, it is not marked as redriven")

_SHOWN = (
    "id, practice, event_id, topic, partition, record_offset, aggregate, key, state, error_class, reason, handler, attempts, created_at,"
    " settled_at, settled_by, settled_why"
)
_BURY = """
INSERT INTO dead_letters (consumer, event_id, topic, partition, record_offset, key, headers, payload,
    practice, aggregate, state, error_class, reason, handler)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING
"""

Aggregate = tuple[str, str]
"""An aggregate and its key: what is dead there blocks what comes later, on whichever topic."""


async def blocked_by_the_dead(connection: Connection, consumer: str, messages: Sequence[Message]) -> set[Aggregate]:
    """The aggregates of these messages that have an open dead letter."""
    rows = await connection.fetch(
        "SELECT DISTINCT aggregate, key FROM dead_letters WHERE consumer = $1 AND state IN ('dead', 'parked') AND key = ANY($2)",
        consumer,
        sorted({message.record.key for message in messages}),
    )
    return {(row["aggregate"], row["key"]) for row in rows}


async def bury(unit: Unit, consumer: str, message: Message, aggregate: str, state: str) -> None:
    """Keep a message as dead, or as parked behind one that is, and put a copy on its topic's `.dead`."""
    failure = message.failure or Failure("Parked", "an earlier event of its aggregate is dead")
    if message.stored_id is not None and await _dies_again(unit.connection, consumer, message, failure):
        return
    handler = message.subscription.handler_name if message.subscription else None
    why = (message.practice, aggregate, state, failure.error_class, _shortly(failure), handler)
    await unit.connection.execute(_BURY, *kept(consumer, message), *why)
    unit.caused_by(message.envelope or empty_envelope(message.record, message.event_id, message.practice))
    copy = uuid5(message.event_id, f"dead\x1f{consumer}")
    unit.publish_copy(message.practice, message.record, _dead_headers(message, consumer, state, failure), copy)


async def _dies_again(connection: Connection, consumer: str, message: Message, failure: Failure) -> bool:
    """A letter that was redriven in vain stays where it is, with its newest reason."""
    status = await connection.execute(
        "UPDATE dead_letters SET state = 'dead', attempts = attempts + 1, error_class = $3, reason = $4"
        " WHERE consumer = $1 AND event_id = $2",
        consumer,
        message.event_id,
        failure.error_class,
        _shortly(failure),
    )
    return bool(status != "UPDATE 0")


def _shortly(failure: Failure) -> str:
    return storable(failure.reason)[:500]


def _dead_headers(message: Message, consumer: str, state: str, failure: Failure) -> list[tuple[str, bytes]]:
    record = message.record
    said = {
        "dead_consumer": consumer,
        "dead_state": state,
        "dead_topic": record.topic,
        "dead_partition": record.partition,
        "dead_offset": record.offset,
        "dead_error_class": failure.error_class,
        "dead_reason": _shortly(failure),
    }
    return [(name, str(value).encode()) for name, value in said.items()]


class DeadLetters:
    """The dead letters of one consumer, with the events parked behind them."""

    def __init__(self, database: Database, worker: Worker) -> None:
        """Redrives with the same worker as the bus does."""
        self._database = database
        self._worker = worker

    async def page(self, practice: str, *, state: str | None, after: int, limit: int) -> list[DeadLetter]:
        """Letters of a practice by id, without their payload."""
        rows = await self._database.fetch(
            f"SELECT {_SHOWN} FROM dead_letters WHERE practice = ANY($1) AND ($2::text IS NULL OR state = $2) AND id > $3"  # noqa: S608
            " ORDER BY id LIMIT $4",
            _settled_by(practice),
            state,
            after,
            limit,
        )
        return [DeadLetter.model_validate(row) for row in rows]

    async def _get(self, practice: str, letter: int) -> Row:
        row = await self._database.fetch_one(
            "SELECT * FROM dead_letters WHERE id = $1 AND practice = ANY($2)", letter, _settled_by(practice)
        )
        if row is None:
            detail = f"there is no dead letter {letter}"
            raise NotFound(detail)
        return row

    async def redrive(self, practice: str, letter: int, *, actor: str) -> list[DeadLetter]:
        """Work on a letter again, and on what is parked behind it, in order; how each ended."""
        row = await self._get(practice, letter)
        if row["state"] in ("redriven", "discarded"):
            return [_shown(row)]
        rows = await self._database.fetch(
            "SELECT * FROM dead_letters WHERE consumer = $1 AND aggregate = $2 AND key = $3 AND state IN ('dead', 'parked')"
            " AND practice = ANY($4) ORDER BY id",
            self._worker.consumer,
            row["aggregate"],
            row["key"],
            _settled_by(practice),
        )
        for each in rows:
            await self._worker.complete([read_again(each, self._worker.subscriptions)], _Letter(actor))
            now = await self._get(practice, each["id"])
            if now["state"] == "dead":
                break
        return [_shown(await self._get(practice, each["id"])) for each in rows]

    async def discard(self, practice: str, letter: int, *, reason: str, actor: str) -> DeadLetter:
        """Give a letter up, with a reason; what is parked behind it can be redriven then."""
        row = await self._get(practice, letter)
        if row["state"] not in ("dead", "parked"):
            detail = f"dead letter {letter} is {row['state']} already"
            raise Conflict(detail)
        async with self._database.transaction() as connection:
            await connection.execute(
                "UPDATE dead_letters SET state = 'discarded', settled_why = $2, settled_at = now(), settled_by = $3 WHERE id = $1",
                letter,
                reason,
                actor,
            )
        return _shown(await self._get(practice, letter))


def _settled_by(practice: str) -> list[str]:
    """Whose letters an operator of this practice sees and settles: its own; what nobody can tell whose it is, is the installation's."""
    return [practice, UNREADABLE] if practice == INSTALLATION else [practice]


def _shown(row: Row) -> DeadLetter:
    return DeadLetter.model_validate(row)


class _Letter:
    """A redriven letter as a source: it is settled in the same transaction as its effect."""

    def __init__(self, actor: str) -> None:
        self._actor = actor

    async def admit(self, connection: Connection, messages: Sequence[Message]) -> list[Message]:
        rows = await connection.fetch(
            "SELECT id FROM dead_letters WHERE id = ANY($1) AND state IN ('dead', 'parked') FOR UPDATE",
            [message.stored_id for message in messages],
        )
        ours = {row["id"] for row in rows}
        return [message for message in messages if message.stored_id in ours]

    async def settle(self, connection: Connection, done: Sequence[Message], waiting: Sequence[Message]) -> None:
        BEFORE_MARK.reached()
        await connection.execute(
            "UPDATE dead_letters SET state = 'redriven', settled_at = now(), settled_by = $2 WHERE id = ANY($1)",
            [message.stored_id for message in (*done, *waiting) if message.failure is None],
            self._actor,
        )
