"""I2: each charge line is on exactly one live claim, and there is at most one live submission for a payer sequence."""

from base64 import b32encode
from typing import Any

from ..case import Case
from ..evidence import CLAIM
from ..report import Finding

_CONTROL_NUMBER = 16
_CLAIMS = """
SELECT c.practice, c.id, c.control_number, c.total_charge_cents, c.submissions, jsonb_array_length(c.document->'billed') AS billed,
       l.lines, l.cents, s.numbers, s.highest, s.live, s.sequences
FROM claims c
LEFT JOIN LATERAL (
    SELECT array_agg((line->>'line_id')::uuid) AS lines, (sum((line->>'charge')::numeric) * 100)::bigint AS cents
    FROM jsonb_array_elements(c.document->'content'->'lines') AS line) AS l ON true
LEFT JOIN (
    SELECT practice, claim_id, count(*) AS numbers, max(ordinal) AS highest, count(*) FILTER (WHERE is_live) AS live,
           count(DISTINCT payer_sequence) FILTER (WHERE is_live) AS sequences
    FROM submissions WHERE mine(practice) GROUP BY practice, claim_id) AS s ON s.practice = c.practice AND s.claim_id = c.id
WHERE mine(c.practice)
"""
_OWNERS = "SELECT practice, line_id, claim_id, is_live FROM charge_lines WHERE mine(practice)"
_ORPHANS = """
SELECT s.practice, s.id FROM submissions s LEFT JOIN claims c ON c.practice = s.practice AND c.id = s.claim_id
WHERE c.id IS NULL AND mine(s.practice)
"""
_STANDING = """
SELECT coalesce(c.document->'decisions'->-1->>'outcome', s.state, c.state) AS standing, count(*) AS claims FROM claims c
LEFT JOIN LATERAL (SELECT state FROM submissions s WHERE s.practice = c.practice AND s.claim_id = c.id ORDER BY ordinal DESC LIMIT 1) AS s
    ON true WHERE mine(c.practice) GROUP BY 1
"""


async def claims(case: Case, finding: Finding) -> None:
    """Count lines and submissions by what the claims themselves hold."""
    owners: dict[Any, Any] = {}
    async for row in case.rows(CLAIM, _OWNERS):
        place = (row["practice"], row["line_id"])
        if place in owners:
            finding.violate("a charge line is kept twice", *place)
        owners[place] = (row["claim_id"], row["is_live"])
    numbers: set[str] = set()
    on_claim: dict[Any, Any] = {}
    async for row in case.rows(CLAIM, _CLAIMS):
        finding.checked += 1
        _check_numbers(row, numbers, finding)
        _check_submissions(row, finding)
        for line in row["lines"] or ():
            _check_line(row, line, owners, on_claim, finding)
    for place, (claim, is_live) in owners.items():
        if is_live and place not in on_claim:
            finding.violate("a live charge line is on no claim", *place, "of", claim)
    finding.figures["charge lines"] = len(on_claim)
    async for row in case.rows(CLAIM, _ORPHANS):
        finding.violate("a submission has no claim", row["practice"], row["id"])
    if case.practice is None:
        async for row in case.rows(CLAIM, _STANDING):
            finding.figures[f"claims: {_named(row['standing'])}"] += row["claims"]


def _named(standing: str) -> str:
    return "unanswered" if standing in ("queued", "sent", "file_accepted", "payer_accepted") else standing


def _check_numbers(row: Any, numbers: set[str], finding: Finding) -> None:
    where = (row["practice"], row["id"])
    number = row["control_number"]
    if number in numbers:
        finding.violate("two claims have one control number", *where, number)
    numbers.add(number)
    if number != b32encode(row["id"].bytes).decode()[:_CONTROL_NUMBER]:
        finding.violate("a claim's control number is not its own", *where, number)
    if row["total_charge_cents"] != (row["cents"] or 0):
        finding.violate("a claim's charge is not the sum of its lines", *where)


def _check_submissions(row: Any, finding: Finding) -> None:
    where = (row["practice"], row["id"])
    kept, live = row["numbers"] or 0, row["live"] or 0
    if kept != row["submissions"] or (row["highest"] or 0) != kept:
        finding.violate("a claim's submissions are not numbered without a gap", *where)
    if live != (row["sequences"] or 0):
        finding.violate("two live submissions go to one payer sequence", *where)
    if live != row["billed"]:
        finding.violate("a claim's live submissions are not those that it knows of", *where)


def _check_line(row: Any, line: Any, owners: dict[Any, Any], on_claim: dict[Any, Any], finding: Finding) -> None:
    place = (row["practice"], line)
    if place in on_claim:
        finding.violate("a charge line is on two claims", *place, on_claim[place], row["id"])
    on_claim[place] = row["id"]
    claim, is_live = owners.get(place, (None, False))
    if claim != row["id"] or not is_live:
        finding.violate("a claim's line is not live as its own", *place, row["id"])
