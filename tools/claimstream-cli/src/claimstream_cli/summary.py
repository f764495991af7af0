"""The demo's figures, from the services' databases. ``docs/figures.md`` says what each one means.

Each amount is the balance of its own ledger accounts; none is what is left over from the others.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncpg

from .members import CLAIM, CODING, DENIAL, GATEWAY, REMIT, SERVICES
from .places import Home
from .state import Plan

Rows = list[dict[str, Any]]

ENCOUNTERS = "SELECT id::text, state, source_system FROM encounters"
SELF_PAY = "SELECT encounter_id::text AS id FROM self_pay_visits WHERE is_live"
CLAIMS = "SELECT id::text, encounter_id::text, state, submissions FROM claims WHERE state <> 'withdrawn'"
SUBMISSIONS = """
    SELECT s.claim_id::text, s.ordinal, s.payer_sequence, s.state, s.file_name, s.total_charge_cents,
           EXISTS (SELECT FROM acknowledgments a WHERE a.practice = s.practice AND a.submission_id = s.id
                   AND a.accepted AND a.payer_level) AS is_accepted
    FROM submissions s ORDER BY s.claim_id, s.ordinal
"""
QUARANTINED = """
    SELECT DISTINCT payment ->> 'claim_id' AS id
    FROM remittances r JOIN remittance_chunks c ON c.practice = r.practice AND c.remittance_id = r.id,
         jsonb_array_elements(c.document -> 'payments') AS payment
    WHERE r.state = 'quarantined' AND payment ->> 'claim_id' IS NOT NULL
"""
DECIDED = """
    SELECT DISTINCT a.id::text FROM accounts a, jsonb_array_elements(a.document -> 'decisions') AS decision
    WHERE NOT (decision ->> 'is_reversed')::boolean AND decision ->> 'outcome' <> 'reversed'
"""
BALANCES = """
    SELECT e.account_id::text AS id, e.account, sum(e.cents)::bigint AS cents, coalesce(a.is_submitted, false) AS is_submitted
    FROM entries e LEFT JOIN accounts a ON a.practice = e.practice AND a.id = e.account_id
    GROUP BY 1, 2, 4
"""
EXPECTED = """
    SELECT sum((line ->> 'allowed_cents')::bigint)::bigint AS cents
    FROM accounts a
    CROSS JOIN LATERAL (
        SELECT each FROM jsonb_array_elements(a.document -> 'submissions') AS each
        WHERE each ->> 'payer_sequence' = 'P' ORDER BY (each ->> 'ordinal')::int DESC LIMIT 1
    ) AS latest(submission)
    CROSS JOIN LATERAL jsonb_array_elements(latest.submission -> 'lines') AS line
    WHERE jsonb_array_length(a.document -> 'charges') > 0
"""
DEAD = "SELECT count(*) AS n FROM dead_letters WHERE state IN ('dead', 'parked')"


@dataclass(frozen=True)
class Facts:
    """What the databases say."""

    encounters: Rows
    self_pay: Rows
    claims: Rows
    submissions: Rows
    quarantined: Rows
    decided: Rows
    balances: Rows
    expected: Rows
    denial_cases: Rows
    quarantined_sets: Rows
    duplicate_sets: Rows
    unsettled_sets: Rows
    sent: Rows
    dead_letters: int


def collect(home: Home, plan: Plan) -> dict[str, Any]:
    """The figures of a stack at rest."""
    del home
    return figures_of(asyncio.run(_facts(plan)))


async def _facts(plan: Plan) -> Facts:
    connections = {service.name: await asyncpg.connect(plan.databases[service.name]) for service in SERVICES}

    async def rows(service: str, query: str) -> Rows:
        return [dict(row) for row in await connections[service].fetch(query)]

    try:
        dead = [(await rows(service.name, DEAD))[0]["n"] for service in SERVICES]
        return Facts(
            encounters=await rows(CODING.name, ENCOUNTERS),
            self_pay=await rows(CLAIM.name, SELF_PAY),
            claims=await rows(CLAIM.name, CLAIMS),
            submissions=await rows(CLAIM.name, SUBMISSIONS),
            quarantined=await rows(REMIT.name, QUARANTINED),
            decided=await rows(REMIT.name, DECIDED),
            balances=await rows(REMIT.name, BALANCES),
            expected=await rows(REMIT.name, EXPECTED),
            denial_cases=await rows(DENIAL.name, "SELECT id FROM cases"),
            quarantined_sets=await rows(REMIT.name, "SELECT id FROM remittances WHERE state = 'quarantined'"),
            duplicate_sets=await rows(
                GATEWAY.name,
                "SELECT s.number FROM sets s WHERE s.state = 'duplicate' AND s.kind = '835'"
                " UNION ALL SELECT 1 FROM files WHERE direction = 'inbound' AND state = 'duplicate' AND kind LIKE '%835%'",
            ),
            unsettled_sets=await rows(REMIT.name, "SELECT id FROM remittances WHERE state IN ('staged', 'conflict')"),
            sent=await rows(GATEWAY.name, "SELECT id FROM submissions WHERE state = 'sent'"),
            dead_letters=sum(dead),
        )
    finally:
        for connection in connections.values():
            await connection.close()


def figures_of(facts: Facts) -> dict[str, Any]:
    """The figures of what the databases say."""
    encounters, lost_encounters = _encounter_places(facts)
    claims, lost_claims = _claim_places(facts)
    sent = [row for row in facts.submissions if row["file_name"] is not None]
    places = {row["id"] for row in facts.encounters if row["state"] == "coded"}
    synthea = [row for row in facts.encounters if row["id"] in places and "synthea" in row["source_system"]]
    money = _money(facts)
    return {
        "encounters": encounters,
        "coded_synthea": len(synthea),
        "claims": claims,
        "submitted": len(sent),
        "accepted": sum(row["is_accepted"] for row in facts.submissions),
        "adjudicated": len({row["id"] for row in facts.decided}),
        **money,
        "expected_cents": facts.expected[0]["cents"] or 0,
        "denial_cases": len(facts.denial_cases),
        "quarantined_sets": len(facts.quarantined_sets),
        "duplicate_sets": len(facts.duplicate_sets),
        "dead_letters": facts.dead_letters,
        "unaccounted": lost_encounters + lost_claims + abs(len(sent) - len(facts.sent)) + len(facts.unsettled_sets),
        "ledger_sum_cents": sum(row["cents"] for row in facts.balances),
    }


def _encounter_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each encounter once, the first place that fits; and how many have none."""
    self_pay = {row["id"] for row in facts.self_pay}
    with_claims = {row["encounter_id"] for row in facts.claims}
    places = dict.fromkeys(("not_billable", "unfinished", "awaiting_coder", "self_pay", "with_claims"), 0)
    lost = 0
    for row in facts.encounters:
        if row["state"] in ("not_billable", "unfinished", "awaiting_coder"):
            places[row["state"]] += 1
        elif row["id"] in self_pay:
            places["self_pay"] += 1
        elif row["id"] in with_claims:
            places["with_claims"] += 1
        else:
            lost += 1
    return places, lost


