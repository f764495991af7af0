"""Which inbound files are being read, so that one that ends the process is known by that. Each note is committed before the reading.

A note is closed in the unit that works on its file. What is open when its replica starts was read when that ended, however it did: a kill
by a person counts as well, and two of these put a file aside for a person to look at. Nothing is lost by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claimstream_kit.database import Database

from .mailbox import Arrival
from .store import GatewayUnit

MOST_ENDS_ALONE = 2
WANTED_AGAIN = "-"


@dataclass(frozen=True)
class Ends:
    """How often the process ended while a file was read: together with others, and alone."""

    ends: int
    ends_alone: int


class Readings:
    """The notes of one replica."""

    def __init__(self, replica: str) -> None:
        """``replica``: a name that lasts over restarts."""
        self._replica = replica

    async def note_ends(self, database: Database) -> None:
        """This replica starts: what it read when it ended, ended it."""
        await database.fetch(
            "UPDATE readings SET is_open = false, ends = ends + 1, ends_alone = ends_alone + is_alone::int"
            " WHERE replica = $1 AND is_open",
            self._replica,
        )

    async def ends_of(self, database: Database, arrivals: Sequence[Arrival]) -> dict[str, Ends]:
        """Of those that ended a process the counts, by name."""
        rows = await database.fetch(
            "SELECT name, sum(ends)::int AS ends, sum(ends_alone)::int AS ends_alone FROM readings r"
            " JOIN unnest($1::text[], $2::bigint[], $3::bigint[]) AS a(name, size, changed_ns) USING (name, size, changed_ns)"
            " WHERE ends > 0 GROUP BY name",
            *_columns(arrivals),
        )
        return {row["name"]: Ends(row["ends"], row["ends_alone"]) for row in rows}

    async def begin(self, database: Database, arrivals: Sequence[Arrival]) -> None:
        """These are read now."""
        await database.fetch(
            "INSERT INTO readings AS r (replica, name, size, changed_ns, is_alone, is_open)"
            " SELECT $4, name, size, changed_ns, $5, true FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS a(name, size, changed_ns)"
            " ON CONFLICT (replica, name) DO UPDATE SET is_alone = $5, is_open = true, size = EXCLUDED.size,"
            " changed_ns = EXCLUDED.changed_ns, ends = CASE WHEN r.changed_ns = EXCLUDED.changed_ns THEN r.ends ELSE 0 END,"
            " ends_alone = CASE WHEN r.changed_ns = EXCLUDED.changed_ns THEN r.ends_alone ELSE 0 END",
            *_columns(arrivals),
            self._replica,
            len(arrivals) == 1,
        )

    async def wanted_again(self, database: Database) -> list[str]:
        """The names of files that a person wants tried again."""
        rows = await database.fetch("SELECT name FROM readings WHERE replica = $1", WANTED_AGAIN)
        return [row["name"] for row in rows]


async def close(unit: GatewayUnit, arrivals: Sequence[Arrival]) -> None:
    """They are worked on, or put aside: in the same unit."""
    await unit.connection.execute("DELETE FROM readings WHERE name = ANY($1)", [one.name for one in arrivals])


async def want_again(unit: GatewayUnit, name: str) -> None:
    """A person wants a file tried again, whatever it did."""
    await unit.connection.execute("DELETE FROM readings WHERE name = $1", name)
    await unit.connection.execute(
        "INSERT INTO readings (replica, name, size, changed_ns, is_alone, is_open) VALUES ($1, $2, 0, 0, false, false)",
        WANTED_AGAIN,
        name,
    )


def _columns(arrivals: Sequence[Arrival]) -> tuple[list[str], list[int], list[int]]:
    return [one.name for one in arrivals], [one.size for one in arrivals], [one.changed_ns for one in arrivals]
