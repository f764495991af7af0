"""What a payer pays beyond what is owed on a claim is a credit that somebody has to give back; no receivable is ever below zero."""

from decimal import Decimal

from claimstream_schemas import AccountChanged, ClaimAdjudicated

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, claim_of, line_of, reversed_


async def on_the_books(books, *, charges=("120.00",), allowed=("80.00",), next_payers=(), **named):
    claim = an_assembled(charges=charges, payers=("blue", *next_payers))
    await books.hears(claim, a_submission(charges=charges, allowed=allowed, next_payers=next_payers, **named))


def again(payment, number=2):
    """A payment in a remittance of its own."""
    return an_era(payment, trace=f"T{number}", digest=f"d{number}")


async def credits_(books):
    answer = await books.service.client.get("/tasks", headers=books.service.as_("biller"))
    assert {task["owed_to"] for task in answer.json()["credits"]} <= {"payer"}
    return [(task["account_id"], task["payer_id"], task["credit"]) for task in answer.json()["credits"]]


async def test_a_claim_that_is_paid_twice_has_a_credit_of_one_payment_and_a_task_names_it(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    assert await credits_(books) == []

    await books.hears(again(a_payment()))

    assert await books.balances() == {
        "payer.paid": 12800,
        "payer.remitted": -12800,
        "adjustment.CO": 4000,
        "receivable.patient": 1600,
        "receivable.credit": -6400,
        "cash": 12800,
        "revenue": -12000,
    }
    assert await credits_(books) == [(str(claim_of()), "blue", "64.00")]
    told = next(each for each in reversed(await books.told(AccountChanged)) if each.account_id == claim_of())
    assert ("receivable.credit", Decimal("-64.00")) in [
        (entry.account, entry.amount) for each in told.journals for entry in each.entries
    ]


async def test_two_payments_of_the_same_claim_in_one_remittance_are_no_different(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment(), a_payment(ordinal=2)))

    assert await credits_(books) == [(str(claim_of()), "blue", "64.00")]


async def test_the_reversal_of_one_of_them_ends_the_credit(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    before = await books.balances()
    await books.hears(again(a_payment()))

    await books.hears(
        an_era(reversed_(a_payment(), 1), plb=(("FB", "-64.00"),), trace="T3", digest="d3"),
    )

    after = await books.balances()
    assert {name: after[name] for name in before if name != "cash"} == {
        name: cents for name, cents in before.items() if name != "cash"
    }
    assert await credits_(books) == []


async def test_a_second_decision_explains_anew_what_the_first_explained(books):
    await on_the_books(books, charges=("120.00",))
    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "0.00", "PR-1 120.00", line=line_of()))))

    await books.hears(again(a_payment()))

    balances = await books.balances()
    assert (balances["receivable.patient"], balances["adjustment.CO"], balances["payer.paid"]) == (1600, 4000, 6400)
    assert not {"receivable.open", "receivable.credit"} & set(balances)


async def test_lines_that_a_payer_decides_in_two_remittances_are_decided_once_each(books):
    await on_the_books(books, charges=("120.00", "30.00"), allowed=("80.00", "20.00"))
    first = a_payment("E1", a_line_payment("120.00", "70.00", "CO-45 40.00", "PR-2 10.00", line=line_of()))
    second = a_payment("E1", a_line_payment("30.00", "15.00", "CO-45 10.00", "PR-2 5.00", line=line_of("E1", 2)))

    await books.hears(an_era(first))
    await books.hears(again(second))

    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"], balances["receivable.patient"]) == (8500, 5000, 1500)
    assert not {"receivable.open", "receivable.credit"} & set(balances)


async def test_what_was_refused_and_is_paid_later_is_settled_by_the_money(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "0.00", "CO-29 120.00", line=line_of()))))

    await books.hears(again(a_payment("E1", a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()))))

    assert await credits_(books) == []
    assert await books.balances() == {
        "payer.paid": 8000,
        "payer.remitted": -8000,
        "adjustment.CO": 4000,
        "cash": 8000,
        "revenue": -12000,
    }
    (settled,) = (await books.told(ClaimAdjudicated))[-1].settles
    assert (settled.carc, settled.line_id, settled.why) == ("29", line_of(), "paid")


async def test_a_primary_payment_that_is_taken_back_after_the_secondary_paid_leaves_open_what_it_had_decided(books):
    await on_the_books(books, next_payers=("medicare",))
    await books.hears(an_era(a_payment()))
    await books.hears(a_submission(ordinal=2, sequence="S", payer="medicare", allowed=(None,)))
    line = a_line_payment("120.00", "16.00", "OA-23 104.00", line=line_of())
    await books.hears(
        an_era(a_payment("E1", line, submission=2, status="2"), trace="T2", digest="d2", payer="MEDICARE")
    )

    await books.hears(an_era(reversed_(a_payment(), 1), plb=(("FB", "-64.00"),), trace="T3", digest="d3"))

    balances = await books.balances()
    assert balances["receivable.open"] == 10400
    assert not {"receivable.next_payer", "receivable.credit"} & set(balances)


async def test_the_ledger_sums_to_zero_and_each_payment_is_told_as_the_payer_said_it(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment(), a_payment(ordinal=2), a_payment(ordinal=3)))

    rows = await books.service.database.fetch("SELECT sum(cents)::bigint AS over FROM entries GROUP BY journal_id")
    assert {row["over"] for row in rows} == {0}
    assert [str(told.patient_responsibility) for told in await books.told(ClaimAdjudicated)] == ["16.00"] * 3
    assert (await books.balances())["receivable.credit"] == -12800
