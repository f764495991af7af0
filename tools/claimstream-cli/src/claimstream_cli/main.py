"""The commands. Each translates its arguments, calls the part that does it, and turns a failure into an exit code."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import httpx2
import typer
from claimstream_kit.auth import ROLES
from claimstream_kit.outbox import UnreadablePayload
from claimstream_local_servers import ServerFailed
from claimstream_x12.command_line import main as x12_main

from . import audit_check, backup, bench, client, events, exits, practice, profiles, stack
from .demo import run_demo
from .exits import fail
from .members import CODING, SERVICES
from .places import Home, checkout
from .progress import console, results, steps
from .sites import UNREACHABLE, GivenToken, KeyHolder, Lacks, NotReached, Site
from .state import Plan
from .status import status_of, status_of_site
from .x12_code_sets import LoadedCodeSets

app = typer.Typer(
    name="claimstream",
    help="Claimstream carries a claim from the visit to the money. Begin with: ./claimstream demo",
    epilog=exits.TABLE,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
practice_app = typer.Typer(no_args_is_help=True, help="Who bills: the practice, its payers, its fees.")
app.add_typer(practice_app, name="practice")
audit_app = typer.Typer(no_args_is_help=True, help="The audit chain of each service.")
app.add_typer(audit_app, name="audit")

OF_A_STACK = ("CLAIMSTREAM_HOME", "CLAIMSTREAM_PROFILE", "CLAIMSTREAM_URL", "CLAIMSTREAM_TOKEN", "CLAIMSTREAM_CA")
"""What names a stack in the environment; tests have stacks of their own."""

FUZZED = ("x12", "check", "inbound", "auditor", "events", "fhir", "native")

Day = Annotated[
    datetime | None,
    typer.Option(
        "--clock", formats=["%Y-%m-%d"], help="The day that the stack shall believe in; it goes on from there."
    ),
]
PracticeId = Annotated[str, typer.Option(help="The practice (tenant) to act for.")]


@dataclass(frozen=True)
class Elsewhere:
    """How the stack is named that the commands are to talk to, where it is not the one that runs here."""

    profile: Path | None
    url: str
    ca: Path | None

    def __bool__(self) -> bool:
        return bool(self.profile or self.url)


ALSO_ELSEWHERE = frozenset({"practice", "post", "token", "status", "events", "audit", "backup", "x12"})
"""What works on a stack wherever it is, or on none."""


@app.callback()
def where(
    context: typer.Context,
    profile: Annotated[
        Path | None,
        typer.Option(
            envvar="CLAIMSTREAM_PROFILE",
            exists=True,
            dir_okay=False,
            help="A stack elsewhere, as a TOML file says it: deploy/compose-profile.toml is that of docker-compose.yml.",
        ),
    ] = None,
    url: Annotated[
        str,
        typer.Option(
            envvar="CLAIMSTREAM_URL",
            help="A stack elsewhere, by one address: https://host/{service}, http://host:{port}; token in CLAIMSTREAM_TOKEN.",
        ),
    ] = "",
    ca: Annotated[
        Path | None,
        typer.Option(envvar="CLAIMSTREAM_CA", exists=True, dir_okay=False, help="Who signs for --url (PEM)."),
    ] = None,
) -> None:
    """Which stack the commands talk to."""
    if profile and url:
        fail(exits.USAGE, "--profile and --url both name a stack (CLAIMSTREAM_PROFILE, CLAIMSTREAM_URL): leave one out")
    context.obj = Elsewhere(profile, url, ca)
    if context.obj and context.invoked_subcommand not in ALSO_ELSEWHERE:
        said = "--profile and --url (CLAIMSTREAM_PROFILE, CLAIMSTREAM_URL) name another"
        asked = context.invoked_subcommand
        fail(exits.USAGE, f"`{asked}` works on the stack of this machine alone; {said}: leave them out")


@contextmanager
def failures() -> Iterator[None]:
    """Turn what can go wrong into a message and an exit code."""
    try:
        yield
    except (stack.NotStarted, ServerFailed) as failed:
        fail(exits.NOT_STARTED, str(failed))
    except (Lacks, profiles.WrongProfile) as wrong:
        fail(exits.USAGE, str(wrong))
    except NotReached as failed:
        fail(exits.NOT_RUNNING, str(failed))
    except httpx2.TransportError as failed:
        fail(exits.NOT_RUNNING, f"the stack does not answer ({failed}); see: claimstream status")
    except KeyboardInterrupt:
        fail(exits.INTERRUPTED, "interrupted")


def running() -> tuple[Home, Plan]:
    """What runs now, or exit code 5."""
    home = Home.default()
    plan = stack.current(home)
    if plan is None and stack.is_orphaned(home):
        fail(exits.NOT_RUNNING, "the supervisor was killed, and what it started still runs; end it: claimstream down")
    if plan is None:
        fail(exits.NOT_RUNNING, "nothing is running here; start it with: claimstream up")
    return home, plan


def there(context: typer.Context) -> Site:
    """The stack that --profile or --url names, or else the one that runs here; exit code 5 where none does."""
    elsewhere: Elsewhere = context.obj
    if elsewhere.url:
        return profiles.at_url(elsewhere.url, ca=elsewhere.ca)
    return profiles.read(elsewhere.profile) if elsewhere.profile else Site.local(*running())


@app.command(epilog=exits.TABLE)
def demo(
    *,
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Leave the demo's stack up and wait for Ctrl-C.")
    ] = False,
) -> None:
    """Show the whole journey on real input: visits become claims, X12 files, payments, denials and a balanced ledger.

    It starts a stack of its own under var/demo (a previous one is removed), on 2026-09-16. The figures go to
    var/demo/summary.json, the files exchanged with the payers stay in var/demo/exchange.
    """
    with failures():
        raise typer.Exit(run_demo(keep_running=keep_running))


@app.command(epilog=exits.TABLE)
def up(
    clock: Day = None,
    *,
    simulator: Annotated[
        bool, typer.Option(help="Also run the payer simulator at the other end of the exchange folders.")
    ] = True,
    replicas: Annotated[int, typer.Option(min=1, max=4, help="How many processes of each service.")] = 1,
) -> None:
    """Start everything, or what is missing of it: PostgreSQL, Kafka, the five services and the payer simulator.

    What ends by itself is started again. CLAIMSTREAM_KAFKA and CLAIMSTREAM_POSTGRES_HOST, _PORT, _USER, _PASSWORD, _CA name real
    servers to use instead of the embedded ones. State lives under var/, or where CLAIMSTREAM_HOME says.
    """
    home = Home.default()
    already = stack.current(home)
    if already and clock and stack.today(already) != clock.date():
        fail(exits.USAGE, "it is running already, with another clock; end it first: claimstream down")
    with failures(), steps() as progress:
        options = stack.Options(clock=clock.date() if clock else None, simulator=simulator, replicas=replicas)
        plan = stack.up(home, options, progress)
    console.print("It was running already." if already else "It is running.", style="green")
    results.print(status_of(home, plan).table)


@app.command(epilog=exits.TABLE)
def down() -> None:
    """End every process that `up` started, and nothing else."""
    with failures(), console.status("Ending everything"):
        was_running = stack.down(Home.default())
    console.print("Everything has ended." if was_running else "Nothing was running.")


@app.command(epilog=exits.TABLE)
def status(context: typer.Context) -> None:
    """Show what runs: process, port, readiness, restarts; dead letters, what is unsent, how old the last seal is.

    Exit code 0 when all of it is ready, 4 when not, 5 when nothing runs, 1 when it is ready and something waits for a person: dead letters, events
    that do not leave, an audit that is not sealed.
    """
    with failures():
        standing = status_of_site(there(context)) if context.obj else status_of(*running())
    results.print(standing.table)
    for fault in standing.faults:
        exits.errors.print(fault, style="red", markup=False, highlight=False, soft_wrap=True)
    if not standing.is_ready:
        raise typer.Exit(exits.NOT_STARTED)
    raise typer.Exit(exits.REFUSED if standing.faults else exits.OK)


@app.command(epilog=exits.TABLE)
def post(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Native JSON, NDJSON, or FHIR R4 bundles.")
    ],
    practice_id: Annotated[str, typer.Option("--practice", help="The practice to post for.")] = client.DEFAULT_PRACTICE,
) -> None:
    """Post encounters, and print their ids, or what is wrong with them and where. Exit code 1 when a file is refused."""
    refused = 0
    with failures():
        site = there(context)
        with site.http(CODING.name, practice=practice_id, subject="claimstream-post", roles=["biller"]) as http:
            for file in files:
                answer = client.post_file(http, file)
                refused += not answer.taken
                for line in answer.lines():
                    typer.echo(f"{file}: {line}", err=not answer.taken)
    raise typer.Exit(exits.REFUSED if refused else exits.OK)


@app.command("events", epilog=exits.TABLE)
def show_events(  # noqa: PLR0913  each is an option
    context: typer.Context,
    key: Annotated[str, typer.Argument(help="An aggregate, as practice/id: a claim, an encounter, a remittance.")] = "",
    claim: Annotated[
        str,
        typer.Option(
            help="A claim's id or CLM01: also what was said of its visit, and of the remittances that pay it."
        ),
    ] = "",
    unit: Annotated[
        str, typer.Option(help="service/id, as the audit names a unit, or service/era.number, as ce_place does.")
    ] = "",
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Leave out what was written before that day, UTC.")
    ] = None,
    *,
    body: Annotated[bool, typer.Option("--body", help="Also the bodies. They hold patient data.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="A line of JSON an event.")] = False,
) -> None:
    """Show what the services said of KEY, of a claim or in a unit, in order: time, source, place (era.number.index), topic, key, id, type.

    It is read from the outboxes of the running stack, which keep it for 30 days. Of a key, all that its practice said since the day is read and
    unpacked: --since makes it quicker. Exit code 1 when there is nothing. Without --body no patient data is shown; with it, each read is
    written into the audit.
    """
    if [bool(key), bool(claim), bool(unit)].count(True) != 1:
        fail(exits.USAGE, "name one of KEY, --claim and --unit; see: claimstream events --help")
    day = since.date() if since else None
    try:
        with failures():
            site = there(context)
            if unit:
                found = events.of_unit(site, unit)
            else:
                found = events.of_claim(site, claim, since=day) if claim else events.of_key(site, key, since=day)
            if body:
                console.print("Bodies hold patient data; this read is written into the audit.", style="yellow")
                events.record_read(site, found, unit or claim or key)
    except events.WrongName as wrong:
        fail(exits.USAGE, str(wrong))
    except events.NotFound as missing:
        fail(exits.REFUSED, str(missing))
    except UnreadablePayload as unread:
        fail(
            exits.REFUSED,
            f"some of it cannot be read ({unread}): a later release wrote it, or it is damaged, which `claimstream audit verify` shows",
        )
    except UNREACHABLE as failed:
        fail(exits.NOT_RUNNING, f"the databases do not answer ({failed}); see: claimstream status")
    for event in found:
        for line in [event.to_json(body=body)] if as_json else event.lines(body=body):
            typer.echo(line)


@practice_app.command("load", epilog=exits.TABLE)
def practice_load(context: typer.Context, file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)]) -> None:
    """Load who bills, its payers, fee schedules and charge master from a file."""
    with failures():
        answer = practice.load(there(context), file)
    for line in answer.lines():
        typer.echo(line, err=not answer.taken)
    raise typer.Exit(exits.OK if answer.taken else exits.REFUSED)


@audit_app.command("verify", epilog=exits.TABLE)
def audit_verify(context: typer.Context) -> None:
    """Recompute the audit chains and their signed heads. Exit code 1 when one does not hold; its first bad row is named."""
    with failures():
        answers = audit_check.verify(there(context))
    for holds, said in answers.values():
        typer.echo(said, err=not holds)
    raise typer.Exit(exits.OK if all(holds for holds, _ in answers.values()) else exits.REFUSED)


@app.command("backup", epilog=exits.TABLE)
def run_backup(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(file_okay=False, help="Made when it is not there; readable by you alone.")],
) -> None:
    """Back the running stack up: databases, exchanged files, keys. Into a folder that has a backup goes what came since: run it as often as you like."""
    with failures():
        site = there(context)
        try:
            with console.status("Backing up"):
                taken = backup.take(site, folder.absolute())
        except (backup.NotPossible, ServerFailed) as failed:
            fail(exits.REFUSED, str(failed))
    kind = "a base and the log" if taken.is_new else "the log since"
    typer.echo(f"{kind}, {taken.files} files; {taken.size / 2**20:,.0f} MB in {folder}, up to {taken.at}")


@app.command("restore", epilog=exits.TABLE)
def run_restore(
    folder: Annotated[Path | None, typer.Argument(file_okay=False, help="A backup. None: only Kafka was lost.")] = None,
    to: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"],
            help="The moment to come back to, UTC where it names no zone; by default all that the backup has.",
        ),
    ] = None,
) -> None:
    """Bring a backup back, to a moment if you like; or, without a folder, make Kafka's topics again from the outboxes. Then: claimstream up."""
    home = Home.default()
    if stack.current(home) is not None:
        fail(exits.USAGE, "it is running; end it first: claimstream down")
    try:
        with console.status("Restoring"):
            if folder is None:
                typer.echo(f"{backup.rebuild_topics(home):,} events go to a new Kafka at the next start")
                return
            until = to.replace(tzinfo=to.tzinfo or UTC) if to is not None else None
            restored = backup.restore(home, folder.absolute(), until=until)
    except (backup.NotPossible, ServerFailed) as failed:
        fail(exits.REFUSED, str(failed))
    typer.echo(f"back to {restored.moment}; {restored.events:,} events go to a new Kafka at the next start")
    for name in restored.left_after:
        typer.echo(f"left after that moment, the payer has it: {home.exchange}/outbound-after-restore/{name}")


