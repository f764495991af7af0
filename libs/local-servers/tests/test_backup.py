"""A backup goes on in its folder, and begins anew where the server does not."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from claimstream_local_servers import LocalPostgres, postgres_backup


@pytest.fixture
def postgres(tmp_path: Path):
    server = LocalPostgres(tmp_path / "home")
    yield server
    server.remove()


def add(postgres: LocalPostgres, word: str) -> None:
    server = postgres.start()
    server.run_sql("CREATE TABLE IF NOT EXISTS words (word text)", f"INSERT INTO words VALUES ('{word}')")  # noqa: S608  a test's own word


def words(postgres: LocalPostgres) -> str:
    return postgres.start().ask("SELECT string_agg(word, ' ' ORDER BY word) FROM words")


def bring_back(postgres: LocalPostgres, folder: Path) -> None:
    postgres.stop()
    postgres_backup.bring_back(postgres, folder)
    postgres_backup.finish(postgres)


def test_a_backup_goes_on_and_after_a_restore_it_begins_anew_in_the_same_folder(postgres, tmp_path):
    folder = tmp_path / "backup"
    add(postgres, "a")
    assert postgres_backup.take(postgres.start(), folder) is True
    assert abs((postgres_backup.begun_at(folder) - datetime.now(UTC)).total_seconds()) < 300
    add(postgres, "b")
    assert postgres_backup.take(postgres.start(), folder) is False
    add(postgres, "lost")
    bring_back(postgres, folder)
    assert words(postgres) == "a b"

    add(postgres, "c")
    assert postgres_backup.take(postgres.start(), folder) is True
    add(postgres, "d")
    assert postgres_backup.take(postgres.start(), folder) is False
    bring_back(postgres, folder)
    assert words(postgres) == "a b c d"

    bring_back(postgres, folder / "earlier-1")
    assert words(postgres) == "a b"


def test_two_folders_that_take_turns_both_go_on(postgres, tmp_path):
    nightly, weekly = tmp_path / "nightly", tmp_path / "weekly"
    add(postgres, "a")
    assert [postgres_backup.take(postgres.start(), folder) for folder in (nightly, weekly)] == [True, True]
    add(postgres, "b")
    postgres.start().run_sql("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
    assert postgres_backup.take(postgres.start(), weekly) is False
    postgres.start().run_sql("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
    add(postgres, "c")
    assert postgres_backup.take(postgres.start(), nightly) is False

    bring_back(postgres, nightly)
    assert words(postgres) == "a b c"

    bring_back(postgres, weekly)
    assert words(postgres) == "a b"
