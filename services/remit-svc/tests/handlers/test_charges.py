"""Charges are on the books from claim.assembled on."""

from decimal import Decimal

import asyncpg
import pytest
from claimstream_schemas import AccountChanged

from ..builders import a_payment, a_submission, an_assembled, an_era, claim_of, line_of


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
    assert [each.kind for told in await books.told(AccountChanged) for each in told.journals] == [
        "charge",
        "charge_correction",
    ]


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
    assert [each.kind for told in await books.told(AccountChanged) for each in told.journals] == [
        "charge",
        "charge_correction",
    ]

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


async def test_the_database_lets_nobody_change_the_ledger_not_even_its_owner(books, owner):
    await books.hears(an_assembled())

    for statement in ("UPDATE entries SET cents = 1", "DELETE FROM journals"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await books.service.database.fetch(statement)
        with pytest.raises(asyncpg.RestrictViolationError):
            await owner.execute(statement)


async def test_what_a_patient_paid_at_the_desk_is_cash_of_its_own_and_unapplied(books):
    await books.hears(an_assembled(patient_paid="20.00"))

    assert await books.balances() == {
        "receivable.open": 12000,
        "revenue": -12000,
        "cash.desk": 2000,
        "patient.unapplied": -2000,
    }
    assert [each.kind for told in await books.told(AccountChanged) for each in told.journals] == [
        "charge",
        "patient_payment",
    ]


async def test_a_changed_copay_posts_what_differs_and_nothing_twice(books):
    events = [
        an_assembled(patient_paid="20.00"),
        an_assembled(patient_paid="20.00", encounter_version=2),
        an_assembled(patient_paid="35.00", encounter_version=3),
        an_assembled(patient_paid="5.00", encounter_version=4),
    ]
    records = [books.service.record_of(event, claim_of(str(number))) for number, event in enumerate(events)]
    await books.service.hears_records(*records)
    await books.service.database.fetch("DELETE FROM inbox")

    await books.service.hears_records(*records)

    assert {account: cents for account, cents in (await books.balances()).items() if "receivable" not in account} == {
        "revenue": -12000,
        "cash.desk": 500,
        "patient.unapplied": -500,
    }
    journals = [each for told in await books.told(AccountChanged) for each in told.journals]
    posted = [each.entries[0].amount for each in journals if each.kind == "patient_payment"]
    assert posted == [Decimal("20.00"), Decimal("15.00"), Decimal("-30.00")]


async def test_a_claim_that_is_withdrawn_gives_back_what_was_paid_at_the_desk(books):
    await books.hears(an_assembled(state="held", patient_paid="20.00"))

    await books.hears(an_assembled(state="held", charges=(), total_charge="0.00", encounter_version=2))

    assert await books.balances() == {}


async def test_a_self_pay_visit_shows_what_was_paid_for_it_beside_what_is_owed(books):
    visit = {"state": "self_pay", "claim_id": None, "control_number": None, "payers": (), "account_id": line_of("E1")}

    await books.hears(an_assembled(**visit, patient_paid="20.00"))

    answer = await books.service.client.get(f"/accounts/{line_of('E1')}", headers=books.service.as_("biller"))
    shown = answer.json()
    assert shown["balances"] == {
        "cash.desk": "20.00",
        "patient.unapplied": "-20.00",
        "receivable.self_pay": "120.00",
        "revenue": "-120.00",
    }
    assert shown["patient_unapplied"] == "20.00"


async def test_a_remittance_leaves_what_was_paid_at_the_desk_unapplied(books):
    await books.hears(an_assembled(patient_paid="20.00"), a_submission())
    await books.hears(an_era(a_payment()))

    balances = await books.balances()
    assert (balances["cash"], balances["cash.desk"], balances["patient.unapplied"]) == (6400, 2000, -2000)
    assert balances["receivable.patient"] == 1600
