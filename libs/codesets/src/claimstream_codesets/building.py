"""Builds the read-only file: published lists into tables, wordings into phrases, phrases into a full-text index.

The name of the file carries a digest of the data and of this code, so a change of either builds a new one; it is
written under a temporary name and renamed, so that a reader sees a whole file or none.
"""

import math
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from . import published
from .completing import Tabular
from .icd10cm import FIRST_DAY
from .index_terms import index_phrases, neoplasm_phrases
from .phrases import Phrase, phrase
from .validity import ALWAYS, NEVER

_SCHEMA = """
create table icd10cm (code text primary key, text text not null, in_2025 integer, in_2026 integer) without rowid;
create table hcpcs (code text primary key, text text not null, added text, ended text, in_2024 integer not null,
  in_2026 integer not null) without rowid;
create table listed (list text not null, code text not null, first text not null, last text not null,
  text text not null, primary key (list, code)) without rowid;
create table policy (policy text not null, procedure text not null, diagnosis text not null, first text not null,
  last text not null, primary key (policy, procedure, diagnosis)) without rowid;
create table phrase (id integer primary key, key text not null, needed text not null, allowed text not null,
  text text not null, source text not null, named text not null, initial text not null, subsequent text not null);
create table word (stem text primary key, weight real not null) without rowid;
create virtual table phrase_words using fts5(words, content='', columnsize=1, detail=none);
"""


def build(data: Path, target: Path) -> Path:
    """Build the file from the published files in ``data`` and put it at ``target`` in one step."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.building")
    unfinished.unlink(missing_ok=True)
    try:
        database = sqlite3.connect(unfinished)
        database.executescript("pragma journal_mode=off; pragma synchronous=off; pragma page_size=8192;" + _SCHEMA)
        _fill(database, data)
        database.commit()
        database.execute("create index phrase_by_key on phrase (key)")
        database.execute("insert into phrase_words (phrase_words) values ('optimize')")
        database.commit()
        database.close()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _fill(database: sqlite3.Connection, data: Path) -> None:
    tabular = _icd10cm(database, data)
    _phrases(database, data, tabular)
    database.executemany("insert into hcpcs values (?, ?, ?, ?, ?, ?)", _hcpcs(data))
    database.executemany("insert or replace into listed values (?, ?, ?, ?, ?)", _listed(data))
    database.executemany("insert or ignore into policy values (?, ?, ?, ?, ?)", _policies(data))


def _icd10cm(database: sqlite3.Connection, data: Path) -> Tabular:
    texts, billable = {}, set()
    for row in _rows(data, "ICD10CM_2026"):
        texts[row["code_nodot"]] = row["description"]
        if row["billable"] == "1":
            billable.add(row["code_nodot"])
    year_before = _billable_flags(published.lines(data / published.ICD10CM_2025))
    every = sorted({*texts, *year_before})
    database.executemany(
        "insert into icd10cm values (?, ?, ?, ?)",
        ((c, texts.get(c, ""), year_before.get(c), int(c in billable) if c in texts else None) for c in every),
    )
    return Tabular.of(texts, frozenset(billable))


def _billable_flags(codes: Iterable[str]) -> dict[str, int]:
    """A code that no other code extends may be billed; chapters and ranges (``1``, ``A00-A09``) are no codes."""
    ordered = sorted(code for code in codes if code[0].isalpha() and "-" not in code)
    followers = [*ordered[1:], ""]
    return {code: int(not follower.startswith(code)) for code, follower in zip(ordered, followers, strict=True)}


def _phrases(database: sqlite3.Connection, data: Path, tabular: Tabular) -> None:
    complete = cache(tabular.complete)
    frequency: Counter[str] = Counter()
    stored: list[tuple[object, ...]] = []
    seen: set[tuple[str, str, str]] = set()
    for wording in _wordings(data):
        named = _bare(wording.code)
        initial, subsequent = complete(named, "initial") or "", complete(named, "subsequent") or ""
        mark = (wording.key, " ".join(sorted(wording.allowed)), initial or named)
        if mark in seen or not initial:
            continue
        seen.add(mark)
        frequency.update(wording.needed)
        words = (wording.key, " ".join(wording.needed), " ".join(wording.allowed))
        stored.append((*words, wording.text, wording.source, named, initial, subsequent))
    numbered = ((number, *row) for number, row in enumerate(stored, 1))
    database.executemany("insert into phrase values (?, ?, ?, ?, ?, ?, ?, ?, ?)", numbered)
    database.executemany(
        "insert into phrase_words (rowid, words) values (?, ?)",
        ((number, row[1]) for number, row in enumerate(stored, 1)),
    )
    weights = ((stem, math.log(1 + len(stored) / count)) for stem, count in frequency.items())
    database.executemany("insert into word values (?, ?)", weights)


def _wordings(data: Path) -> Iterator[Phrase]:
    for row in _rows(data, "ICD10CM_2026"):
        found = phrase(row["code_nodot"], row["description"], "tabular list")
        if found:
            yield found
    for row in _rows(data, "ICD10CM_NOTES"):
        if row["kind"] == "inclusion_term":
            found = phrase(row["code"], row["text"], "inclusion term")
            if found:
                yield found
    yield from index_phrases(_rows(data, "ICD10CM_INDEX"))
    yield from neoplasm_phrases(_rows(data, "ICD10CM_NEOPLASMS"))


def _hcpcs(data: Path) -> Iterator[tuple[object, ...]]:
    for row in _rows(data, "HCPCS"):
        added, ended = _day(row["date_added"]), _day(row["date_terminated"])
        yield row["hcpcs_code"], row["short_description"], added, ended, int(row["in_2024_07"]), int(row["in_2026_q3"])


def _listed(data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    first, last = ALWAYS.isoformat(), NEVER.isoformat()
    for row in _rows(data, "ADJUSTMENTS"):
        yield row["type"].lower(), row["code"], _day(row["start"]) or first, _day(row["stop"]) or last, ""
    for row in _rows(data, "CLAIM_STATUS"):
        yield row["list"], row["code"], first, last, ""
    for row in _rows(data, "PLACES"):
        if row["name"] != "Unassigned":
            yield "place_of_service", row["pos_code"], first, last, row["name"]
    for name, file in published.BARE_LISTS.items():
        for row in published.rows(data / file):
            yield name, row["code"], first, last, ""


def _policies(data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """The list states no dates; it holds from the first day of ICD-10-CM on, the code set that it names."""
    for row in _rows(data, "NCD_190_20"):
        diagnosis = _bare(row["icd10_code_id"])
        yield row["policy_id"], row["hcpc_code_id"], diagnosis, FIRST_DAY.isoformat(), NEVER.isoformat()


def _rows(data: Path, name: str) -> Iterator[dict[str, str]]:
    file: str = getattr(published, name)
    return published.rows(data / file)


def _bare(code: str) -> str:
    return code.replace(".", "").removesuffix("-")


def _day(compact: str) -> str:
    return f"{compact[:4]}-{compact[4:6]}-{compact[6:8]}" if compact else ""
