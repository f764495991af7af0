"""``python tests/simulation``: see README.md beside this."""

import sys
from importlib import import_module
from pathlib import Path

if not __package__:
    sys.path[0] = str(Path(__file__).resolve().parents[1])

main = import_module("simulation.command").main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
