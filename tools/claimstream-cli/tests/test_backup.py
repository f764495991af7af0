"""A moment that a backup does not reach is refused before anything is touched."""

import json
from datetime import UTC, datetime

import pytest
from claimstream_cli import backup
from claimstream_cli.places import Home


@pytest.mark.parametrize("until", [datetime(2026, 9, 16, 9, 59, tzinfo=UTC), datetime(2026, 9, 16, 12, 1, tzinfo=UTC)])
def test_a_moment_that_a_backup_does_not_reach_is_refused(tmp_path, until):
    folder = tmp_path / "backup"
    (folder / "base").mkdir(parents=True)
    (folder / "base" / "backup_label").write_text(
        "LABEL: a base\nSTART TIME: 2026-09-16 10:00:00 UTC\nSTART TIMELINE: 1\n"
    )
    (folder / backup.ABOUT).write_text(json.dumps({"at": "2026-09-16T12:00:00+00:00", "databases": {}}))

    with pytest.raises(backup.NotPossible, match="goes from 2026-09-16T10:00:00"):
        backup.restore(Home(tmp_path / "home"), folder, until=until)

    assert not (tmp_path / "home").exists()
