"""What waits for a person: who is owed money back, what was overpaid, and what nobody understands."""

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, claim_of, line_of


async def tasks(books):
    return (await books.service.client.get("/tasks", headers=books.service.as_("biller"))).json()


async def test_a_patient_who_paid_more_at_the_desk_than_the_share_is_owed_the_rest(books):
    await books.hears(an_assembled(patient_paid="20.00"), a_submission())
    assert (await tasks(books))["credits"] == []

    await books.hears(an_era(a_payment()))

    (credit,) = (await tasks(books))["credits"]
    assert (credit["owed_to"], credit["payer_id"], credit["credit"]) == ("patient", None, "4.00")
    assert credit["account_id"] == str(claim_of())


async def test_nobody_is_owed_while_a_payer_is_awaited_or_a_refusal_stands(books):
    await books.hears(an_assembled(patient_paid="20.00", payers=("blue", "medicare")))
    await books.hears(a_submission(next_payers=("medicare",)))

    await books.hears(an_era(a_payment()))

    assert (await tasks(books))["credits"] == []


async def test_what_was_allowed_beyond_the_contract_within_the_charge_is_a_task(books):
    await books.hears(an_assembled(), a_submission())

    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "110.00", "CO-45 10.00", line=line_of()))))

    (over,) = (await tasks(books))["overpayments"]
    assert (over["claim_id"], over["payer_id"], over["variance"]) == (str(claim_of()), "blue", "30.00")
    assert (await tasks(books))["credits"] == []


async def test_it_is_none_any_more_when_the_payer_decides_anew(books):
    await books.hears(an_assembled(), a_submission())
    first = a_payment("E1", a_line_payment("120.00", "110.00", "CO-45 10.00", line=line_of()))
    await books.hears(an_era(first))

    await books.hears(an_era(a_payment(), trace="T2", digest="d2"))

    assert (await tasks(books))["overpayments"] == []
    (credit,) = (await tasks(books))["credits"]
    assert (credit["payer_id"], credit["credit"]) == ("blue", "110.00")


async def test_a_first_payer_that_names_one_before_it_is_a_question(books):
    await books.hears(an_assembled(), a_submission())

    line = a_line_payment("120.00", "0.00", "OA-23 120.00", line=line_of())
    await books.hears(an_era(a_payment("E1", line), amount="0.00"))

    (question,) = (await tasks(books))["questions"]
    assert (question["outcome"], question["claim_id"]) == ("undecided", str(claim_of()))


async def test_a_predetermination_posts_nothing(books):
    await books.hears(an_assembled(), a_submission())
    before = await books.balances()
    line = a_line_payment("120.00", "0.00", "CO-45 40.00", "PR-1 80.00", line=line_of())

    await books.hears(an_era(a_payment("E1", line, status="25"), amount="0.00"))

    assert await books.states() == ["posted"]
    assert await books.balances() == before
    assert await books.service.database.value("SELECT outcome FROM payments") == "predetermination"
    assert [await tasks(books)][0]["suspense"] == []
    account = await books.service.client.get(f"/accounts/{claim_of()}", headers=books.service.as_("biller"))
    assert account.json()["decisions"] == []
