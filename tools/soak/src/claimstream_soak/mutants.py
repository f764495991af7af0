"""Tier 4: the tests are tested. Each mutant takes one safeguard out of a copy of the code, and a lower tier has to turn red for it.

A mutant is a text and what stands in its place; a text that is not found once is an error, so that the list cannot grow stale.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from claimstream_cli.places import checkout

SIMULATED = ("tests/simulation", "--schedules", "1200", "--seconds", "60", "--seed", "1")
SMALL_SOAK = ("--tier", "2", "--seed", "1", "--encounters", "3000")
KIT = "libs/service-kit/src"
GATEWAY = "services/clearinghouse-gw/src"
REMIT = "services/remit-svc/src"
DENIAL = "services/denial-svc/src"


@dataclass(frozen=True)
class Mutant:
    """One safeguard less."""

    name: str
    source: str
    """The folder, below the checkout, that is put in front of the others when it is imported from."""
    file: str
    text: str
    instead: str


MUTANTS = (
    Mutant(
        "no inbox",
        KIT,
        "claimstream_kit/consuming/inbox.py",
        "            if name not in seen and (message.place is not None or name in new):\n",
        "            if True:\n",
    ),
    Mutant(
        "the inbox keeps a unit's newest places alone",
        KIT,
        "claimstream_kit/consuming/inbox.py",
        "SET places = inbox.places || EXCLUDED.places\n",
        "SET places = EXCLUDED.places\n",
    ),
    Mutant(
        "a record that was sent again counts twice",
        KIT,
        "claimstream_kit/consuming/inbox.py",
        "    return (message.envelope.source, place.era, place.number, ",
        "    return (message.envelope.source, place.era, message.record.offset, ",
    ),
    Mutant(
        "units are taken off the queue before they are sent",
        KIT,
        "claimstream_kit/relay.py",
        "        await self._publisher.send([event.to_send() for event in events])\n        AFTER_ACK.reached()\n"
        "        async with self._database.connection() as connection:\n"
        "            await connection.execute(_SENT, units, epoch)\n",
        "        async with self._database.connection() as connection:\n"
        "            await connection.execute(_SENT, units, epoch)\n        AFTER_ACK.reached()\n"
        "        await self._publisher.send([event.to_send() for event in events])\n",
    ),
    Mutant(
        "units are numbered behind the last that has a number",
        KIT,
        "claimstream_kit/relay.py",
        "FROM outbox_queue WHERE number IS NULL ORDER BY id LIMIT $2)",
        "FROM outbox_queue WHERE id > (SELECT coalesce(max(id), 0) FROM outbox WHERE number IS NOT NULL) ORDER BY id LIMIT $2)",
    ),
    Mutant(
        "a unit's number is not kept until it is sent",
        KIT,
        "claimstream_kit/relay.py",
        "        return int(await connection.fetchval(_LEAD))\n",
        '        await connection.execute("UPDATE outbox_queue SET era = NULL, number = NULL")\n'
        "        return int(await connection.fetchval(_LEAD))\n",
    ),
    Mutant(
        "a relay past its lock numbers",
        KIT,
        "claimstream_kit/relay.py",
        "FROM relay_state WHERE epoch = $1 FOR UPDATE\n",
        "FROM relay_state WHERE $1::bigint IS NOT NULL FOR UPDATE\n",
    ),
    Mutant(
        "a unit's place is taken before its locks",
        KIT,
        "claimstream_kit/outbox.py",
        "    SELECT nextval('outbox_id_seq') AS id,",
        "    SELECT pg_current_xact_id()::text::bigint * 1000 + s.place AS id,",
    ),
    Mutant(
        "what was said is said again when it is heard again",
        DENIAL,
        "denial_svc/handlers/open_denial.py",
        "        if await unit.cases.get(event.practice_id, refusal.place.case_id) is not None:\n",
        "        if (known_case := await unit.cases.get(event.practice_id, refusal.place.case_id)) is not None:\n"
        "            unit.publish(denial_changed(known_case, unit.actor))\n",
    ),
    Mutant(
        "offsets are committed before the work",
        KIT,
        "claimstream_kit/bus/kafka.py",
        "        await work(records)\n        AFTER_WORK.reached()\n"
        "        self._done = {partition: batch[-1].offset + 1 for partition, batch in fetched.items()}"
        "  # type: ignore[attr-defined]\n        await self._commit()\n",
        "        self._done = {partition: batch[-1].offset + 1 for partition, batch in fetched.items()}\n"
        "        await self._commit()\n        await work(records)\n        AFTER_WORK.reached()\n",
    ),
    Mutant(
        "a handler's failure is swallowed",
        KIT,
        "claimstream_kit/consuming/batch.py",
        "            raise HandlerFailed(message, error) from error\n",
        '            return "done"\n',
    ),
    Mutant(
        "what waited is forgotten, not completed",
        KIT,
        "claimstream_kit/consuming/waiting.py",
        "        return [message for message in messages if message.stored_id in ours]\n\n    async def settle",
        '        await connection.execute("DELETE FROM waiting WHERE id = ANY($1)", sorted(ours))\n'
        "        return []\n\n    async def settle",
    ),
    Mutant(
        "no fsync of a file that leaves",
        GATEWAY,
        "clearinghouse_gw/mailbox/folder.py",
        "        after[0]()\n        os.fsync(file.fileno())\n",
        "        after[0]()\n",
    ),
    Mutant(
        "a file is written anew without looking whether it left",
        GATEWAY,
        "clearinghouse_gw/handlers/transmit_claim.py",
        "    data = mailbox.sent(one.file.name)\n",
        "    data = None\n",
    ),
    Mutant(
        "a copy of a file is read again",
        GATEWAY,
        "clearinghouse_gw/handlers/receive_file.py",
        "    if not await unit.set_is_new(practice, one.kind, one.digest):\n",
        "    if False:\n",
    ),
    Mutant(
        "an 835 that does not balance is posted",
        REMIT,
        "remit_svc/steps/reading_sets.py",
        "    if not faults:\n",
        "    if True:\n",
    ),
    Mutant(
        "a unit is left out of the audit chain",
        KIT,
        "claimstream_kit/audit.py",
        "            for row in all_of(units, entries):\n",
        "            for row in all_of(units[1:] or units, entries):\n",
    ),
)


class Stale(Exception):
    """A mutant's text is not in the code any more, or more than once."""