@app.command("token", epilog=exits.TABLE)
def print_token(  # noqa: PLR0913  each is a claim
    context: typer.Context,
    practice_id: Annotated[
        str, typer.Option("--practice", help="The practice it speaks for.")
    ] = client.DEFAULT_PRACTICE,
    subject: Annotated[str, typer.Option(help="Who acts; it is written into the audit.")] = "operator",
    role: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(ROLES)}; may be given again. All by default.")
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            help="For an ehr alone: a source system whose encounters it may post and read; may be given again."
        ),
    ] = None,
    hours: Annotated[float, typer.Option(help="How long it holds.")] = 12,
) -> None:
    """Print a signed token for the services' APIs."""
    try:
        with failures():
            # Where a stack was, its keys are: a token needs no stack that runs.
            issuer = there(context) if context.obj else KeyHolder(Home.default().keys)
            if isinstance(issuer, Site) and isinstance(issuer.issuer, GivenToken):
                raise Lacks(f"{issuer.name} has one token that somebody else made, and no key to make others")
            typer.echo(
                issuer.token(
                    practice=practice_id, subject=subject, roles=role or ROLES, sources=source or (), hours=hours
                )
            )
    except ValueError as wrong:
        fail(exits.USAGE, str(wrong))


@app.command(
    "test",
    epilog=exits.TABLE,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": ["--help"]},
)
def run_tests(context: typer.Context) -> None:
    """Run all tests on a real PostgreSQL and a real Kafka. Words put behind it go to pytest, as in `test -k journey`."""
    folders = [folder for folder in ("libs", "services", "tools", "tests") if (checkout() / folder).is_dir()]
    chosen = [word for word in context.args if (checkout() / word.split("::")[0]).exists()]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        *context.args,
        *([] if chosen else folders),
    ]
    environment = {key: value for key, value in os.environ.items() if key not in OF_A_STACK}
    raise typer.Exit(subprocess.run(command, cwd=checkout(), env=environment, check=False).returncode)  # noqa: S603


