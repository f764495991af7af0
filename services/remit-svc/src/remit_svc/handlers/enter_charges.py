"""A claim, or a self-pay visit, is assembled: its charges are on the books from then on."""

from collections import defaultdict
from dataclasses import replace
from uuid import UUID

from claimstream_schemas import ClaimAssembled
from claimstream_schemas.values.identifiers import id_of

from ..domain.account import Account, Charge
from ..domain.ledger import OPEN, REVENUE, SELF_PAY, Entry, Journal, JournalKind, merged
from ..events import account_changed, charges_of
from ..store import RemitUnit


async def enter_charges(event: ClaimAssembled, unit: RemitUnit) -> None:
    """Enter the charges; when the claim was assembled anew, enter what differs."""
    sequence = unit.current.sequence if unit.current else 0
    known = await unit.accounts.get(event.practice_id, event.account_id)
    if known is not None and known.assembled_sequence >= sequence:
        return
    charges = charges_of(event)
    earlier = known.charges if known else ()
    account = replace(known or _new_account(event), state=event.state, charges=charges, assembled_sequence=sequence)
    kind: JournalKind = "charge_correction" if known else "charge"
    journal = Journal(
        practice_id=event.practice_id,
        journal_id=id_of("journal", event.practice_id, kind, event.account_id, sequence),
        account_id=event.account_id,
        kind=kind,
        entries=_difference(earlier, charges, SELF_PAY if event.state == "self_pay" else OPEN),
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


def _difference(earlier: tuple[Charge, ...], now: tuple[Charge, ...], receivable: str) -> tuple[Entry, ...]:
    change: dict[UUID, int] = defaultdict(int)
    for charge in now:
        change[charge.line_id] += charge.cents
    for charge in earlier:
        change[charge.line_id] -= charge.cents
    return merged(
        entry
        for line_id, amount in change.items()
        for entry in (Entry(receivable, amount, line_id), Entry(REVENUE, -amount, line_id))
    )
