"""What a service's own role may do in its database, where an owner apart from it has migrated it.

It reads and writes its tables, and is not their owner: it can alter none, and disable no trigger. What is only ever added to it can neither
change nor delete. Only the owner's migration gives rights; a database that a service has migrated itself is its own, whole.
"""

from sqlalchemy import Connection, MetaData

OWNER = "_owner"
"""How the name of an owner ends; before it stands the service's role."""

ONLY_ADDED_TO = {"only_added_to": True}
"""``Table(..., info=ONLY_ADDED_TO)``: rows that are never changed."""

_ADDED_TO = ("outbox_payloads", "audit_entries", "audit_chain", "audit_heads")
_PARTITIONS = "outbox_payloads_"
_GIVEN = {"alembic_version": "SELECT", "outbox": "SELECT, INSERT, UPDATE (era, number)"}
"""A unit gets its number after it was said, and nothing else of it changes."""


def give_the_service_its_rights(connection: Connection, metadata: MetaData) -> None:
    """Give the role, in the name of which ``<role>_owner`` migrates, what it needs, and take what it needs not."""
    owner = str(connection.exec_driver_sql("SELECT current_user").scalar_one())
    if not owner.endswith(OWNER):
        return
    role = _quoted(owner.removesuffix(OWNER))
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
    added_to = {*_ADDED_TO, *(table.name for table in metadata.tables.values() if table.info.get("only_added_to"))}
    for (name,) in connection.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    ).all():
        connection.exec_driver_sql(f"REVOKE ALL ON {_quoted(name)} FROM {role}")
        if not name.startswith(_PARTITIONS):
            rights = _GIVEN.get(name) or ("SELECT, INSERT" if name in added_to else "SELECT, INSERT, UPDATE, DELETE")
            connection.exec_driver_sql(f"GRANT {rights} ON {_quoted(name)} TO {role}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