@app.command(
    "soak",
    epilog=exits.TABLE,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)
def run_soak(context: typer.Context) -> None:
    """Hurt a stack at work, by a seed, and say whether anything was lost or done twice: `soak --tier 0|1|2|3|4 [--seed N]`, or `soak --help`."""
    command = [sys.executable, "-m", "claimstream_soak", *context.args]
    raise typer.Exit(subprocess.run(command, cwd=checkout(), check=False).returncode)  # noqa: S603


@app.command("fuzz", epilog=exits.TABLE)
def run_fuzz(
    targets: Annotated[list[str] | None, typer.Argument(help=f"{', '.join(FUZZED)}; all of them by default.")] = None,
    seconds: Annotated[int, typer.Option(min=1, help="For each target.")] = 600,
    seed: Annotated[int, typer.Option(help="Where the fuzzer begins.")] = 1,
) -> None:
    """Give our readers any bytes, grown from the real files, and see that none raises. What breaks one is kept in tests/fuzz/crashers as a test."""
    if unknown := sorted(set(targets or ()) - set(FUZZED)):
        fail(exits.USAGE, f"there is no target {', '.join(unknown)}; there are {', '.join(FUZZED)}")
    for target in targets or FUZZED:
        console.print(f"fuzz {target}, {seconds} s", highlight=False)
        command = [sys.executable, "tests/fuzz", target, "--seconds", str(seconds), "--seed", str(seed)]
        done = subprocess.run(command, cwd=checkout(), check=False, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            fail(exits.REFUSED, f"{target}:\n" + "\n".join(done.stderr.splitlines()[-40:]))
        figures = [line.removeprefix("stat::") for line in done.stderr.splitlines() if line.startswith("stat::")]
        typer.echo(f"{target}: " + ", ".join(" ".join(figure.split()) for figure in figures))


@app.command("fuzz-api", epilog=exits.TABLE)
def run_fuzz_api(
    services: Annotated[
        list[str] | None, typer.Argument(help=f"{', '.join(each.name for each in SERVICES)}; all of them by default.")
    ] = None,
    seconds: Annotated[int, typer.Option(min=10, help="For each service; two are asked at once.")] = 600,
    seed: Annotated[int, typer.Option(help="Where the requests begin.")] = 1,
) -> None:
    """Ask the services' APIs whatever their descriptions allow, and what they do not, in each role; see that each answer is as described.

    It starts a stack of its own under var/fuzz-api, with the demo's practice and its hand-written encounters, and ends it. All checks of
    schemathesis are on (tests/fuzz_api). What is found is printed with the request, whose User-Agent names the role that asked.
    """
    names = [each.name for each in SERVICES]
    if unknown := sorted(set(services or ()) - set(names)):
        fail(exits.USAGE, f"there is no service {', '.join(unknown)}; there are {', '.join(names)}")
    command = [sys.executable, "tests/fuzz_api", *(services or names), "--seconds", str(seconds), "--seed", str(seed)]
    raise typer.Exit(subprocess.run(command, cwd=checkout(), check=False).returncode)  # noqa: S603


@app.command(
    "x12",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def x12(context: typer.Context) -> None:
    """Check, answer, print or show X12 files: claimstream x12 check|json|ack|show FILE… (see: claimstream x12 --help)."""
    raise typer.Exit(x12_main(context.args, codes=LoadedCodeSets(), program="claimstream x12"))


@app.command("bench", epilog=exits.TABLE)
def run_bench(  # noqa: PLR0913  each is an option
    name: Annotated[str, typer.Argument(help="Which one; without a name they are listed.")] = "",
    times: Annotated[int, typer.Option(min=1, max=100, help="intake: how often the sample is posted.")] = 3,
    encounters: Annotated[int, typer.Option(min=1, help="journey: how many encounters are sent.")] = 2_000,
    seed: Annotated[int | None, typer.Option(min=0, help="journey: whose encounters; new ones each time.")] = None,
    practice_id: Annotated[str, typer.Option("--practice")] = client.DEFAULT_PRACTICE,
    claims: Annotated[
        tuple[int, int],
        typer.Option(min=6_000, help="delivery: measure with so few claims in the tables, and with so many."),
    ] = (7_000, 100_000),
    *,
    floor: Annotated[bool, typer.Option(help="journey: measure the bare stages as well.")] = True,
    megabytes: Annotated[int, typer.Option(min=1, help="x12: how large the files are that all tools read.")] = 10,
    large_megabytes: Annotated[
        int, typer.Option(min=1, help="x12: how large the file is that memory is measured with.")
    ] = 100,
    as_json: Annotated[
        bool, typer.Option("--json", help="journey, x12: print the figures as one JSON object.")
    ] = False,
) -> None:
    """Measure, and print the figures with the machine and the commit.

    `intake` needs a running stack. `journey` takes the running one, or else starts one of its own under var/bench and ends it.
    `delivery` starts a PostgreSQL of its own. `x12` needs none; it ends with 1 when a figure that must be reached is not.
    """
    if name not in bench.BENCHES:
        listed = "\n".join(f"  {known}: {what}" for known, what in bench.BENCHES.items())
        fail(exits.USAGE, f"{f'there is no bench {name!r}; ' if name else ''}the benches are\n{listed}")
    with failures():
        if name == "x12":
            raise typer.Exit(bench.run_x12(megabytes=megabytes, large_megabytes=large_megabytes, as_json=as_json))
        if name == "journey":
            wanted = bench.Wanted(practice_id, encounters, seed, floor=floor, as_json=as_json)
            raise typer.Exit(bench.run_journey(wanted))
        if name == "delivery":
            with steps() as progress:
                table = bench.run_delivery(claims, progress)
            results.print(table)
            return
        home, plan = running()
        results.print(bench.intake(home, plan, practice_id, times))
