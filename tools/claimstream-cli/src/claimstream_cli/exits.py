"""What the command's exit codes mean; `--help` prints this table."""

from typing import NoReturn

import typer
from rich.console import Console

OK = 0
REFUSED = 1
USAGE = 2
NO_PYTHON = 3
NOT_STARTED = 4
NOT_RUNNING = 5
INTERRUPTED = 130

TABLE = """\
Exit codes: 0 done · 1 refused, or the figures do not add up, or a test failed · 2 wrong usage · 3 no Python ·
4 something did not start · 5 nothing is running · 130 interrupted
"""

errors = Console(stderr=True)


def fail(code: int, message: str) -> NoReturn:
    """Say what went wrong and end with the code."""
    errors.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)
