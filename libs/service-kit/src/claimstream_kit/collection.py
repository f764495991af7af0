"""What a unit holds of its tables: values with their rows locked, and rows that are only ever added."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import MetaData, Table

from .database import Connection, Row, insert, select_by_key
from .witness import WitnessedTable

V = TypeVar("V")
Key = tuple[Any, ...]


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def service_metadata() -> MetaData:
    """Metadata for a service's own tables, with stable names for constraints."""
    return MetaData(naming_convention=NAMING)


class InTransaction(Protocol):
    """A unit, as its collections know it."""

    @property
    def connection(self) -> Connection:
        """Its connection, in its transaction."""


class Collection(ABC, Generic[V]):
    """Values of one table in a unit: an identity map over rows that are locked while the unit lasts.

    A subclass names its ``table`` and says how a value becomes a row and back. The primary key begins with the practice.
    """

    table: ClassVar[Table]
    locks: ClassVar[bool] = True
    """False for values that units only read, such as the practice: they are not locked."""
    updates_first: ClassVar[bool] = False
    """Whether changed rows are written before new ones: where a new one takes the place of one that was unique."""
    witnessed: ClassVar[WitnessedTable | None] = None
    """How its rows are witnessed, where they are."""

    def __init__(self, unit: InTransaction) -> None:
        """Belongs to one unit."""
        self._connection = unit.connection
        self._values: dict[Key, V | None] = {}
        self._absent: set[Key] = set()
        self._changed: set[Key] = set()
        self._written: set[Key] = set()
        self._rows: dict[Key, Row] = {}
        self._before: dict[Key, V | None] = {}

    @abstractmethod
    def to_row(self, value: V) -> Row:
        """The row of a value, with every column but those the database fills."""

    @abstractmethod
    def from_row(self, row: Row) -> V:
        """The value of a row."""

    def witnessed_part(self, value: V) -> object:
        """What of a value is witnessed; while it stays equal, nothing is witnessed again."""
        del value
        return None

    def witnessed_facts(self, value: V) -> object:
        """The same as it will be read from the value's row."""
        return self.witnessed.facts(self.to_row(value)) if self.witnessed else None

    async def load(self, keys: Iterable[Key]) -> None:
        """Load and lock what is not loaded yet, in key order, in one statement."""
        missing = sorted({key for key in keys if key not in self._values}, key=str)
        if not missing:
            return
        names = [column.name for column in self.table.primary_key]
        self._values.update(dict.fromkeys(missing))
        self._absent.update(missing)
        for row in await select_by_key(self._connection, self.table, missing, lock=self.locks):
            key = tuple(row[name] for name in names)
            self._values[key] = self.from_row(row)
            self._absent.discard(key)

    async def get(self, *key: Any) -> V | None:
        """The value with that primary key, or None."""
        if key not in self._values:
            await self.load([key])
        return self._values[key]

    def held(self) -> Iterator[Key]:
        """The keys that no other unit changes until the commit: their rows are locked, or were written, here."""
        return (key for key in self._values if key not in self._absent and (self.locks or key in self._written))

    def loaded(self) -> Iterator[V]:
        """What is in the map, as it stands."""
        return (value for value in self._values.values() if value is not None)

    def put(self, value: V) -> None:
        """Keep a new value, or a changed one."""
        row = self.to_row(value)
        key = tuple(row[column.name] for column in self.table.primary_key)
        self._before.setdefault(key, self._values.get(key))
        self._values[key] = value
        self._rows[key] = row
        self._changed.add(key)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return bool(self._changed)

    async def flush(self) -> None:
        """Write what changed, sorted by key: what was not there in one statement, the rest in another.

        A row that was not there and that another replica has made meanwhile is a unique violation: the batch runs again and finds it.
        """
        rows: dict[bool, list[Row]] = {False: [], True: []}
        for key in sorted(self._changed, key=str):
            rows[key in self._absent].append(self._rows[key])
        for is_new in (False, True) if self.updates_first else (True, False):
            await insert(self._connection, self.table, rows[is_new], conflict="fail" if is_new else "update")
        self._absent -= self._changed
        self._written |= self._changed
        self._changed.clear()
        self._rows.clear()
        self._before.clear()

    def to_witness(self) -> Iterator[tuple[str, UUID, object]]:
        """Practice, id and facts of each row that is about to be written and is not as it was witnessed last."""
        if self.witnessed is None:
            return
        for key in self._changed:
            value, before = self._values[key], self._before[key]
            if value is not None and (before is None or self.witnessed_part(before) != self.witnessed_part(value)):
                row = self._rows[key]
                yield row["practice"], row["id"], self.witnessed_facts(value)


class Journal:
    """Rows of a table that is only ever added to; a row that is there already is left as it is."""

    def __init__(self, unit: InTransaction, table: Table, *, conflict: str = "ignore") -> None:
        """``conflict``: ignore keeps the first row; fail refuses a second one."""
        self._connection = unit.connection
        self._table = table
        self._conflict = conflict
        self._rows: list[Row] = []

    def add(self, **row: Any) -> None:
        """Add a row; all rows name the same columns."""
        self._rows.append(row)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to write."""
        return bool(self._rows)

    async def flush(self) -> None:
        """Write what was added, in one statement."""
        await insert(self._connection, self._table, self._rows, conflict=self._conflict)
        self._rows = []
