"""The 835 sets of the inbound files, read from the archived bytes, each with what must become of it."""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from .case import Case
from .exchange_rows import ExchangeRows, exchange_rows
from .x12_files import TransactionSet, X12File, read_file
from .x12_remittances import Remittance, remittance_of


@dataclass(frozen=True)
class RemittanceSet:
    """One 835 set of one file's bytes."""

    file_digest: str
    number: int
    """Its place among the file's sets, from 1."""
    practice: str | None
    digest: str
    is_sound: bool
    remittance: Remittance

    @property
    def is_usable(self) -> bool:
        """Whether it came whole, can be read, and is one of ours."""
        return self.is_sound and self.remittance.is_readable and self.practice is not None

    @property
    def where(self) -> str:
        """For people."""
        return f"file {self.file_digest[:16]} set {self.number}"


@dataclass
class InboundSets:
    """All of them, and what could not be looked at."""

    sets: list[RemittanceSet]
    kinds: dict[str, list[tuple[str, str]]]
    """Of each file's digest the sets in order: kind and digest."""
    missing: list[str]
    """Files (by name) whose bytes are not in the archive, or are others."""


async def inbound_sets(case: Case) -> InboundSets:
    """Read each distinct file once."""
    rows = await case.once(exchange_rows)
    found = InboundSets([], {}, [])
    for row in rows.inbound():
        digest = row["digest"]
        if not digest or digest in found.kinds:
            continue
        data = case.evidence.archive.read(digest)
        if data is None or sha256(data).hexdigest() != digest:
            found.missing.append(row["name"])
            continue
        file = read_file(data)
        found.kinds[digest] = [(one.kind, one.digest) for one in file.sets]
        found.sets += _sets_of(file, row, rows)
    return found


def _sets_of(file: X12File, row: Any, rows: ExchangeRows) -> list[RemittanceSet]:
    return [
        _read(one, number, row["digest"], rows) for number, one in enumerate(file.sets, start=1) if one.kind == "835"
    ]


def _read(one: TransactionSet, number: int, file_digest: str, rows: ExchangeRows) -> RemittanceSet:
    remittance = remittance_of(one)
    practice = rows.practice_of(npi=remittance.payee_npi, tin=remittance.payee_tin) or rows.claimed.get(one.digest)
    return RemittanceSet(file_digest, number, practice, one.digest, one.is_sound, remittance)


def cents(amount: Decimal) -> int:
    """Dollars as cents; the reader has seen to it that there is no fraction."""
    return int(amount * 100)
