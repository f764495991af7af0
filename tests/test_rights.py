"""Each service's role may add to its ledger, its journals and its audit, and change none of it; no table is its own."""

import asyncio

import asyncpg
import claim_svc.main
import claim_svc.tables
import clearinghouse_gw.main
import clearinghouse_gw.tables
import coding_svc.main
import coding_svc.tables
import denial_svc.main
import denial_svc.tables
import pytest
import remit_svc.main
import remit_svc.tables
from claimstream_kit.testing import migrated_template

SERVICES = (coding_svc, claim_svc, clearinghouse_gw, remit_svc, denial_svc)
CHANGED = ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")
ADDED_TO = {
    "coding_svc": {"encounter_versions", "bundles"},
    "claim_svc": {"acknowledgments", "unchecked_codes"},
    "clearinghouse_gw": set(),
    "remit_svc": {"journals", "entries", "remittance_chunks"},
    "denial_svc": set(),
}
TABLES = """
SELECT relname, pg_get_userbyid(relowner) AS owner FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
MAY = "SELECT has_table_privilege(current_user, $1, $2)"
OF_THE_KIT = {"outbox_payloads", "audit_entries", "audit_chain", "audit_heads"}


async def connected(new_database, service):
    """To a migrated database of the service, as the service."""
    name = service.__name__
    template = await asyncio.to_thread(migrated_template, new_database, name, service.main.MIGRATIONS)
    return await asyncpg.connect(new_database(name, template=template))


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.__name__)
async def test_a_service_changes_nothing_that_is_only_added_to_and_owns_no_table(service, new_database):
    name = service.__name__
    connection = await connected(new_database, service)
    tables = {row["relname"]: row["owner"] for row in await connection.fetch(TABLES)}
    changed = {
        table: {right for right in CHANGED if await connection.fetchval(MAY, table, right)}
        for table in tables
        if not table.startswith("outbox_payloads_")
    }
    await connection.close()

    assert set(tables.values()) == {f"{name}_owner"}
    added_to = {table for table, rights in changed.items() if not rights}
    assert added_to == ADDED_TO[name] | OF_THE_KIT | {"outbox", "alembic_version"}
    assert {frozenset(rights) for rights in changed.values() if rights} == {frozenset({"UPDATE", "DELETE"})}


async def test_the_ledgers_rails_cannot_be_taken_down_by_who_runs_on_them(new_database):
    connection = await connected(new_database, remit_svc)

    for what in (
        "ALTER TABLE entries DISABLE TRIGGER entries_append_only",
        "ALTER TABLE entries DISABLE TRIGGER USER",
        "DROP TRIGGER journal_balances ON entries",
        "UPDATE entries SET cents = 1",
        "DELETE FROM journals",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(what)
    await connection.close()
