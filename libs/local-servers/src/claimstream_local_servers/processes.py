"""Processes that we started: remembered by id and start time, so that nobody else's process is ever ended."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import psutil

from .places import UMASK

START_TIME_TOLERANCE_SECONDS = 5.0
"""Start times are counted from the kernel's boot time, which moves by a second or so when the machine's clock is set."""

POLL_SECONDS = 0.02

LAST_THREADS_SECONDS = 5.0
"""How long the threads of a process that has ended may take to end as well."""


class ServerFailed(Exception):
    """A server did not come up, or is not ours; the message says what to read next."""


class Progress(Protocol):
    """Hears how far a slow step has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say that `done` of `total` parts of this step are there."""


def silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Account:
    """An account of this machine that a process runs under instead of ours."""

    user: int
    group: int

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass through every folder down to the path (mode bits; access lists are not looked at)."""
        return all(self._passes(folder) for folder in [*path.parents] if folder.exists())

    def _passes(self, folder: Path) -> bool:
        facts = folder.stat()
        if facts.st_uid == self.user:
            return bool(facts.st_mode & 0o100)
        if facts.st_gid == self.group:
            return bool(facts.st_mode & 0o010)
        return bool(facts.st_mode & 0o001)


@dataclass(frozen=True)
class OwnedProcess:
    """A process of ours. Ids are reused by the system, so the start time belongs to the identity."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> "OwnedProcess":
        """Take note of a running process by its id."""
        return cls(pid, psutil.Process(pid).create_time())

    def is_alive(self) -> bool:
        """Whether this very process still runs; a zombie has ended."""
        return self._process() is not None

    def send(self, number: signal.Signals) -> None:
        """Send a signal, or do nothing when the process has ended."""
        process = self._process()
        if process is not None:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                return

    def end(
        self, steps: Sequence[tuple[signal.Signals, float]] = ((signal.SIGTERM, 20.0), (signal.SIGKILL, 10.0))
    ) -> bool:
        """Ask with each signal in turn and wait as long as it says; True when the process is gone."""
        for number, patience in steps:
            self.send(number)
            if self.wait(patience):
                return True
        return not self.is_alive()

    def wait(self, seconds: float) -> bool:
        """Wait for the process's end; True when it came. One that has ended and is not reaped yet (a zombie) has ended."""
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < START_TIME_TOLERANCE_SECONDS
            if same and process.status() != psutil.STATUS_ZOMBIE:
                return process
        except psutil.NoSuchProcess:
            return None
        return None


_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Those that this process started and has not asked for their end."""


def how_it_ended(process: OwnedProcess) -> str | None:
    """By which signal, or with which exit code, a process ended that `spawn` started here; None where nobody knows. Asked once.

    Its first thread may have ended while others are still ending: until they have, the system says nothing.
    """
    child = _children.pop(process.pid, None)
    if child is None:
        return None
    try:
        code = child.wait(LAST_THREADS_SECONDS)
    except subprocess.TimeoutExpired:
        return None
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def spawn(  # noqa: PLR0913  each is a fact of its own
    command: Sequence[str],
    log: Path,
    *,
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
    account: Account | None = None,
    sockets: Sequence[int] = (),
) -> OwnedProcess:
    """Start a process in a session of its own (a Ctrl-C at the terminal is not for it), its output appended to a log file.

    It gets the ``sockets`` under the same numbers, and nothing else that is open here.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as output:
        process = subprocess.Popen(  # noqa: S603 - the command is ours, no shell is involved
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder or "/",
            env=environment,
            start_new_session=True,
            user=account.user if account else None,
            group=account.group if account else None,
            extra_groups=[] if account else None,
            pass_fds=sockets,
            umask=UMASK,
        )
    _children[process.pid] = process
    return OwnedProcess.of(process.pid)


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, for the message of a start that failed."""
    if not log.exists():
        return "(no log was written)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def read_object(path: Path) -> dict[str, Any]:
    """A small file's object.

    Raises:
        FileNotFoundError: it is not there.
        ServerFailed: it holds none, as after a full disk or a power cut.
    """
    try:
        return dict(json.loads(path.read_text()))
    except (ValueError, TypeError) as damage:
        raise damaged(path) from damage


def damaged(path: Path) -> ServerFailed:
    """What is said of a file of ours that cannot be understood."""
    return ServerFailed(f"{path} is damaged: put it back from a backup, or move it away and try again")


def write_json(path: Path, value: object) -> None:
    """Keep a small file whole: a reader sees the old text or the new one, and only we can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        json.dump(value, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)


def remember(path: Path, process: OwnedProcess, **facts: object) -> None:
    """Write down which process is ours, before anything else can fail."""
    write_json(path, {"process": asdict(process), **facts})


def recall(path: Path) -> tuple[OwnedProcess, dict[str, object]] | None:
    """Read what `remember` wrote; None when nothing was written."""
    try:
        facts = json.loads(path.read_text())
        process = OwnedProcess(**facts.pop("process"))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError) as broken:
        message = f"{path} is not readable as a record of our process: {broken}"
        raise ServerFailed(message) from broken
    return process, facts
