"""What the audit chain knows of each journal: all of it."""

from datetime import UTC

from claimstream_kit import Row
from claimstream_kit.witness import WitnessedTable

from .domain.ledger import Journal

_JOURNALS = """
SELECT j.*, (SELECT jsonb_agg(jsonb_build_array(e.account, e.cents, e.line_id, e.payer_id, e.reason, e.account_id) ORDER BY e.number)
 FROM entries e WHERE e.practice = j.practice AND e.journal_id = j.id) AS entries FROM journals j
"""


def facts_of_journal(journal: Journal) -> object:
    """The journal with its entries."""
    return [
        journal.practice_id,
        journal.account_id,
        journal.kind,
        journal.remittance_id,
        journal.entered_at.astimezone(UTC),
        [
            [entry.account, entry.cents, entry.line_id, entry.payer_id, entry.reason, journal.account_id]
            for entry in journal.entries
        ],
    ]


def _facts_of_row(row: Row) -> object:
    return [
        row["practice"],
        row["account_id"],
        row["kind"],
        row["remittance_id"],
        row["entered_at"].astimezone(UTC),
        row["entries"],
    ]


TABLES = (WitnessedTable("journal", _JOURNALS, _facts_of_row),)
