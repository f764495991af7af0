"""What a service's own role may not do in its database: change what is only ever added to, or the tables themselves."""

import asyncpg
import pytest

from .builders import a_hold

DAY = "(SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'outbox_payloads'::regclass ORDER BY 1 LIMIT 1)"


@pytest.mark.parametrize("table", ["outbox_payloads", "outbox", "audit_entries", "audit_chain", "audit_heads"])
@pytest.mark.parametrize("what", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "TRUNCATE {0}"])
async def test_what_was_said_and_done_is_only_added_to(toy, table, what):
    await toy.hears(a_hold())
    column = await toy.database.value(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position LIMIT 1",
        table,
    )

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await toy.database.fetch(what.format(table, column))


@pytest.mark.parametrize(
    "what",
    [
        "ALTER TABLE outbox DISABLE TRIGGER ALL",
        "ALTER TABLE audit_entries ADD COLUMN more text",
        "DROP TABLE audit_heads",
        "CREATE TRIGGER x BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE TABLE mine (x int)",
        "CREATE OR REPLACE FUNCTION keep_outbox_days(days integer) RETURNS bigint LANGUAGE sql AS 'SELECT 0'",
        "SET ROLE toy_svc_owner",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
)
async def test_the_tables_are_another_roles(toy, what):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await toy.database.fetch(what)


async def test_a_day_of_payloads_is_not_reached_past_its_table(toy):
    day = await toy.database.value(f"SELECT {DAY}")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await toy.database.fetch(f"DELETE FROM {day}")  # noqa: S608  our own text


async def test_the_owner_may_and_nobody_logs_in_as_it(toy, owner, postgres_server):
    await toy.hears(a_hold())
    await owner.execute("UPDATE audit_entries SET actor = actor")

    with pytest.raises((asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError)):
        await asyncpg.connect(
            host=postgres_server.host, port=postgres_server.port, user="toy_svc_owner", password="", database="postgres"
        )
