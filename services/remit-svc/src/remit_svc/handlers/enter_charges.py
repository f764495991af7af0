"""A claim, or a self-pay visit, is assembled: its charges, and what the patient paid at the desk, are on the books from then on."""

from dataclasses import replace

from claimstream_schemas import ClaimAssembled
from claimstream_schemas.values.identifiers import id_of
from claimstream_schemas.values.money import ZERO, cents

from ..domain.account import Account
from ..domain.books import change, desk_change
from ..domain.guardrails import Guardrails
from ..domain.ledger import Entry, JournalKind
from ..domain.posting import newly_refused
from ..domain.standing import standing_of
from ..events import charges_of, claim_denied
from ..steps.entering import enter
from ..steps.posting_payments import keep_results
from ..store import RemitUnit


async def enter_charges(event: ClaimAssembled, unit: RemitUnit, guardrails: Guardrails) -> None:
    """Enter the charges and the patient's payment; when the claim was assembled anew, enter what differs."""
    sequence = unit.current.sequence if unit.current else 0
    known = await unit.accounts.get(event.practice_id, event.account_id)
    if known is not None and known.assembled_sequence >= sequence:
        return
    account = replace(
        known or _new_account(event),
        state=event.state,
        payers=event.payers,
        charges=charges_of(event),
        patient_paid_cents=cents(event.patient_paid or ZERO),
        assembled_sequence=sequence,
    )
    if known is not None and known.decisions:
        account = await _tell_anew(known, account, unit, guardrails)
    unit.accounts.put(account)
    _enter("charge_correction" if known else "charge", change(known, account, guardrails), account, unit)
    _enter("patient_payment", desk_change(known, account), account, unit)
    unit.arrived(f"account/{event.practice_id}/{event.account_id}")


async def _tell_anew(known: Account, account: Account, unit: RemitUnit, guardrails: Guardrails) -> Account:
    """What its payers said may mean something else now: what is refused since nobody follows is told."""
    standing = standing_of(account, guardrails)
    account, refuses = newly_refused(account, standing)
    for decision, refusals in refuses:
        unit.publish(claim_denied(account, decision, refusals))
    await keep_results(known, account, standing, unit, guardrails)
    return account


def _enter(kind: JournalKind, entries: tuple[Entry, ...], account: Account, unit: RemitUnit) -> None:
    name = ("journal", account.practice_id, kind, account.account_id, account.assembled_sequence)
    enter(unit, account.practice_id, kind, entries, journal_id=id_of(*name), account_id=account.account_id)


def _new_account(event: ClaimAssembled) -> Account:
    return Account(
        practice_id=event.practice_id,
        account_id=event.account_id,
        encounter_id=event.encounter_id,
        claim_id=event.claim_id,
        control_number=event.control_number,
        state=event.state,
    )
