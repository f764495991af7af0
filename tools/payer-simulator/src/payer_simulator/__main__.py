"""`python -m payer_simulator serve | check`."""

import os
import signal
from pathlib import Path
from threading import Event
from typing import Annotated

import typer

from .rules import RuleFile, read_rules
from .seeded import Seed
from .serving import Partner

app = typer.Typer(no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)

RulesFile = Annotated[Path, typer.Option("--rules", exists=True, dir_okay=False, help="The payers' rules.")]


@app.command()
def serve(
    exchange: Annotated[Path, typer.Option(help="The folder that holds outbound and inbound.")],
    rules: RulesFile,
    seed: Annotated[int, typer.Option(help="Whatever is left to chance follows from it.")] = 1,
) -> None:
    """Answer 837 files until told to stop."""
    home = Path(os.environ.get("CLAIMSTREAM_HOME", "var")) / "payer-simulator"
    stopping = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    Partner(exchange, home, _read(rules), Seed(seed)).work(stopping)


@app.command()
def check(rules: RulesFile) -> None:
    """Say whether a rules file fits."""
    read = _read(rules)
    typer.echo(f"{len(read.payers)} payers; all is well")


def _read(rules: Path) -> RuleFile:
    try:
        return read_rules(rules)
    except ValueError as wrong:
        typer.echo(f"{rules}: {wrong}", err=True)
        raise typer.Exit(1) from wrong


if __name__ == "__main__":
    app(prog_name="payer_simulator")
