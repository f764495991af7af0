"""What our processes keep is closed to everybody else on the machine, from its first moment."""

import grp
import os
import pwd
import stat
import sys

import pytest
from claimstream_local_servers import LocalPostgres
from claimstream_local_servers.places import closed_folder
from claimstream_local_servers.postgres_binaries import UNNAMED, account, place_for
from claimstream_local_servers.processes import spawn

WAY = 0o711 if os.geteuid() == 0 else 0o700


@pytest.fixture(autouse=True)
def open_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_and_what_was_missing_above_it_can_be_listed_by_nobody_else(tmp_path):
    made = closed_folder(tmp_path / "a" / "b")

    assert [mode(each) for each in (made, made.parent)] == [WAY, WAY]
    assert mode(made) & 0o066 == 0


def test_a_folder_that_was_open_is_closed_with_all_that_lies_in_it_and_links_are_not_followed(tmp_path):
    stranger = tmp_path / "stranger"
    stranger.write_text("not ours")
    stranger.chmod(0o644)
    folder = tmp_path / "var"
    (folder / "log").mkdir(parents=True)
    (folder / "log" / "claim-svc.log").write_text("{}")
    (folder / "link").symlink_to(stranger)
    assert mode(folder / "log" / "claim-svc.log") == 0o666

    closed_folder(folder)

    assert mode(folder) == WAY
    assert mode(folder / "log") & 0o066 == 0
    assert mode(folder / "log" / "claim-svc.log") == 0o600
    assert mode(stranger) == 0o644


def test_a_folder_that_postgresql_could_not_pass_through_can_be_passed_through(tmp_path):
    (tmp_path / "var").mkdir(mode=0o700)

    assert mode(closed_folder(tmp_path / "var")) == WAY


def test_what_a_process_of_ours_writes_is_its_accounts_alone(tmp_path):
    writes = "import pathlib, os; pathlib.Path('made').write_text('x'); os.mkdir('folder')"

    process = spawn([sys.executable, "-c", writes], tmp_path / "log" / "p.log", folder=tmp_path)

    assert process.wait(10)
    assert [mode(tmp_path / name) for name in ("made", "folder")] == [0o600, 0o700]


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL runs under our own account then")
def test_the_account_of_postgresql_has_no_name_and_is_always_the_same_for_a_home(tmp_path):
    who = account(tmp_path)

    assert who == account(tmp_path)
    assert who.user in UNNAMED
    with pytest.raises(KeyError):
        pwd.getpwuid(who.user)
    with pytest.raises(KeyError):
        grp.getgrgid(who.group)


def test_the_data_of_postgresql_are_its_accounts_alone(tmp_path):
    home = tmp_path / "postgres"
    server = LocalPostgres(home, durable=False)
    server.start()
    try:
        place = place_for(home, account(home))
        opened = [path for path in (*home.rglob("*"), *(place / "data").rglob("*")) if path.lstat().st_mode & 0o077]

        assert [path for path in opened if not stat.S_ISLNK(path.lstat().st_mode)] == []
        assert mode(place / "data") == 0o700
        assert (place / "data").stat().st_uid == (account(home).user if os.geteuid() == 0 else os.geteuid())
    finally:
        server.remove()
