"""The migrations make the tables, and leave true what was there."""

import asyncio
from datetime import date
from uuid import UUID

import asyncpg
import pytest
from alembic import command
from claimstream_kit.migrations import alembic_config, differences, migrate
from denial_svc.main import MIGRATIONS
from denial_svc.tables import metadata

BEFORE_CASES_CLOSE = "ca5e50000002"
INSERT = """
INSERT INTO cases (practice, id, claim_id, control_number, remittance_id, payment_ordinal, payer_id, adjustment_group, carc, remarks,
    amount_cents, cause, scenario, route, paid_on, answer_by, state)
VALUES ('bay-state', $1, $1, 'C', $1, 1, 'blue', 'CO', $2, $3, 100, 'c', 's', $4, $5, $5, $6)
"""

OLD_PRACTICE = "INSERT INTO payers (practice, version, appeal_days) VALUES ($1, 1, '{\"blue\": 90}')"


def test_the_migrations_make_what_the_tables_say(new_database):
    url = new_database("denial_svc")

    migrate(MIGRATIONS, url)

    assert differences(metadata, url) == []


async def old_row(connection, number, *, carc="50", remarks="[]", route="A", state="open"):
    """A row as the previous release writes it."""
    await connection.execute(INSERT, UUID(int=number), carc, remarks, route, date(2026, 4, 1), state)


@pytest.fixture
async def upgraded(new_database):
    """Cases of the previous release, then the upgrade (Alembic has a loop of its own), then another case: that release still runs."""
    url = new_database("denial_svc")
    await asyncio.to_thread(command.upgrade, alembic_config(MIGRATIONS, url), BEFORE_CASES_CLOSE)
    connection = await asyncpg.connect(url)
    await connection.execute(OLD_PRACTICE, "bay-state")
    await old_row(connection, 1)
    await old_row(connection, 2, carc="16", remarks='["N4", "MA130"]', route="R")
    await old_row(connection, 3, remarks='["N211"]', route="W", state="withdrawn")
    await asyncio.to_thread(migrate, MIGRATIONS, url)
    await old_row(connection, 4)
    await connection.execute(OLD_PRACTICE, "other")
    yield connection
    await connection.close()


async def test_cases_from_before_know_whether_they_may_be_appealed(upgraded):
    rows = await upgraded.fetch("SELECT may_appeal, hard_stop IS NULL, state, kind FROM cases ORDER BY id")

    assert [tuple(row) for row in rows] == [
        (True, True, "open", "refusal"),
        (False, False, "open", "refusal"),
        (False, False, "withdrawn", "refusal"),
        (True, True, "open", "refusal"),
    ]


async def test_practices_from_before_know_no_filing_days(upgraded):
    rows = await upgraded.fetch("SELECT filing_days FROM payers")

    assert [tuple(row) for row in rows] == [("{}",), ("{}",)]


async def test_of_cases_from_before_all_stands_where_they_are_open(upgraded):
    rows = await upgraded.fetch("SELECT state, standing_cents FROM cases ORDER BY id")

    assert [tuple(row) for row in rows] == [("open", 100), ("open", 100), ("withdrawn", 0), ("open", None)]


@pytest.mark.parametrize(
    "wrong",
    [
        "state = 'closed'",
        "closed_because = 'paid'",
        "state = 'closed', closed_because = 'paid'",
        "state = 'closed', closed_because = 'tired', closed_by = id",
        "may_appeal = false",
        "hard_stop = 'no', may_appeal = false",
        "kind = 'gift'",
    ],
)
async def test_the_database_keeps_no_case_that_contradicts_itself(upgraded, wrong):
    with pytest.raises(asyncpg.CheckViolationError):
        await upgraded.execute(f"UPDATE cases SET {wrong} WHERE id = $1", UUID(int=1))  # noqa: S608  a test's own text
