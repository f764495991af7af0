"""What the simulator has seen and answered, in SQLite: a file and all its answers are kept in one transaction, before any is written."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Self

from .adjudication import Decision

AT_ONCE = 100
"""Answers that are written before anything else gets its turn."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, sender TEXT NOT NULL, control_number TEXT NOT NULL, digest TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS files_interchange ON files (sender, control_number);
CREATE TABLE IF NOT EXISTS answers (
    name TEXT PRIMARY KEY, file TEXT NOT NULL, content BLOB NOT NULL, due REAL NOT NULL, written INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS answers_unwritten ON answers (due) WHERE written = 0;
CREATE TABLE IF NOT EXISTS services (key TEXT NOT NULL, control_number TEXT NOT NULL, PRIMARY KEY (key, control_number));
CREATE TABLE IF NOT EXISTS deductibles (
    payer TEXT NOT NULL, patient TEXT NOT NULL, year INTEGER NOT NULL, used_cents INTEGER NOT NULL, PRIMARY KEY (payer, patient, year)
);
CREATE TABLE IF NOT EXISTS decided (
    payer TEXT NOT NULL, number TEXT NOT NULL, payee TEXT NOT NULL, control_number TEXT NOT NULL, used TEXT NOT NULL,
    answer TEXT, taken_back INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (payer, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS carried (payer TEXT NOT NULL, payee TEXT NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY (payer, payee));
"""


@dataclass(frozen=True)
class Answer:
    """One file to be written into the inbound folder."""

    name: str
    content: bytes
    after_seconds: float


class Memory:
    """The simulator's own state."""

    def __init__(self, path: Path) -> None:
        """Open it, or make it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(SCHEMA)

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def __enter__(self) -> Self:
        """Begin a transaction: everything that one file changes."""
        self._database.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        """Keep all of it, or nothing."""
        self._database.execute("ROLLBACK" if kind else "COMMIT")

    def knows(self, file: str) -> bool:
        """Whether the file has been answered."""
        return self._database.execute("SELECT 1 FROM files WHERE name = ?", (file,)).fetchone() is not None

    def known_files(self) -> set[str]:
        """Every file that has been answered."""
        return {name for (name,) in self._database.execute("SELECT name FROM files")}

    def is_taken(self, sender: str, control_number: str) -> bool:
        """Whether this sender has used the interchange control number before."""
        found = self._database.execute(
            "SELECT 1 FROM files WHERE sender = ? AND control_number = ?", (sender, control_number)
        )
        return found.fetchone() is not None

    def add_file(self, name: str, sender: str, control_number: str, digest: str) -> None:
        """Note that a file has been answered."""
        self._database.execute("INSERT INTO files VALUES (?, ?, ?, ?)", (name, sender, control_number, digest))

    def add_answers(self, file: str, answers: list[Answer], now: float) -> None:
        """Keep the answers, to be written when they are due."""
        rows = [(answer.name, file, answer.content, now + answer.after_seconds) for answer in answers]
        self._database.executemany("INSERT INTO answers (name, file, content, due) VALUES (?, ?, ?, ?)", rows)

    def due(self, now: float) -> list[tuple[str, bytes]]:
        """The answers that are to be written now, the next so many of them."""
        found = self._database.execute(
            "SELECT name, content FROM answers WHERE written = 0 AND due <= ? ORDER BY due, name LIMIT ?",
            (now, AT_ONCE),
        )
        return list(found)

    def mark_written(self, names: Iterable[str]) -> None:
        """Note that answers lie in the folder."""
        with self:
            self._database.executemany("UPDATE answers SET written = 1 WHERE name = ?", [(name,) for name in names])

    def unwritten(self) -> int:
        """How many answers are still to come."""
        return int(self._database.execute("SELECT count(*) FROM answers WHERE written = 0").fetchone()[0])

    def answer(self, name: str) -> bytes:
        """The content of an answer."""
        return bytes(self._database.execute("SELECT content FROM answers WHERE name = ?", (name,)).fetchone()[0])

    def billed_elsewhere(self, key: str, control_number: str) -> bool:
        """Whether a service was billed under another claim."""
        other = self._database.execute(
            "SELECT 1 FROM services WHERE key = ? AND control_number <> ?", (key, control_number)
        )
        return other.fetchone() is not None

    def bill(self, key: str, control_number: str) -> None:
        """A service counts from now on as billed under this claim."""
        self._database.execute("INSERT OR IGNORE INTO services VALUES (?, ?)", (key, control_number))

    def deductible_used(self, payer: str, patient: str, year: int) -> Decimal:
        """What a patient has paid of a year's deductible."""
        row = self._database.execute(
            "SELECT used_cents FROM deductibles WHERE payer = ? AND patient = ? AND year = ?", (payer, patient, year)
        ).fetchone()
        return Decimal(row[0]) / 100 if row else Decimal(0)

    def use_deductible(self, payer: str, patient: str, year: int, amount: Decimal) -> None:
        """A patient pays this much more of it."""
        self._database.execute(
            "INSERT INTO deductibles VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET used_cents = used_cents + excluded.used_cents",
            (payer, patient, year, int(amount * 100)),
        )

    def decide(self, payer: str, number: str, payee: str, control_number: str, decision: Decision) -> None:
        """Keep that a claim was decided under this number of the payer, and what that used up."""
        deductibles = [[use.patient, use.year, str(use.amount)] for use in decision.deductibles]
        used = json.dumps({"services": decision.services, "deductibles": deductibles})
        self._database.execute(
            "INSERT INTO decided (payer, number, payee, control_number, used) VALUES (?, ?, ?, ?, ?)",
            (payer, number, payee, control_number, used),
        )

    def tell(self, payer: str, number: str, answer: str) -> None:
        """Note which remittance tells a decision."""
        self._database.execute("UPDATE decided SET answer = ? WHERE payer = ? AND number = ?", (answer, payer, number))

    def stands(self, payer: str, number: str, payee: str) -> bool:
        """Whether this payee has been told of the decision (its remittance lies in the folder) and it was not taken back since."""
        found = self._database.execute(
            "SELECT 1 FROM decided JOIN answers ON answers.name = decided.answer"
            " WHERE payer = ? AND number = ? AND payee = ? AND NOT taken_back AND written",
            (payer, number, payee),
        )
        return found.fetchone() is not None

    def take_back(self, payer: str, number: str) -> None:
        """A decision stands no longer: its services may be billed again, and its part of the deductible is open again."""
        control_number, kept = self._database.execute(
            "SELECT control_number, used FROM decided WHERE payer = ? AND number = ?", (payer, number)
        ).fetchone()
        used = json.loads(kept)
        self._database.executemany(
            "DELETE FROM services WHERE key = ? AND control_number = ?",
            [(key, control_number) for key in used["services"]],
        )
        for patient, year, amount in used["deductibles"]:
            self.use_deductible(payer, patient, year, -Decimal(amount))
        self._database.execute("UPDATE decided SET taken_back = 1 WHERE payer = ? AND number = ?", (payer, number))

    def remittance(self, payer: str, number: str) -> str:
        """The remittance that told a decision."""
        found = self._database.execute("SELECT answer FROM decided WHERE payer = ? AND number = ?", (payer, number))
        return str(found.fetchone()[0])

    def carried(self, payer: str, payee: str) -> Decimal:
        """What the payee owes the payer from a remittance that came out negative."""
        row = self._database.execute(
            "SELECT cents FROM carried WHERE payer = ? AND payee = ?", (payer, payee)
        ).fetchone()
        return Decimal(row[0]) / 100 if row else Decimal(0)

    def carry(self, payer: str, payee: str, amount: Decimal) -> None:
        """Keep what is owed after a remittance."""
        self._database.execute("INSERT OR REPLACE INTO carried VALUES (?, ?, ?)", (payer, payee, int(amount * 100)))
