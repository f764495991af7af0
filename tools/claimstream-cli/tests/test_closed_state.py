"""The state folder is closed to everybody else on the machine, whatever the umask of who starts the front door."""

import os
import subprocess
import sys


def test_keys_are_made_in_folders_that_nobody_else_can_list(tmp_path):
    home = tmp_path / "var"

    subprocess.run(
        [sys.executable, "-m", "claimstream_cli", "token", "--practice", "bay-state"],
        env={**os.environ, "CLAIMSTREAM_HOME": str(home)},
        umask=0,
        check=True,
        capture_output=True,
    )

    modes = {path.name: path.stat().st_mode & 0o077 for path in (home, *home.rglob("*"))}
    assert modes.keys() >= {"var", "keys", "issuer.pem"}
    assert {name: mode for name, mode in modes.items() if mode & 0o066} == {}
