"""`python tests/fuzz_api --seconds N`: what `./claimstream fuzz-api` calls. It ends with 1 when an answer is not what its service's description says."""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
from claimstream_cli.client import client, post_encounters, token
from claimstream_cli.members import CODING, SERVICES
from claimstream_cli.passing import ending, fresh_stack
from claimstream_cli.places import Home, checkout
from claimstream_cli.practice import load
from claimstream_cli.progress import steps
from claimstream_cli.quiet import wait_until_quiet
from claimstream_cli.sample_encounters import SOURCES, written_encounters
from claimstream_cli.sites import Site
from claimstream_cli.state import Plan
from claimstream_kit.auth import INSTALLATION, ROLES

HERE = Path(__file__).parent
DAY = date(2026, 9, 16)
PRACTICE, ANOTHER = "bay-state", "another-practice"
AT_ONCE = 2
FINDS = 0.8
"""The share of requests whose id is one that there is."""
QUIET_SECONDS = 240.0


@dataclass(frozen=True)
class Outcome:
    """What asking one service came to."""

    service: str
    fails: bool
    said: str
    count: Counter[tuple[str, str, int]]

    def figures(self) -> str:
        """A line for people."""
        asked = sum(self.count.values())
        routes = {route for route, _, _ in self.count}
        taken = {route for route, _, status in self.count if status < 300}
        of_class = Counter({f"{status // 100}xx": 0 for _, _, status in self.count})
        for (_, _, status), number in self.count.items():
            of_class[f"{status // 100}xx"] += number
        statuses = ", ".join(f"{number:,} {name}" for name, number in sorted(of_class.items()))
        found = "findings above" if self.fails else "nothing found"
        return f"{self.service}: {asked:,} requests to {len(routes)} routes ({statuses}; {len(taken)} routes took some), {found}"

    def never_taken(self) -> list[str]:
        """The routes that answered nothing but refusals."""
        return sorted(
            {route for route, _, _ in self.count} - {route for route, _, status in self.count if status < 300}
        )


def main() -> int:
    """Start a stack of its own, with the demo's practice and encounters in it, and ask each service."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("services", nargs="*", default=[service.name for service in SERVICES])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    home = Home(Home.default().root / "fuzz-api")
    with ending(home):
        with steps() as progress:
            plan = fresh_stack(home, "fuzzapi_", DAY, progress)
            fill(home, plan)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            outcomes = list(pool.map(lambda name: ask(home, plan, name, chosen), chosen.services))
    for outcome in outcomes:
        if outcome.fails:
            print(outcome.said)
        for route in outcome.never_taken():
            print(f"{outcome.service}: {route} took nothing")
    print("\n".join(outcome.figures() for outcome in outcomes))
    return int(any(outcome.fails for outcome in outcomes))


def fill(home: Home, plan: Plan) -> None:
    """What the requests find: the demo's practice, its hand-written encounters, and what became of them."""
    loaded = load(Site.local(home, plan), checkout() / "demo" / "practice.json")
    assert loaded.taken, loaded.lines()
    with client(plan.url(CODING.name), token(home, practice=PRACTICE)) as http:
        for _, kind, body in written_encounters(checkout() / "demo" / "encounters"):
            post_encounters(http, body, kind)
    wait_until_quiet(home, plan, seconds=QUIET_SECONDS)


def tokens(home: Home) -> dict[str, str | None]:
    """One for each who asks; nobody has none."""
    return {
        "nobody": None,
        "every role": token(home, practice=PRACTICE, subject="fuzz"),
        "installation": token(home, practice=INSTALLATION, subject="fuzz"),
        "another practice": token(home, practice=ANOTHER, subject="fuzz"),
        **{role: token(home, practice=PRACTICE, subject="fuzz", roles=[role], sources=SOURCES) for role in ROLES},
    }


def known_ids(http: httpx2.Client) -> dict[str, list[str]]:
    """Ids that there are, by the path parameter that takes them, as the lists above them show."""
    paths = http.get("/openapi.json").json()["paths"]
    found: defaultdict[str, set[str]] = defaultdict(set, {"practice_id": {PRACTICE}, "number": {"1"}})
    for path in paths:
        above, _, below = path.partition("/{")
        if below and "get" in paths.get(above, {}):
            listed = http.get(above)
            names = re.findall(r"{(\w+)}", path)
            for name, key in [*zip(names, names, strict=True), (names[0], "id")]:
                found[name] |= set(values_of(listed.json(), key))
    return {name: sorted(ids) for name, ids in found.items() if ids}


def values_of(answer: Any, key: str) -> Iterator[str]:
    """All that an answer has under a name."""
    if isinstance(answer, dict):
        if isinstance(answer.get(key), (str, int)):
            yield str(answer[key])
        answer = list(answer.values())
    if isinstance(answer, list):
        for each in answer:
            yield from values_of(each, key)


def dictionary(name: str, ids: list[str]) -> str:
    """So that most requests find what they ask for."""
    return f"""
[dictionaries.{name}]
values = {json.dumps([int(each) if each.isdecimal() else each for each in ids])}
[parameters."path.{name}"]
dictionary = "{name}"
probability = {FINDS}
"""


def ask(home: Home, plan: Plan, service: str, chosen: argparse.Namespace) -> Outcome:
    """Let schemathesis ask one service for so many seconds, with all of its checks."""
    folder = home.root / "asked" / service
    folder.mkdir(parents=True)
    given, counted = folder / "tokens.json", folder / "count.jsonl"
    given.write_text(json.dumps(tokens(home)))
    with client(plan.url(service), token(home, practice=PRACTICE)) as http:
        known = known_ids(http)
    config = folder / "schemathesis.toml"
    config.write_text((HERE / "schemathesis.toml").read_text() + "".join(map(dictionary, known, known.values())))
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
        *(f"{plan.url(service)}/openapi.json", "--max-time", str(chosen.seconds), "--seed", str(chosen.seed)),
    ]
    environment = {
        **os.environ,
        "FUZZ_API": f"{given}{os.pathsep}{counted}",
        "SCHEMATHESIS_HOOKS": "asking",
        "PYTHONPATH": str(HERE),
        "COLUMNS": "200",
    }
    done = subprocess.run(command, env=environment, cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603
    lines = [json.loads(line) for line in counted.read_text().splitlines()] if counted.exists() else []
    count = Counter({(route, asker, status): number for route, asker, status, number in lines})
    return Outcome(service, done.returncode != 0 or not count, done.stdout + done.stderr, count)


if __name__ == "__main__":
    sys.exit(main())
