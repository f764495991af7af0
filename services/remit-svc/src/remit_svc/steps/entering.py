"""A journal is entered."""

from uuid import UUID

from ..domain.ledger import Entry, Journal, JournalKind, merged
from ..store import RemitUnit


def enter(  # noqa: PLR0913  a journal from each side
    unit: RemitUnit,
    practice: str,
    kind: JournalKind,
    entries: tuple[Entry, ...],
    *,
    journal_id: UUID,
    account_id: UUID,
    remittance_id: UUID | None = None,
) -> None:
    """Enter what does not cancel itself out; nothing at all is no journal."""
    journal = Journal(
        practice_id=practice,
        journal_id=journal_id,
        account_id=account_id,
        kind=kind,
        entries=merged(entries),
        entered_at=unit.clock.now(),
        remittance_id=remittance_id,
    )
    unit.enter(journal)
