"""Remittances are posted as they were received: one waits only for earlier ones that name one of its claims."""

from datetime import timedelta
from uuid import UUID

import pytest
from claimstream_schemas import ClaimAdjudicated
from claimstream_schemas.values.identifiers import id_of

from ..builders import PRACTICE, a_line_payment, a_payment, a_submission, an_assembled, an_era, line_of, reversed_


async def on_the_books(books, *encounters):
    for encounter in encounters or ("E1",):
        await books.hears(an_assembled(encounter), a_submission(encounter))


def name_of(number: int) -> UUID:
    return id_of("remittance", PRACTICE, f"T{number}", f"d{number}")


def received(number: int, *payments, follows: tuple[int, ...] = (), **named):
    """The set that was received as this one."""
    values = {"trace": f"T{number}", "digest": f"d{number}", "received_number": number}
    return an_era(*payments, follows=tuple(name_of(each) for each in follows), **values | named)


def a_reversal(**named):
    return received(2, reversed_(a_payment(), 1), follows=(1,), plb=(("FB", "-64.00"),), **named)


async def tasks(books):
    return (await books.service.client.get("/tasks", headers=books.service.as_("biller"))).json()


async def test_a_reversal_is_posted_after_the_payment_that_was_received_before_it(books):
    await on_the_books(books)

    await books.hears(a_reversal(), received(1, a_payment()))

    assert [each.outcome for each in await books.told(ClaimAdjudicated)] == ["paid", "reversed"]
    assert await books.states() == ["posted", "posted"]
    assert (await books.balances()).get("suspense") is None


async def test_it_waits_until_the_payment_is_here(books):
    await on_the_books(books)

    await books.hears(a_reversal())
    assert await books.states() == ["staged"]
    await books.hears(received(1, a_payment()))

    assert await books.states() == ["posted", "posted"]
    assert (await tasks(books))["out_of_order"] == []


async def test_it_waits_for_no_set_that_names_none_of_its_claims(books):
    await on_the_books(books, "E1", "E2")

    await books.hears(received(5, a_payment("E2")))

    assert await books.states() == ["posted"]


async def test_an_earlier_set_that_is_quarantined_blocks_nothing_and_a_task_says_so(books):
    await on_the_books(books)
    corrected = a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of())

    await books.hears(received(1, a_payment(), amount="60.00"), received(2, a_payment("E1", corrected), follows=(1,)))

    assert sorted(await books.states()) == ["posted", "quarantined"]
    (late,) = (await tasks(books))["out_of_order"]
    assert (late["received_number"], late["passed"]) == (2, [str(name_of(1))])
    assert "earlier" in late["remedy"]


async def test_an_earlier_set_that_is_ten_minutes_late_blocks_nothing_and_a_task_says_so(books):
    await on_the_books(books)
    posting = books.service.running.service.state["posting"]
    await books.hears(a_reversal())
    assert await books.states() == ["staged"]

    posting._late_after = timedelta(0)
    await books.hears()

    assert await books.states() == ["posted"]
    assert (await books.balances())["suspense"] == 6400
    (late,) = (await tasks(books))["out_of_order"]
    assert late["passed"] == [str(name_of(1))]
    (waiting,) = (await tasks(books))["suspense"]
    assert "waits for it" in waiting["reason"]


async def test_a_reversal_that_was_posted_first_takes_back_its_payment_when_that_comes(books):
    await on_the_books(books)
    before = await books.balances()
    posting = books.service.running.service.state["posting"]
    posting._late_after = timedelta(0)
    await books.hears(a_reversal())

    await books.hears(received(1, a_payment()))

    after = await books.balances()
    assert {name: after.pop(name) for name in ("cash", "plb.FB")} == {"cash": 6400, "plb.FB": -6400}
    assert after == before
    assert [each.outcome for each in await books.told(ClaimAdjudicated)] == ["paid", "reversed"]
    rows = await books.service.database.fetch(
        "SELECT outcome, paid_cents, suspense_cents, reason FROM payments ORDER BY paid_cents"
    )
    assert rows == [
        {"outcome": "reversed", "paid_cents": -6400, "suspense_cents": 0, "reason": None},
        {"outcome": "paid", "paid_cents": 6400, "suspense_cents": 0, "reason": None},
    ]
    kinds = await books.service.database.fetch(
        "SELECT kind, count(*) AS n FROM journals WHERE remittance_id IS NOT NULL GROUP BY kind ORDER BY kind"
    )
    assert {row["kind"]: row["n"] for row in kinds} == {"payment": 1, "remittance": 2, "reversal": 1, "suspense": 1}
    assert await tasks(books) | {"remittances": []} == await tasks(books)
    assert ((await tasks(books))["out_of_order"], (await tasks(books))["suspense"]) == ([], [])


@pytest.mark.parametrize("state", ["dead", "parked", "discarded"])
async def test_an_earlier_set_that_is_a_dead_letter_blocks_nothing(books, state):
    await on_the_books(books)
    await books.service.database.fetch(
        "INSERT INTO dead_letters (practice, consumer, event_id, topic, partition, record_offset, aggregate, key, headers, state)"
        " VALUES ($1, 'remit-svc', $2, 'era.received', 0, 1, 'remittance', $3, '[]', $4)",
        PRACTICE,
        name_of(1),
        received(1, a_payment()).key,
        state,
    )

    await books.hears(a_reversal())

    assert await books.states() == ["posted"]


async def test_a_set_that_is_posted_late_ends_in_the_books_of_the_order_in_which_both_were_received(books):
    """What was received first explains nothing any more where a newer word is posted already."""
    await on_the_books(books)
    posting = books.service.running.service.state["posting"]
    posting._late_after = timedelta(0)
    newer = a_line_payment("120.00", "0.00", "CO-45 40.00", "PR-1 80.00", line=line_of())
    await books.hears(received(2, a_payment("E1", newer), follows=(1,)))

    await books.hears(received(1, a_payment()))

    balances = await books.balances()
    assert (balances["receivable.patient"], balances["adjustment.CO"], balances["payer.paid"]) == (8000, 4000, 6400)
    assert balances["receivable.credit"] == -6400
