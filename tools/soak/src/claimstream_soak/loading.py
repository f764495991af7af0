"""The load of a run: encounters posted from a thread of their own, each acknowledgement on disk before the next thing is asked."""

import asyncio
import threading
from pathlib import Path

from claimstream_load import Journal, Poster, Tally, batches, canaries

IN_ONE_REQUEST = 50
CONNECTIONS = 4


class Load:
    """Posts a run's encounters at a rate, whatever happens to the other side."""

    def __init__(  # noqa: PLR0913  each is a choice of its own
        self, url: str, bearer: str, *, practice: str, seed: int, count: int, rate: float | None, folder: Path
    ) -> None:
        """``rate`` is in encounters a second; the journal and the planted words go to ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        self.journal = folder / "journal.ndjson"
        self.canaries = folder / "canaries.txt"
        self.canaries.write_text("\n".join(canaries(seed)) + "\n")
        self.journal.unlink(missing_ok=True)  # an earlier run promised other encounters
        self._journal = Journal(self.journal)
        self._poster = Poster(url, bearer, practice=practice, connections=CONNECTIONS, rate=rate, journal=self._journal)
        self._batches = batches(seed, count=count, size=IN_ONE_REQUEST)
        self._failed: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)

    def start(self) -> None:
        """Begin to post."""
        self._thread.start()

    @property
    def tally(self) -> Tally:
        """What came of it so far."""
        return self._poster.tally

    def finish(self) -> Tally:
        """Wait until all is posted."""
        self._thread.join()
        self._journal.close()
        if self._failed is not None:
            raise self._failed
        return self.tally

    def stop(self) -> None:
        """Post no more."""
        self._poster.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._poster.post(self._batches))
        except BaseException as failed:  # noqa: BLE001  it is raised again where the run waits for it
            self._failed = failed
