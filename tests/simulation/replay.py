"""Everything heard once more, from the first offset, by services that have forgotten what they have seen: no row may change by it."""

from .evidence import heard_by
from .members import NAMES
from .rest import come_to_rest
from .schedule import Schedule
from .violation import Violation

ELSEWHERE = {"alembic_version", "partners", "readings"}
_QUERIES: dict[str, str] = {}
_FORGET = """
DELETE FROM inbox WHERE consumer = $1
AND (source, era, number) IN (SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[]))
"""
_FORGET_FOREIGN = "DELETE FROM inbox_foreign WHERE consumer = $1 AND record_offset BETWEEN $2 AND $3"


def replay(schedule: Schedule) -> None:
    """Forget the inboxes, begin at the first offset, come to rest, compare."""
    before = schedule.world.run(_contents(schedule))
    schedule.world.run(_forget(schedule))
    schedule.count_effects_anew()
    for name in NAMES:
        schedule.bus.rewind(name, schedule.members[name].topics, 1_000_000_000)
    schedule.trace.append("everything is heard again by services that have forgotten")
    come_to_rest(schedule)
    after = schedule.world.run(_contents(schedule))
    changed = sorted(
        f"{name}.{table}" for name in NAMES for table in before[name] if before[name][table] != after[name][table]
    )
    if changed:
        raise Violation(f"I11: a replay from the first offset changed {', '.join(changed)}")


async def _forget(schedule: Schedule) -> None:
    for name, member in schedule.members.items():
        async with member.database.connection() as connection:
            await connection.real.execute(_FORGET, name, *heard_by(schedule, name).units())
            await connection.real.execute(_FORGET_FOREIGN, name, *schedule.bus.its_offsets)


async def _contents(schedule: Schedule) -> dict[str, dict[str, str]]:
    """A digest of what each table says of the practice, and how many events were published."""
    found = {}
    for name, member in schedule.members.items():
        async with member.database.connection() as connection:
            rows = await connection.real.fetch(_query(schedule, name), schedule.practice, schedule.first_rows[name])
            found[name] = {row["name"]: row["said"] for row in rows}
    return found


def _query(schedule: Schedule, service: str) -> str:
    if service not in _QUERIES:
        member = schedule.members[service]
        tables = sorted(set(member.running.service.metadata.tables) - ELSEWHERE)
        parts = [
            f"SELECT '{table}' AS name, (SELECT md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM {table} t"  # noqa: S608
            " WHERE practice = $1) AS said"
            for table in tables
        ]
        parts.append(
            "SELECT 'outbox' AS name, (SELECT sum(events)::text FROM outbox WHERE id > $2 AND practice = $1) AS said"
        )
        _QUERIES[service] = " UNION ALL ".join(parts)
    return _QUERIES[service]
