"""A remittance that cannot be posted for what is in it ends as a task for a person; it is not tried for ever."""

from datetime import date

import pytest
from claimstream_schemas import ClaimDenied

from ..builders import a_line_payment, a_payment, a_submission, adjustments, an_assembled, an_era, line_of

LARGEST = "99999999.99"


async def on_the_books(books, encounter="E1", **named):
    await books.hears(an_assembled(encounter, **named), a_submission(encounter, **named))


async def reason(books) -> str:
    return await books.service.database.value("SELECT reason FROM remittances WHERE state = 'quarantined'")


async def test_amounts_that_no_event_can_carry_together_quarantine_the_set_with_the_reason(books):
    await on_the_books(books)
    strangers = [
        a_payment("E9", ordinal=number, claim_id=None, charge=LARGEST, paid=LARGEST, lines=()) for number in (2, 3)
    ]

    await books.hears(
        an_era(a_payment(), *strangers, plb=(("WO", LARGEST), ("WO", LARGEST)), payments_total="64.00"),
        an_era(a_payment(), trace="T2", digest="d2"),
    )

    assert sorted(await books.states()) == ["posted", "quarantined"]
    assert await reason(books) == "JournalEntry: amount: Value error, more than 99,999,999.99"
    assert (await books.balances())["cash"] == 6400


async def test_what_is_missing_may_be_more_than_any_amount(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment("E1", charge="120.00", paid=f"-{LARGEST}", lines=()), amount=LARGEST))

    assert await books.states() == ["quarantined"]
    assert await books.service.database.value("SELECT missing_cents FROM remittances") == 2 * 9999999999


@pytest.mark.parametrize(
    ("second", "announced", "said"),
    [(1, 2, "two payments have the same place"), (2, 3, "3 payments were announced, 2 came")],
)
async def test_a_set_that_is_not_what_it_says_is_quarantined(books, second, announced, said):
    await on_the_books(books)
    await on_the_books(books, "E2")

    await books.hears(an_era(a_payment(), a_payment("E2", ordinal=second), payment_count=announced))

    assert said in await reason(books)
    assert "cash" not in await books.balances()


async def test_a_claim_that_was_sent_without_lines_can_be_refused(books):
    await books.hears(an_assembled(charges=("10.00",)), a_submission(charges=()))
    payment = a_payment(charge="10.00", paid="0.00", lines=(), adjustments=adjustments("CO-29 10.00"))

    await books.hears(an_era(payment))

    (denied,) = await books.told(ClaimDenied)
    assert denied.service_from == await books.service.database.value(
        "SELECT (document->'submissions'->0->>'submitted_on')::date FROM accounts"
    )
    assert isinstance(denied.service_from, date)


async def test_a_quarantined_remittance_is_posted_again_when_a_person_says_that_it_is_mended(books, monkeypatch):
    await on_the_books(books)
    with monkeypatch.context() as patched:
        patched.setattr("remit_svc.steps.posting_payments.post", lambda *_, **__: {}["a fault of ours"])
        await books.hears(an_era(a_payment()))
    assert "KeyError in" in await reason(books)
    (task,) = (await books.service.client.get("/tasks", headers=books.service.as_("biller"))).json()["remittances"]
    assert (task["cause"], "/repost" in task["remedy"]) == ("not_posted", True)

    url = f"/remittances/{task['id']}/repost"
    answer = await books.service.client.post(url, headers=books.service.as_("operator"))
    await books.hears()

    assert answer.status_code == 202
    assert await books.states() == ["posted"]
    assert (await books.service.client.post(url, headers=books.service.as_("operator"))).status_code == 409


async def test_only_an_operator_posts_again_and_only_what_balances_is_posted(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "64.00", line=line_of()))))
    remittance = await books.service.database.value("SELECT id FROM remittances")
    url = f"/remittances/{remittance}/repost"

    refused = await books.service.client.post(url, headers=books.service.as_("biller"))
    taken = await books.service.client.post(url, headers=books.service.as_("operator"))
    await books.hears()

    assert (refused.status_code, taken.status_code) == (403, 202)
    assert await books.states() == ["quarantined"]