def _claim_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each claim once, the first place that fits; and how many have none."""
    quarantined = {row["id"] for row in facts.quarantined}
    decided = {row["id"] for row in facts.decided}
    latest = {row["claim_id"]: row for row in facts.submissions}
    balance = {(row["id"], row["account"]): row["cents"] for row in facts.balances}
    names = (
        "quarantined",
        "held",
        "rejected",
        "unanswered",
        "denied",
        "zero_expected",
        "partially_paid",
        "paid",
        "voided",
    )
    places = dict.fromkeys(names, 0)
    lost = 0
    for row in facts.claims:
        claim = row["id"]
        paid, denied = balance.get((claim, "payer.paid"), 0), balance.get((claim, "receivable.denied"), 0)
        if claim in quarantined:
            place = "quarantined"
        elif row["state"] == "voided":
            place = "voided"
        elif claim in decided:
            place = (
                ("partially_paid" if denied > 0 else "paid")
                if paid > 0
                else "denied"
                if denied > 0
                else "zero_expected"
            )
        elif row["state"] == "held":
            place = "held"
        elif claim not in latest or (latest[claim]["file_name"] is None and latest[claim]["state"] != "rejected"):
            lost += 1
            continue
        else:
            place = "rejected" if latest[claim]["state"] == "rejected" else "unanswered"
        places[place] += 1
    return places, lost


def _money(facts: Facts) -> dict[str, int]:
    """Claims that were submitted at least once, by ledger account; and the cash of all posted sets."""

    def held(*accounts: str, submitted: bool = True) -> int:
        return sum(
            row["cents"]
            for row in facts.balances
            if any(
                row["account"] == name or (name.endswith(".") and row["account"].startswith(name)) for name in accounts
            )
            and (row["is_submitted"] or not submitted)
        )

    voided = {row["id"] for row in facts.claims if row["state"] == "voided"}
    primary = {
        row["claim_id"]: row["total_charge_cents"]
        for row in facts.submissions
        if row["payer_sequence"] == "P" and row["claim_id"] not in voided
    }
    return {
        "charged_cents": sum(primary.values()),
        "paid_cents": held("payer.paid"),
        "adjusted_cents": held("adjustment."),
        "patient_cents": held("receivable.patient"),
        "denied_cents": held("receivable.denied"),
        "open_cents": held("receivable.open", "receivable.next_payer", "receivable.variance", "receivable.credit"),
        "cash_cents": held("cash", submitted=False),
        "suspense_cents": -held("suspense", submitted=False),
        "plb_cents": held("plb", submitted=False),
        "self_pay_cents": held("receivable.self_pay", submitted=False),
        "desk_cash_cents": held("cash.desk", submitted=False),
        "unapplied_cents": -held("patient.unapplied", submitted=False),
    }
