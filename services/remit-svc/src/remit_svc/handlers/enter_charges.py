"""A claim, or a self-pay visit, is assembled: its charges are on the books from then on."""

from dataclasses import replace

from claimstream_schemas import ClaimAssembled
from claimstream_schemas.values.identifiers import id_of

from ..domain.account import Account
from ..domain.books import change
from ..domain.ledger import Journal, JournalKind
from ..events import account_changed, charges_of
from ..store import RemitUnit


async def enter_charges(event: ClaimAssembled, unit: RemitUnit) -> None:
    """Enter the charges; when the claim was assembled anew, enter what differs."""
    sequence = unit.current.sequence if unit.current else 0
    known = await unit.accounts.get(event.practice_id, event.account_id)
    if known is not None and known.assembled_sequence >= sequence:
        return
    account = replace(
        known or _new_account(event), state=event.state, charges=charges_of(event), assembled_sequence=sequence
    )
    kind: JournalKind = "charge_correction" if known else "charge"
    journal = Journal(
        practice_id=event.practice_id,
        journal_id=id_of("journal", event.practice_id, kind, event.account_id, sequence),
        account_id=event.account_id,
        kind=kind,
        entries=change(known, account),
        entered_at=unit.clock.now(),
    )
    unit.accounts.put(account)
    if journal.entries:
        unit.enter(journal)
        unit.publish(account_changed(journal))
    unit.arrived(f"account/{event.practice_id}/{event.account_id}")


def _new_account(event: ClaimAssembled) -> Account:
    return Account(
        practice_id=event.practice_id,
        account_id=event.account_id,
        encounter_id=event.encounter_id,
        claim_id=event.claim_id,
        control_number=event.control_number,
        state=event.state,
    )
