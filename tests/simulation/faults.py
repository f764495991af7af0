"""What goes wrong in a schedule: one fault is armed for one step, strikes at its place, and is counted when it has struck."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from claimstream_kit import failpoints

Kind = Literal[
    "crash",  # the process ends at a failpoint
    "power",  # the machine ends at a failpoint: what the disk was not told to keep is lost
    "crash-at-statement",  # the process ends before its n-th SQL statement
    "lost-statement",  # the connection is lost before the n-th SQL statement
    "lost-before-commit",  # the connection is lost at COMMIT, nothing was committed
    "lost-after-commit",  # the connection is lost at COMMIT, everything was committed
    "bus-took-nothing",  # the bus says that it failed, and has nothing
    "bus-took-some",  # the bus says that it failed, and has the first messages
    "bus-took-all",  # the bus says that it failed, and has all messages
    "offsets-lost",  # a batch is worked on, its offsets are not committed
    "handler-fails",  # a handler raises what nobody thought of, and would not do so a second time
]


class Crash(BaseException):
    """The process ends here. What it held in memory is gone; what it had not committed is rolled back."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, the ``nth`` time that its place is reached."""

    kind: Kind
    place: str = ""
    nth: int = 1

    def __str__(self) -> str:
        """As a trace shows it."""
        return f"{self.kind}{' ' + self.place if self.place else ''}{f' @{self.nth}' if self.nth > 1 else ''}"


class Faults:
    """Arms faults, strikes with them, counts those that struck."""

    def __init__(self) -> None:
        """None is armed."""
        self.struck: Counter[str] = Counter()
        self.crashes: Counter[str] = Counter()
        """Crashes and power losses by failpoint."""
        self.reached: Counter[str] = Counter()
        self._armed: Fault | None = None
        self._left = 0
        self.hit: Fault | None = None
        """The fault of this step, once it has struck."""

    @contextmanager
    def armed(self, fault: Fault | None) -> Iterator[None]:
        """Arm a fault for one step."""
        self._armed, self._left, self.hit = fault, fault.nth if fault else 0, None
        try:
            yield
        finally:
            self._armed = None

    def place(self, name: str) -> None:
        """A failpoint is reached."""
        self.reached[name] += 1
        fault = self._armed
        if fault is not None and fault.place == name and self._is_due():
            self.crashes[name] += 1
            raise Crash(name)

    def statement(self) -> None:
        """An SQL statement is about to be sent."""
        fault = self._armed
        if fault is not None and fault.kind in ("crash-at-statement", "lost-statement") and self._is_due():
            if fault.kind == "crash-at-statement":
                raise Crash("statement")
            raise ConnectionError("the simulated connection is lost")

    def takes(self, *kinds: Kind) -> Kind | None:
        """Whether a fault of these kinds strikes now."""
        fault = self._armed
        return fault.kind if fault is not None and fault.kind in kinds and self._is_due() else None

    def _is_due(self) -> bool:
        self._left -= 1
        if self._left != 0 or self._armed is None:
            return False
        self.hit, self._armed = self._armed, None
        self.struck[self.hit.kind] += 1
        return True


def watch(faults: Faults) -> Callable[[], None]:
    """Let every failpoint of the program tell these faults that it is reached; returns how to end it."""
    return failpoints.watch(faults.place)


def of_places(kind: Kind, places: Sequence[str], nths: Sequence[int] = (1,)) -> list[Fault]:
    """A fault of this kind for each place, at each of these times."""
    return [Fault(kind, place, nth) for place in places for nth in nths]
