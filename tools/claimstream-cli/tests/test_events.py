"""What `claimstream events` finds, in which order, and what of it is shown."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from claimstream_cli import events, exits
from claimstream_cli.events import SaidEvent
from claimstream_cli.main import app
from claimstream_cli.state import Plan
from claimstream_kit.outbox import Told
from claimstream_kit.testing import migrated_template, under_test
from claimstream_schemas import Place
from coding_svc.main import MIGRATIONS, build
from coding_svc.settings import Settings
from typer.testing import CliRunner

from .speaking import PRACTICE, received, say, send

ENCOUNTER = UUID("0198c0de-0000-4000-8000-000000000001")
KEY = f"{PRACTICE}/{ENCOUNTER}"


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "coding_svc", MIGRATIONS)


@pytest.fixture
async def service(new_database, template, tmp_path):
    """A service that said something of two encounters, and the same of another practice's."""
    async with under_test(build, Settings, new_database("coding_svc", template=template), tmp_path / "service") as made:
        await say(made, received(ENCOUNTER), received(uuid4()))
        await say(made, received(ENCOUNTER, "elsewhere"))
        await send(made)
        await say(made, received(ENCOUNTER))
        yield made


@pytest.fixture
def plan(service):
    return Plan(
        run="r",
        tasks=(),
        bootstrap="127.0.0.1:1",
        postgres="127.0.0.1:1",
        databases={"coding-svc": service.database.url},
    )


@pytest.fixture
def claimstream(plan, home, monkeypatch):
    """The command, on a stack that has one service."""
    monkeypatch.setattr("claimstream_cli.main.running", lambda: (home, plan))
    runner = CliRunner()

    return lambda *words: asyncio.to_thread(runner.invoke, app, ["events", *words])


async def test_of_a_key_everything_is_shown_in_its_order_and_nothing_else(claimstream):
    answer = await claimstream(KEY, "--json")

    said = [json.loads(line) for line in answer.stdout.splitlines()]
    assert answer.exit_code == exits.OK
    assert [(each["place"], each["source"], each["topic"], each["key"]) for each in said] == [
        ("1.1.0", "coding-svc", "encounter.received", KEY),
        (None, "coding-svc", "encounter.received", KEY),
    ]
    assert said[0]["type"] == "org.claimstream.encounter.received.v1"
    assert said[0]["sequence"] == Place(1, 1, 0).sequence
    assert UUID(said[0]["id"])


async def test_no_body_is_shown_unless_it_is_asked_for_and_then_the_audit_has_it(claimstream, service):
    without = await claimstream(KEY)
    quiet = await claimstream(KEY, "--json")
    assert await service.database.value("SELECT count(*) FROM audit_entries") == 0
    shown = await claimstream(KEY, "--body")
    as_json = await claimstream(KEY, "--body", "--json")

    assert "content_digest" not in without.output + quiet.output
    assert '"body"' not in quiet.output
    assert "content_digest" in shown.stdout
    assert json.loads(as_json.stdout.splitlines()[0])["body"]["encounter_id"] == str(ENCOUNTER)
    assert "patient data" in shown.stderr
    entries = await service.database.fetch("SELECT kind, practice, actor, subject FROM audit_entries")
    assert (
        entries
        == [{"kind": "read", "practice": PRACTICE, "actor": "claimstream-events", "subject": f"events of {KEY}"}] * 2
    )


async def test_what_another_practice_said_is_not_even_read(claimstream, service, as_owner):
    await as_owner(service, "UPDATE outbox_payloads SET packing = 99 WHERE id = 2")

    found, unread = await claimstream(KEY), await claimstream("--unit", "coding-svc/2")
    await as_owner(service, "DELETE FROM outbox WHERE id = 2")

    assert (found.exit_code, unread.exit_code) == (exits.OK, exits.REFUSED)
    assert "packing 99" in unread.stderr


@pytest.mark.parametrize("name", ["coding-svc/1", "coding-svc/1.1", "coding-svc/1.1.1"])
async def test_a_unit_is_found_by_its_row_and_by_its_number(claimstream, name):
    answer = await claimstream("--unit", name, "--json")

    assert [json.loads(line)["place"] for line in answer.stdout.splitlines()] == ["1.1.0", "1.1.1"]


async def test_what_was_said_before_a_day_of_the_stacks_own_clock_can_be_left_out(claimstream):
    day = datetime.fromisoformat(json.loads((await claimstream(KEY, "--json")).stdout.splitlines()[0])["time"]).date()

    assert day != datetime.now(UTC).date()
    assert (await claimstream(KEY, "--since", str(day))).exit_code == exits.OK
    assert (await claimstream(KEY, "--since", str(day + timedelta(days=1)))).exit_code == exits.REFUSED


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((f"{PRACTICE}/nobody",), exits.REFUSED, "nothing that is still kept was said of bay-state/nobody"),
        (("--unit", "coding-svc/99"), exits.REFUSED, "coding-svc has no unit 99"),
        (("--unit", "coding-svc/2.1"), exits.REFUSED, "coding-svc has no unit 2.1"),
        (("--unit", "coding-svc"), exits.USAGE, "is no unit"),
        (("--unit", f"coding-svc/{10**20}"), exits.USAGE, "is no unit"),
        (("--unit", f"coding-svc/{10**12}.1"), exits.USAGE, "is no unit"),
        (("--unit", "nobody/1"), exits.USAGE, "is no unit"),
        (("bay-state",), exits.USAGE, "is no key"),
        ((), exits.USAGE, "name one of"),
        ((KEY, "--unit", "coding-svc/1"), exits.USAGE, "name one of"),
    ],
)
async def test_what_is_not_there_or_not_asked_well_is_said(claimstream, words, code, said):
    answer = await claimstream(*words)

    assert (answer.exit_code, said in " ".join(answer.stderr.split())) == (code, True), answer.output


async def test_a_unit_whose_payload_is_gone_is_told_from_one_that_never_was(claimstream, service, as_owner):
    await as_owner(service, "DELETE FROM outbox_payloads WHERE id = 1")

    answer = await claimstream("--unit", "coding-svc/1")

    assert answer.exit_code == exits.REFUSED
    assert "is no longer kept" in " ".join(answer.stderr.split())


async def test_a_database_that_does_not_answer_is_no_traceback(claimstream, plan, service):
    plan.databases["coding-svc"] = "postgresql://nobody@127.0.0.1:1/nothing"

    answer = await claimstream(KEY)

    assert answer.exit_code == exits.NOT_RUNNING


def said_at(second, number, source):
    told = Told(uuid4(), "encounter.received", KEY, (), b"{}", is_copy=False, place=Place(1, number, 0))
    return SaidEvent(source, PRACTICE, datetime(2026, 9, 16, 12, 0, second, tzinfo=UTC), told)


def test_services_are_merged_by_time_and_a_clock_that_went_back_changes_no_ones_own_order():
    one = [said_at(10, 2, "a"), said_at(20, 1, "a")]
    other = [said_at(15, 1, "b"), said_at(30, 2, "b")]

    merged = events._merged([one, other])

    assert [(each.source, each.told.place.number) for each in merged] == [("b", 1), ("a", 1), ("a", 2), ("b", 2)]
