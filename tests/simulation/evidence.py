"""What lies in the databases of one practice, fetched in one statement a service, for the invariants to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .bus import said_in
from .members import CLAIM, CODING, DENIAL, GATEWAY, NAMES, REMIT
from .schedule import Schedule

Rows = list[dict[str, Any]]

OWN = {
    CODING: {
        "encounters": "SELECT id, version, state, is_self_pay FROM encounters WHERE practice = $1",
        "versions": "SELECT encounter, version FROM encounter_versions WHERE practice = $1",
        "work": "SELECT encounter FROM coding_work WHERE practice = $1",
    },
    CLAIM: {
        "claims": "SELECT id, control_number, encounter_id, state, submissions, total_charge_cents AS cents,"
        " document->'content'->'encounter_version' AS version, document->'billed' AS billed,"
        " jsonb_path_query_array(document, '$.content.lines[*].line_id') AS lines,"
        " jsonb_path_query_array(document, '$.decisions[*].remittance_id') AS decisions FROM claims WHERE practice = $1",
        "charge_lines": "SELECT line_id, claim_id, is_live FROM charge_lines WHERE practice = $1",
        "self_pay_visits": "SELECT encounter_id, encounter_version FROM self_pay_visits v WHERE practice = $1"
        " AND coalesce((to_jsonb(v)->>'is_live')::boolean, true)",
        "submissions": "SELECT id, claim_id, ordinal, payer_sequence, state, is_live, file_name FROM submissions WHERE practice = $1",
        "corrections": "SELECT claim_id, encounter_id, encounter_version FROM corrections WHERE practice = $1",
    },
    GATEWAY: {
        "submissions": "SELECT id, control_number, ordinal, state, file_id FROM submissions WHERE practice = $1",
        "files": "SELECT direction, name, state, digest, control_number FROM files WHERE practice IN ($1, '-')"
        " AND name LIKE '%P' || substr($1, 5) || '%' AND digest IS DISTINCT FROM ''",
        "sets": "SELECT kind, digest, state, remittance_id FROM sets WHERE practice = $1",
    },
    REMIT: {
        "accounts": "SELECT id, encounter_id, claim_id, state, jsonb_path_query_array(document, '$.submissions[*].ordinal') AS ordinals,"
        " (SELECT coalesce(sum((each->>'cents')::bigint), 0) FROM jsonb_array_elements(document->'charges') AS each) AS cents"
        " FROM accounts WHERE practice = $1",
        "remittances": "SELECT id, state, trace_number, amount_cents, file_name FROM remittances WHERE practice = $1",
        "payments": "SELECT remittance_id, ordinal, claim_id, outcome, paid_cents, suspense_cents FROM payments WHERE practice = $1",
        "entries": "SELECT journal_id, account, account_id, cents FROM entries WHERE practice = $1",
        "journals": "SELECT id, account_id, kind, remittance_id FROM journals WHERE practice = $1",
    },
    DENIAL: {
        "cases": "SELECT id, claim_id, remittance_id, payment_ordinal, line_id, adjustment_group, carc, state FROM cases"
        " WHERE practice = $1",
    },
}
KIT = {
    "outbox": "SELECT id, practice, era, number, encode(ids, 'hex') AS ids FROM outbox WHERE id > $2",
    "queue": "SELECT id FROM outbox_queue",
    "inbox": "SELECT source, era, number, encode(places, 'hex') AS places FROM inbox WHERE consumer = $3"
    " AND (source, era, number) IN (SELECT * FROM unnest($4::text[], $5::int[], $6::bigint[]))",
    "inbox_foreign": "SELECT topic, partition, record_offset FROM inbox_foreign"
    " WHERE consumer = $3 AND record_offset BETWEEN $7 AND $8",
    "letters": "SELECT event_id, topic, partition, record_offset, key, state, error_class, encode(sha256(payload), 'hex') AS digest"
    " FROM dead_letters WHERE practice = $1",
    "waiting": "SELECT event_id FROM waiting WHERE key LIKE $1 || '/%'",
}


@dataclass(frozen=True)
class Evidence:
    """All that can be looked at when a schedule is at rest."""

    schedule: Schedule
    rows: dict[str, dict[str, Rows]]

    def of(self, service: str, what: str) -> Rows:
        """The rows of one kind."""
        return self.rows[service][what]


def gather(schedule: Schedule) -> Evidence:
    """Ask every database once."""
    return Evidence(schedule, schedule.world.run(_gather(schedule)))


def close(evidence: Evidence) -> None:
    """The schedule is over: what follows these rows is of the next."""
    for name in NAMES:
        evidence.schedule.world.last_rows[name] = max(
            [evidence.schedule.first_rows[name], *(row["id"] for row in evidence.of(name, "outbox"))]
        )


async def _gather(schedule: Schedule) -> dict[str, dict[str, Rows]]:
    found = {}
    for name in NAMES:
        member = schedule.members[name]
        bounds = (*heard_by(schedule, name).units(), *schedule.bus.its_offsets)
        async with member.database.connection() as connection:
            found[name] = await connection.real.fetchval(
                _statement(name), schedule.practice, schedule.first_rows[name], name, *bounds
            )
    return found


@dataclass(frozen=True)
class Heard:
    """What lies in the topics of a service: places of what services of ours said, and where lies what somebody else did."""

    ours: set[tuple[str, int, int, int]]
    foreign: set[tuple[str, int, int]]

    def units(self) -> tuple[list[str], list[int], list[int]]:
        """Source, era and number of each unit, as columns."""
        units = sorted({each[:3] for each in self.ours})
        return [each[0] for each in units], [each[1] for each in units], [each[2] for each in units]

    def __len__(self) -> int:
        """How many there are of both."""
        return len(self.ours) + len(self.foreign)


def heard_by(schedule: Schedule, service: str) -> Heard:
    """All that lies in the topics of a service."""
    heard = Heard(set(), set())
    for topic in schedule.members[service].topics:
        for record in schedule.bus.records(topic):
            if id(record) in schedule.bus.foreign:
                heard.foreign.add((record.topic, record.partition, record.offset))
            else:
                heard.ours.add((said_in(record.headers, "ce_source"), *place_in(record.headers)))
    return heard


def place_in(headers: Sequence[tuple[str, bytes]]) -> tuple[int, int, int]:
    """Era, number and index, as the header has them."""
    era, number, index = said_in(headers, "ce_place").split(".")
    return int(era), int(number), int(index)


_STATEMENTS: dict[str, str] = {}


def _statement(service: str) -> str:
    if service not in _STATEMENTS:
        parts = {**OWN[service], **KIT}
        members = ", ".join(
            f"'{name}', (SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') FROM ({query}) r)"  # noqa: S608  our own text
            for name, query in parts.items()
        )
        _STATEMENTS[service] = f"SELECT jsonb_build_object({members})"
    return _STATEMENTS[service]
