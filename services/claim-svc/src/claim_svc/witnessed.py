"""What the audit chain knows of a claim, and of what was submitted of it: what was billed, not how far it came."""

from datetime import UTC

import orjson
from claimstream_kit import Row
from claimstream_kit.witness import WitnessedTable

from .domain.claim import Claim


def facts_of_claim(claim: Claim) -> object:
    """The claim's state and content."""
    content = orjson.loads(claim.content.document)
    return [claim.practice_id, claim.control_number, claim.content.kind, claim.state, content]


def _facts_of_row(row: Row) -> object:
    return [row["practice"], row["control_number"], row["kind"], row["state"], row["content"]]


def _facts_of_submission(row: Row) -> object:
    names = ("practice", "claim_id", "ordinal", "payer_sequence", "payer_id", "frequency_code", "total_charge_cents")
    return [*(row[name] for name in names), row["submitted_at"].astimezone(UTC)]


CLAIMS = WitnessedTable(
    "claim",
    "SELECT practice, id, control_number, kind, state, document->'content' AS content FROM claims",
    _facts_of_row,
)
SUBMISSIONS = WitnessedTable("submission", "SELECT * FROM submissions", _facts_of_submission)
TABLES = (CLAIMS, SUBMISSIONS)
