"""Measurements of a running stack, by name."""

from collections.abc import Callable

from rich.table import Table

from claimstream_cli.places import Home
from claimstream_cli.state import Plan

from .intake import intake

Bench = Callable[[Home, Plan, str, int], Table]

BENCHES: dict[str, Bench] = {"intake": intake}
