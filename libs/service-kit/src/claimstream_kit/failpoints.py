"""Failpoints: named places where a test makes this process die, wait or fail. Disarmed, a place costs one look at an empty dictionary.

``FAILPOINT=name:kill@n|delay|error`` arms them, several with commas between: ``kill`` ends the process with SIGKILL, ``delay`` stops it for a
second (``delay=2.5`` for longer), ``error`` raises `FailpointError`, which is taken for an outage of our own database. ``@n`` is the n-th time that the place
is reached, the first by default. What was done is appended, synced, to the file ``FAILPOINT_LOG``; what stands there is not done again, so that
a process which is started again after its kill lives.
"""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ACTIONS = ("kill", "delay", "error")

PLACES: dict[str, str] = {}
"""Every place that the running program has, with what is true when it is reached."""


class FailpointError(ConnectionError):
    """What an armed place raises: it passes by itself, as a lost connection does."""


class UnknownFailpoint(ValueError):
    """``FAILPOINT`` names a place or an action that does not exist."""


@dataclass
class Order:
    """What is to happen at a place, and when."""

    text: str
    action: str
    seconds: float
    at: int
    reached: int = field(default=0)

    @classmethod
    def read(cls, text: str) -> tuple[str, "Order"]:
        """Read ``name:action[=seconds][@n]``."""
        name, _, rest = text.partition(":")
        what, _, number = rest.partition("@")
        action, _, seconds = what.partition("=")
        if action not in ACTIONS or not (number or "1").isdigit():
            raise UnknownFailpoint(f"{text!r}: write name:kill@n, name:delay or name:error")
        return name, cls(text, action, float(seconds or 1.0), int(number or 1))


_armed: dict[str, Order] = {}
_watchers: list[Callable[[str], None]] = []


@dataclass(frozen=True)
class Failpoint:
    """One place."""

    name: str

    def reached(self) -> None:
        """Do here what was ordered; nothing, where nothing was."""
        if _watchers:
            for watcher in _watchers:
                watcher(self.name)
        if _armed and self.name in _armed:
            _obey(self.name, _armed[self.name])


def failpoint(name: str, says: str) -> Failpoint:
    """Give a place its name, once; ``says`` is what is true there."""
    if PLACES.setdefault(name, says) != says:
        raise ValueError(f"two failpoints are called {name}")
    return Failpoint(name)


def arm(orders: str, log: Path | None = None) -> None:
    """Arm places as ``FAILPOINT`` says, except what ``log`` says was done; an empty text disarms all."""
    _armed.clear()
    done = log.read_text().split() if log is not None and log.exists() else []
    for text in filter(None, (part.strip() for part in orders.split(","))):
        name, order = Order.read(text)
        if text not in done:
            _armed[name] = order
    _Log.path = log


def arm_from_environment() -> None:
    """Arm what ``FAILPOINT`` and ``FAILPOINT_LOG`` say. Every place of the program has been imported by now, so that a wrong name shows.

    Raises:
        UnknownFailpoint: a place or an action does not exist.
    """
    log = os.environ.get("FAILPOINT_LOG")
    arm(os.environ.get("FAILPOINT", ""), Path(log) if log else None)
    unknown = sorted(set(_armed) - set(PLACES))
    if unknown:
        raise UnknownFailpoint(f"no such failpoint: {', '.join(unknown)}; there are {', '.join(sorted(PLACES))}")


def watch(watcher: Callable[[str], None]) -> Callable[[], None]:
    """Call ``watcher`` with the name of every place that is reached, in this process; what it raises is raised there. Returns how to end it."""
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher)


class _Log:
    """Where firings are written down."""

    path: Path | None = None


def _obey(name: str, order: Order) -> None:
    order.reached += 1
    if order.reached != order.at:
        return
    del _armed[name]
    if _Log.path is not None:
        handle = os.open(_Log.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{order.text}\n".encode())
        os.fsync(handle)
        os.close(handle)
    if order.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif order.action == "delay":
        time.sleep(order.seconds)
    else:
        raise FailpointError(f"failpoint {name}")
