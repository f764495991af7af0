"""The migrations make the tables, and these keep out what contradicts itself."""

import asyncio
from datetime import date
from uuid import UUID

import asyncpg
import pytest
from claimstream_kit.migrations import differences, migrate
from denial_svc.main import MIGRATIONS
from denial_svc.tables import metadata

INSERT = """
INSERT INTO cases (practice, id, claim_id, control_number, remittance_id, payment_ordinal, payer_id, adjustment_group, carc, remarks,
    amount_cents, cause, scenario, route, paid_on, answer_by, state)
VALUES ('bay-state', $1, $1, 'C', $1, 1, 'blue', 'CO', '50', '[]', 100, 'c', 's', 'A', $2, $2, 'open')
"""


def test_the_migrations_make_what_the_tables_say(new_database):
    url = new_database("denial_svc")

    migrate(MIGRATIONS, new_database.as_owner(url))

    assert differences(metadata, url) == []


@pytest.fixture
async def a_case(new_database):
    """A database with one open case."""
    url = new_database("denial_svc")
    await asyncio.to_thread(migrate, MIGRATIONS, new_database.as_owner(url))
    connection = await asyncpg.connect(url)
    await connection.execute(INSERT, UUID(int=1), date(2026, 4, 1))
    yield connection
    await connection.close()


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
async def test_the_database_keeps_no_case_that_contradicts_itself(a_case, wrong):
    with pytest.raises(asyncpg.CheckViolationError):
        await a_case.execute(f"UPDATE cases SET {wrong} WHERE id = $1", UUID(int=1))  # noqa: S608  a test's own text
