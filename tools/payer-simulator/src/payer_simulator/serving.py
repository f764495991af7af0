"""The partner's end of the exchange folders: looks for files, keeps the answers, writes them when they are due."""

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from .answering import Answering
from .memory import Memory
from .receiving import receive
from .rules import RuleFile
from .seeded import Seed

POLL_SECONDS = 0.1


@dataclass
class Partner:
    """Works one exchange folder."""

    exchange: Path
    home: Path
    rules: RuleFile
    seed: Seed

    def __post_init__(self) -> None:
        """Open what was kept and make the folders."""
        self.outbound, self.inbound = self.exchange / "outbound", self.exchange / "inbound"
        for folder in (self.outbound, self.inbound, self.home):
            folder.mkdir(parents=True, exist_ok=True)
        self._memory = Memory(self.home / "memory.sqlite")
        self._answered = self._memory.known_files()
        self._told: int | None = None
        self._remove_halves()

    def work(self, stopping: Event) -> None:
        """Answer files until told to stop."""
        # What lay in the folder at a crash but was not yet noted as written is noted first: someone may have answered to it.
        self.write_due(time.time())
        while not stopping.is_set():
            for path in self._new_files():
                self.answer(path)
                if stopping.is_set():
                    break
            self.write_due(time.time())
            self._tell()
            stopping.wait(POLL_SECONDS)
        self._memory.close()

    def _new_files(self) -> list[Path]:
        with os.scandir(self.outbound) as entries:
            names = [
                entry.name for entry in entries if entry.name.endswith(".837") and entry.name not in self._answered
            ]
        if names:
            self._tell(len(names))
        return [self.outbound / name for name in sorted(names)]

    def answer(self, path: Path) -> None:
        """Decide all answers to a file and keep them in one transaction; nothing is written yet."""
        content = path.read_bytes()
        received = receive(content)
        header = received.interchange
        # Control numbers run for each pair of partners.
        sender = f"{header.sender}>{header.receiver}" if header else path.name
        control_number = header.control_number if header else ""
        with self._memory as memory:
            if memory.is_taken(sender, control_number):
                # The envelope was used before: TA1 note 025 (duplicate interchange control number), nothing else.
                received = type(received)(header, (), "025")
                control_number = f"{control_number}/{path.name}"
            answers = Answering(self.rules, self.seed, memory, path.name, received).answers() if header else []
            memory.add_file(path.name, sender, control_number, hashlib.sha256(content).hexdigest())
            memory.add_answers(path.name, answers, time.time())
        self._answered.add(path.name)

    def write_due(self, now: float) -> None:
        """Write the answers whose time has come: temporary name, fsync, rename. What lies there already is not written again."""
        due = self._memory.due(now)
        for name, content in due:
            target = self.inbound / name
            if not target.exists():
                part = self.inbound / f"{name}.part"
                with part.open("wb") as out:
                    out.write(content)
                    out.flush()
                    os.fsync(out.fileno())
                part.rename(target)
        if due:
            self._sync_folder()
            self._memory.mark_written([name for name, _ in due])

    def _sync_folder(self) -> None:
        handle = os.open(self.inbound, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def _remove_halves(self) -> None:
        for half in self.inbound.glob("*.part"):
            half.unlink()

    def _tell(self, unread: int = 0) -> None:
        """Say how many answers are still to come, for those who wait until all is quiet."""
        pending = unread + self._memory.unwritten()
        if pending == self._told:
            return
        self._told = pending
        new = self.home / "status.json.new"
        new.write_text(json.dumps({"pending": pending, "answered": len(self._answered)}))
        new.replace(self.home / "status.json")
