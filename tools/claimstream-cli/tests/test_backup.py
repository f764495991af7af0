"""A moment that a backup does not reach is refused before anything is touched; what comes back lies where the stack looks for it."""

import json
import os
import stat
from datetime import UTC, datetime

import pytest
from claimstream_cli import backup
from claimstream_cli.places import Home
from claimstream_local_servers import ServerFailed, postgres_backup
from claimstream_local_servers.places import UMASK


@pytest.mark.parametrize("until", [datetime(2026, 9, 16, 9, 59, tzinfo=UTC), datetime(2026, 9, 16, 12, 1, tzinfo=UTC)])
def test_a_moment_that_a_backup_does_not_reach_is_refused(tmp_path, until):
    folder = a_backup(tmp_path)

    with pytest.raises(backup.NotPossible, match="goes from 2026-09-16T10:00:00"):
        backup.restore(Home(tmp_path / "home"), folder, until=until)

    assert not (tmp_path / "home").exists()


def a_backup(below):
    folder = below / "backup"
    (folder / "base").mkdir(parents=True)
    (folder / "base" / "backup_label").write_text(
        "LABEL: a base\nSTART TIME: 2026-09-16 10:00:00 UTC\nSTART TIMELINE: 1\n"
    )
    (folder / backup.ABOUT).write_text(json.dumps({"at": "2026-09-16T12:00:00+00:00", "databases": {}}))
    return folder


def test_what_comes_back_into_a_new_folder_lies_where_the_stack_will_look_for_it(tmp_path, monkeypatch):
    """Root's PostgreSQL looks in /var/lib where it cannot pass through: the folder is to be as `up` has it before its place is chosen."""
    folder, seen = a_backup(tmp_path), {}
    (folder / "files" / "keys").mkdir(parents=True)
    (folder / "files" / "keys" / "issuer.pem").touch()
    home = Home(tmp_path / "home")

    def stops_here(server, *_, **__):
        seen.update({path.name: stat.S_IMODE(path.stat().st_mode) for path in (home.root, home.keys, server.home)})
        raise ServerFailed("it goes no further")

    monkeypatch.setattr(postgres_backup, "bring_back", stops_here)
    before = os.umask(UMASK)
    with pytest.raises(ServerFailed, match="no further"):
        backup.restore(home, folder, until=None)
    os.umask(before)

    way = 0o711 if os.geteuid() == 0 else 0o700
    assert seen == {"home": way, "keys": 0o700, "postgres": way}


@pytest.mark.parametrize("there", ["base/x", "log/x", "notes.txt", "earlier"])
def test_a_backup_goes_into_a_folder_that_has_nothing_else(tmp_path, there):
    file = tmp_path / "etc" / there
    file.parent.mkdir(parents=True)
    file.touch()
    (tmp_path / "etc" / "passwd").touch()

    with pytest.raises(backup.NotPossible, match="holds something else"):
        backup._check_folder(tmp_path / "etc")


def test_a_folder_that_cannot_be_made_is_refused_with_its_reason(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(backup.NotPossible, match="Not a directory"):
        backup._check_folder(tmp_path / "file" / "backup")


def test_a_backup_goes_on_where_one_is(tmp_path):
    for name in ("base", "log", "files", "earlier-1"):
        (tmp_path / name).mkdir()
    (tmp_path / "slot").touch()

    backup._check_folder(tmp_path)
