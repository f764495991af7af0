"""``python -m claimstream_schemas FOLDER TOPICS``: write the contract's files; refuses a change that is not additive."""

import sys
import tomllib
from pathlib import Path

from .contract import write

if __name__ == "__main__":
    folder, listed = Path(sys.argv[1]), tomllib.loads(Path(sys.argv[2]).read_text())
    broken = write(folder, listed)
    for fault in broken:
        print(f"{fault}: make a new version of the event instead", file=sys.stderr)  # noqa: T201  the command's answer
    sys.exit(1 if broken else 0)
