"""Charges are on the books from claim.assembled on."""

import asyncpg
import pytest
from claimstream_schemas import AccountChanged

from ..builders import an_assembled, claim_of, line_of


async def test_each_charge_is_on_the_books_once(books):
    event = an_assembled(charges=("120.00", "30.00"))

    ids = await books.hears(event)
    await books.hears(event, ids=ids)

    assert await books.balances() == {"receivable.open": 15000, "revenue": -15000}


async def test_a_self_pay_visit_is_owed_by_the_patient(books):
    await books.hears(an_assembled(state="self_pay", claim_id=None, control_number=None, payers=()))

    assert await books.balances() == {"receivable.self_pay": 12000, "revenue": -12000}


async def test_a_claim_assembled_anew_enters_what_differs(books):
    await books.hears(an_assembled(charges=("120.00", "30.00"), state="held"))

    await books.hears(an_assembled(charges=("100.00",)))

    assert await books.balances() == {"receivable.open": 10000, "revenue": -10000}
    assert [told.kind for told in await books.told(AccountChanged)] == ["charge", "charge_correction"]


async def test_a_claim_that_is_withdrawn_leaves_the_books_once_and_may_come_back(books):
    events = [
        an_assembled(state="held"),
        an_assembled(state="held", charges=(), total_charge="0.00", encounter_version=2),
    ]
    records = [books.service.record_of(event, claim_of(str(number))) for number, event in enumerate(events)]
    await books.service.hears_records(*records)
    await books.service.database.fetch("DELETE FROM inbox")

    await books.service.hears_records(*records)

    assert await books.balances() == {}
    assert [told.kind for told in await books.told(AccountChanged)] == ["charge", "charge_correction"]

    await books.hears(an_assembled(charges=("90.00",), encounter_version=3))

    assert await books.balances() == {"receivable.open": 9000, "revenue": -9000}


async def test_a_self_pay_visit_that_turns_out_to_be_insured_is_taken_back_from_the_patient(books):
    visit = {"state": "self_pay", "claim_id": None, "control_number": None, "payers": (), "account_id": line_of("E1")}
    await books.hears(an_assembled(**visit))

    await books.hears(
        an_assembled(**visit, charges=(), total_charge="0.00", encounter_version=2), an_assembled(encounter_version=2)
    )

    assert await books.balances() == {"receivable.open": 12000, "revenue": -12000}


async def test_a_replay_with_an_empty_inbox_changes_nothing(books):
    events = [an_assembled(charges=("120.00",), state="held"), an_assembled(charges=("100.00",))]
    records = [books.service.record_of(event, claim_of(str(number))) for number, event in enumerate(events)]
    await books.service.hears_records(*records)
    await books.service.database.fetch("DELETE FROM inbox")

    await books.service.hears_records(*records)

    assert await books.balances() == {"receivable.open": 10000, "revenue": -10000}


async def test_the_database_refuses_a_journal_that_does_not_sum_to_zero(books):
    with pytest.raises(asyncpg.CheckViolationError, match="does not sum to zero"):
        async with books.service.database.transaction() as connection:
            await connection.execute(
                "INSERT INTO entries (practice, journal_id, number, account, account_id, cents)"
                " VALUES ('bay-state', $1, 1, 'cash', $1, 5)",
                claim_of(),
            )


async def test_the_database_refuses_to_change_the_ledger(books):
    await books.hears(an_assembled())

    for statement in ("UPDATE entries SET cents = 1", "DELETE FROM journals"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await books.service.database.fetch(statement)
