"""``python tests/simulation``: so many schedules in so many seconds, on a PostgreSQL of its own, in two processes."""

import argparse
import gc
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import uvloop
from claimstream_local_servers.postgres import SETTINGS, LocalPostgres

from .driver import LARGEST_SEED, Outcome, run
from .schedule import Schedule
from .world import World

HERE = Path(__file__).parent
SHORT_LIVED = {
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
}
"""A PostgreSQL for a minute needs no care."""
REPLAY = ".venv/bin/python tests/simulation --seed {seed} --schedules 1"


def main(words: Sequence[str]) -> int:
    """Run, print what came of it; 1 when an invariant was violated, or when the run showed too little."""
    options = _options(words)
    if options.worker is not None:
        return _work(options)
    home = Path(tempfile.mkdtemp(prefix="claimstream-sim-"))
    home.chmod(0o711)  # PostgreSQL may have to pass through as another account
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what was started is ended
    postgres = LocalPostgres(home / "postgres", durable=False)
    began = time.monotonic()
    socket = home / "socket"
    socket.mkdir()
    socket.chmod(0o777)
    try:
        with patch.dict(SETTINGS, {**SHORT_LIVED, "unix_socket_directories": str(socket)}):
            server = postgres.start()
        outcome = _together(options, home, json.dumps(vars(server)))
    finally:
        postgres.remove()
        shutil.rmtree(home, ignore_errors=True)
    return _report(options, outcome, time.monotonic() - began)


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python tests/simulation", description=__doc__)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seconds", type=float, default=60.0, help="at most so long, from when the services are built")
    parser.add_argument("--seed", type=int, default=None, help="of the first schedule; those after it follow")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--json", type=Path, default=None, help="write the figures to this file, too")
    parser.add_argument("--trace", action="store_true", help="print what happens in each schedule")
    parser.add_argument("--worker", type=int, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--home", type=Path, default=None, help=argparse.SUPPRESS)
    options = parser.parse_args(words)
    if options.seed is None:
        options.seed = secrets.randbelow(LARGEST_SEED - options.schedules - 1) + 1
    options.processes = max(1, min(options.processes, options.schedules))
    if not 0 < options.seed < LARGEST_SEED - options.schedules:
        parser.error(f"--seed lies between 1 and {LARGEST_SEED - options.schedules}")
    return options


def _together(options: argparse.Namespace, home: Path, server: str) -> Outcome:
    """Each process has its own databases and every other seed. The same hashes everywhere: a set's order is no chance."""
    environment = {**os.environ, "PYTHONHASHSEED": "0", "SIMULATION_SERVER": server}
    same = ["--schedules", str(options.schedules), "--seconds", str(options.seconds), "--seed", str(options.seed)]
    same += ["--processes", str(options.processes), "--home", str(home), *(["--trace"] if options.trace else [])]
    workers = [
        subprocess.Popen(  # noqa: S603  this program
            [sys.executable, str(HERE), *same, "--worker", str(number)], env=environment
        )
        for number in range(options.processes)
    ]
    try:
        codes = [worker.wait() for worker in workers]
    finally:
        for worker in workers:
            if worker.poll() is None:
                worker.terminate()
                worker.wait()
    total = Outcome()
    for number, code in enumerate(codes):
        if code:
            total.failures.append((options.seed + number, f"process {number} ended with {code}"))
            continue
        told = json.loads((home / f"{number}.json").read_text())
        counters = {name: Counter(told[name]) for name in ("figures", "crashes", "faults")}
        failures = [(seed, said) for seed, said in told["failures"]]
        total.add(Outcome(told["schedules"], told["seconds"], **counters, failures=failures))
    return total


def _work(options: argparse.Namespace) -> int:
    """One of the processes."""
    from claimstream_local_servers.postgres import PostgresServer  # noqa: PLC0415  only a worker asks for databases
    from claimstream_local_servers.testing import NewDatabase  # noqa: PLC0415

    server = PostgresServer(**json.loads(os.environ["SIMULATION_SERVER"]))
    folder = options.home / str(options.worker)
    seeds = range(options.seed + options.worker, options.seed + options.schedules, options.processes)

    def show(seed: int, schedule: Schedule) -> None:
        _say(f"schedule {seed}:\n  " + "\n  ".join(schedule.trace))

    world = World(NewDatabase(server), folder, uvloop.new_event_loop(), socket=str(options.home / "socket"))
    world.load_practices(list(seeds))
    gc.collect()
    gc.freeze()
    outcome = run(
        world, seeds, until=time.monotonic() + options.seconds, on_failure=show, on_each=show if options.trace else None
    )
    (options.home / f"{options.worker}.json").write_text(json.dumps(vars(outcome)))
    if not outcome.failures:
        world.close()
    return 0


def _report(options: argparse.Namespace, outcome: Outcome, elapsed: float) -> int:
    vacuities = outcome.vacuities() if outcome.schedules >= LONG_ENOUGH else []
    rate = outcome.schedules / outcome.seconds if outcome.seconds else 0.0
    _say(
        f"seed {options.seed}: {outcome.schedules} schedules in {outcome.seconds:.1f} s ({rate:.1f}/s; {elapsed:.1f} s with start and end)"
    )
    _say("  " + ", ".join(f"{value} {name}" for name, value in sorted(outcome.figures.items())))
    _say("faults that struck: " + ", ".join(f"{name} {count}" for name, count in sorted(outcome.faults.items())))
    _say(
        "crashes and power losses by place: "
        + ", ".join(f"{name} {count}" for name, count in sorted(outcome.crashes.items()))
    )
    for seed, said in outcome.failures:
        _say(f"VIOLATION in schedule {seed}:\n  {said}\n  replay: {REPLAY.format(seed=seed)}")
    for said in vacuities:
        _say(f"VACUOUS: {said}")
    _say(f"violations: {len(outcome.failures)}")
    if options.json is not None:
        figures = {**vars(outcome), "seed": options.seed, "vacuities": vacuities, "schedules_per_second": rate}
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if outcome.failures or vacuities else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


LONG_ENOUGH = 500
"""Schedules that must have shown every kind of fault; fewer need not."""
