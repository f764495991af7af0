"""A rolling restart: one replica after the other leaves and comes back, some of them as the next release, whose events have a field more."""

import re
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from signal import SIGTERM

import claimstream_schemas

from .loading import Load
from .rig import Rig

PATIENCE_SECONDS = 60.0
PAUSE_SECONDS = 1.0
REFUSED_FOR_LOAD = "429"

NEW_FIELD = '    said_by_release: str | None = Field(default="next", description="A field that the release before does not know")\n'


class NoSuchPlace(Exception):
    """The base class of the events looks otherwise than expected: the next release cannot be made."""


def next_release(folder: Path) -> Path:
    """Make the schemas of a next release: every event has one more optional field. Returns what goes in front of PYTHONPATH."""
    source = Path(claimstream_schemas.__file__).parent
    target = folder / "next-release" / "claimstream_schemas"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    envelope = target / "envelope.py"
    text = envelope.read_text()
    changed, count = re.subn(
        r"(    practice_id: PracticeId = [^\n]+\n)", lambda found: found[1] + NEW_FIELD, text, count=1
    )
    if not count:
        raise NoSuchPlace(str(envelope.name))
    envelope.write_text(changed)
    return target.parent


def roll(rig: Rig, load: Load, folder: Path, told: Callable[[str], None]) -> int:
    """Restart every replica by a polite signal, the second of each as the next release; how many errors clients saw meanwhile."""
    path = str(next_release(folder))
    before = Counter(load.tally.errors)
    for task in rig.services:
        told(f"rolling restart: {task.name}")
        if task.environment.get("CLAIMSTREAM_REPLICA") == "1":
            rig.change(task.name, PYTHONPATH=path)
        process = rig.process(task.name)
        if process is not None:
            process.send(SIGTERM)
        rig.until_back(task.name, process, seconds=PATIENCE_SECONDS)
        time.sleep(PAUSE_SECONDS)
    errors = Counter(load.tally.errors) - before
    del errors[REFUSED_FOR_LOAD]
    return errors.total()
