"""``python -m claimstream_codesets build``: build the read-only file, and say where it lies."""

import sys
import time

from .locating import built_file

_USAGE = 2


def main(arguments: list[str]) -> int:
    """Build where needed; the exit code is 0 when the file is there."""
    if arguments != ["build"]:
        sys.stderr.write("usage: python -m claimstream_codesets build\n")
        return _USAGE
    began = time.monotonic()
    file = built_file()
    sys.stdout.write(f"{file} ({file.stat().st_size / 1e6:.0f} MB, {time.monotonic() - began:.1f} s)\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
