"""Dead letters: listed, redriven in order per aggregate, or discarded with a reason."""

from collections.abc import Sequence

from ..database import Connection, Database, Row
from ..errors import Conflict, NotFound
from ..failpoints import failpoint
from .batch import BatchWorker
from .letters import DeadLetter
from .messages import Message, decode
from .waiting import record_of

BEFORE_MARK = failpoint("redrive.before-mark", "a dead letter was worked on again, it is not marked as redriven")

_SHOWN = (
    "id, practice, event_id, topic, partition, record_offset, aggregate, key, state, error_class, reason, handler, attempts, created_at,"
    " settled_at, settled_by"
)


class DeadLetters:
    """The dead letters of one consumer, with the events parked behind them."""

    def __init__(self, database: Database, worker: BatchWorker) -> None:
        """Redrives with the same worker as the bus does."""
        self._database = database
        self._worker = worker

    async def page(self, practice: str, *, state: str | None, after: int, limit: int) -> list[DeadLetter]:
        """Letters of a practice by id, without their payload."""
        rows = await self._database.fetch(
            f"SELECT {_SHOWN} FROM dead_letters WHERE practice IN ($1, 'unknown') AND ($2::text IS NULL OR state = $2) AND id > $3"  # noqa: S608
            " ORDER BY id LIMIT $4",
            practice,
            state,
            after,
            limit,
        )
        return [DeadLetter.model_validate(row) for row in rows]

    async def _get(self, practice: str, letter: int) -> Row:
        row = await self._database.fetch_one(
            "SELECT * FROM dead_letters WHERE id = $1 AND practice IN ($2, 'unknown')", letter, practice
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
            "SELECT * FROM dead_letters WHERE consumer = $1 AND key = $2 AND state IN ('dead', 'parked') ORDER BY id",
            self._worker.consumer,
            row["key"],
        )
        aggregate = self._worker.aggregate_of(row)
        rows = [each for each in rows if self._worker.aggregate_of(each) == aggregate]
        for each in rows:
            message = decode(record_of(each), self._worker.subscriptions)
            message.stored_id = each["id"]
            await self._worker.complete([message], _Letter(actor))
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
                "UPDATE dead_letters SET state = 'discarded', reason = $2, settled_at = now(), settled_by = $3 WHERE id = $1",
                letter,
                reason,
                actor,
            )
        return _shown(await self._get(practice, letter))


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
