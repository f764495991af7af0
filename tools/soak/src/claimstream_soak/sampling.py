"""What is seen from outside while a run goes on: memory, the age of what is unsent, how much came a second time."""

import re
import threading
from collections import Counter
from contextlib import suppress

import httpx2
import psutil
from claimstream_cli.state import Task

from .rig import KAFKA, POSTGRES, Rig

EVERY_SECONDS = 1.0
_DUPLICATES = re.compile(r'^claimstream_events_total\{[^}]*outcome="duplicate"[^}]*\} (\S+)', re.MULTILINE)
_AGE = re.compile(r"^claimstream_outbox_oldest_seconds\{[^}]*\} (\S+)", re.MULTILINE)


class Sampler:
    """Looks every second, from a thread of its own, until it is stopped."""

    def __init__(self, rig: Rig) -> None:
        """Nothing is looked at yet."""
        self._rig = rig
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._duplicates: dict[tuple[str, int], float] = {}
        self.peak_bytes: Counter[str] = Counter()
        self.peak_total_bytes = 0
        self.oldest_unsent_seconds = 0.0

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look once more, and no more."""
        self._stopping.set()
        self._thread.join()

    @property
    def duplicates(self) -> int:
        """How many events consumers saw a second time and left alone; what a killed process had counted after the last look is missing."""
        return round(sum(self._duplicates.values()))

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_SECONDS):
            self._look()
        self._look()

    def _look(self) -> None:
        total = 0
        for name in (*self._rig.names, KAFKA, POSTGRES):
            process = self._rig.process(name)
            if process is None:
                continue
            size = memory(process.pid)
            total += size
            self.peak_bytes[name] = max(self.peak_bytes[name], size)
        self.peak_total_bytes = max(self.peak_total_bytes, total)
        for task in self._rig.services:
            self._read_metrics(task)

    def _read_metrics(self, task: Task) -> None:
        process = self._rig.process(task.name)
        if process is None:
            return
        with suppress(httpx2.HTTPError):
            text = httpx2.get(f"{task.url}/metrics", timeout=1.0).text
            self._duplicates[task.name, process.pid] = sum(float(each) for each in _DUPLICATES.findall(text))
            self.oldest_unsent_seconds = max(
                self.oldest_unsent_seconds, *(float(each) for each in _AGE.findall(text)), 0.0
            )


def memory(pid: int) -> int:
    """Bytes that a process and its children hold alone (pages shared between them count once: USS, plus shared of the first)."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        whole = int(process.memory_info().rss)
        for child in process.children(recursive=True):
            with suppress(psutil.Error):
                whole += int(child.memory_full_info().uss)
        return whole
    return 0