@dataclass(frozen=True)
class Verdict:
    """Which tier turned red for a mutant; None when it lived."""

    mutant: Mutant
    killed_by: str | None
    said: str = ""


def plant(mutant: Mutant, folder: Path) -> Path:
    """Make a copy with the mutant in it; what goes in front of PYTHONPATH.

    Raises:
        Stale: its text is not there exactly once.
    """
    target = folder / "source"
    shutil.rmtree(target, ignore_errors=True)
    source = checkout() / mutant.source
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for beside in source.parent.iterdir():  # data that the code finds beside itself
        if beside.is_dir() and beside.name not in (source.name, "tests"):
            shutil.copytree(beside, folder / beside.name, dirs_exist_ok=True)
    file = target / mutant.file
    text = file.read_text()
    if text.count(mutant.text) != 1:
        raise Stale(f"{mutant.name}: its text is {text.count(mutant.text)} times in {mutant.file}")
    file.write_text(text.replace(mutant.text, mutant.instead))
    return target


def judge_all(folder: Path, told: Callable[[str], None], *, only: str | None = None) -> list[Verdict]:
    """Plant each mutant, and look for the first tier that turns red."""
    verdicts = []
    for mutant in MUTANTS:
        if only is not None and only not in mutant.name:
            continue
        path = plant(mutant, folder)
        told(f"mutant: {mutant.name}")
        verdict = _judge(mutant, path, folder)
        told(f"  {f'killed by {verdict.killed_by}: {verdict.said}' if verdict.killed_by else 'LIVES'}")
        verdicts.append(verdict)
    return verdicts


def _judge(mutant: Mutant, path: Path, folder: Path) -> Verdict:
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"}
    if said := _simulated(environment, folder):
        return Verdict(mutant, "tier 0", said)
    if said := _at_failpoints(environment):
        return Verdict(mutant, "tier 1", said)
    if said := _soaked(environment, folder):
        return Verdict(mutant, "tier 2", said)
    return Verdict(mutant, None)


def _simulated(environment: dict[str, str], folder: Path) -> str:
    """The first violation of a simulation; a run that broke otherwise shows nothing."""
    report = folder / "simulation.json"
    report.unlink(missing_ok=True)
    subprocess.run(  # noqa: S603  our own program
        [sys.executable, *SIMULATED, "--json", str(report)],
        cwd=checkout(),
        env=environment,
        check=False,
        capture_output=True,
    )
    failures = json.loads(report.read_text())["failures"] if report.exists() else []
    violated = [str(said) for _, said in failures if "Violation" in str(said)]
    return violated[0].splitlines()[0][:200] if violated else ""


def _at_failpoints(environment: dict[str, str]) -> str:
    """The first case of tier 1 that found a violation or a loss."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "tests/tier1_failpoints.py"],
        cwd=checkout(),
        env={key: value for key, value in environment.items() if key != "CLAIMSTREAM_HOME"},
        check=False,
        capture_output=True,
        text=True,
    )
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    return failed[0][:200] if failed else ""


def _soaked(environment: dict[str, str], folder: Path) -> str:
    """What a small tier 2 says is wrong."""
    report = folder / "soak.json"
    report.unlink(missing_ok=True)
    subprocess.run(  # noqa: S603  our own module
        [sys.executable, "-m", "claimstream_soak", *SMALL_SOAK, "--report", str(report)],
        cwd=checkout(),
        env=environment,
        check=False,
        capture_output=True,
    )
    violations = json.loads(report.read_text())["violations"] if report.exists() else {}
    violated = [f"{name} {count}" for name, count in violations.items() if count]
    return ", ".join(violated)
