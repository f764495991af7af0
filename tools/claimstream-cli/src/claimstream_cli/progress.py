"""Progress bars for everything that takes more than a second; plain lines where nobody looks at a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

console = Console(stderr=True)
"""For the person who waits: bars and remarks."""

results = Console()
"""For what was asked for, so that it can be piped."""


class Steps:
    """Named steps, each with a bar; safe to tell from several threads."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}
        self._said: set[str] = set()
        self._lock = Lock()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say that `done` of `total` parts of this step are there."""
        with self._lock:
            if step not in self._bars:
                self._bars[step] = self._progress.add_task(step, total=total)
            self._progress.update(self._bars[step], completed=done, total=total)
            if not console.is_terminal and done >= total and step not in self._said:
                self._said.add(step)
                console.print(f"{step}: done", highlight=False)


@contextmanager
def steps() -> Iterator[Steps]:
    """Show bars while the block runs."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield Steps(progress)
