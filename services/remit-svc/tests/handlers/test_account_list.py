"""The list of accounts: what a manager adds up, account by account."""

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import Expected

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, claim_of, line_of, reversed_


def promised(encounter: str, allowed: str, paid: str) -> ClaimSubmitted:
    """A submission of whose line the contract allows so much, and has the payer pay so much of it."""
    submission = a_submission(encounter)
    expected = {"expected": Expected(allowed=allowed, paid=paid)}
    return submission.model_copy(update={"lines": tuple(each.model_copy(update=expected) for each in submission.lines)})


async def accounts_of(books, practice: str = "bay-state") -> dict[str, dict]:
    found, after = {}, ""
    headers = books.service.as_("auditor", practice=practice)
    while True:
        answer = (await books.service.client.get(f"/accounts?limit=2{after}", headers=headers)).json()
        found |= {row["account_id"]: row for row in answer["accounts"]}
        if answer["next_after"] is None:
            return found
        after = f"&after={answer['next_after']}"


async def test_each_account_tells_its_balances_and_whether_a_payer_decided(books):
    for encounter in ("E1", "E2", "E3"):
        await books.hears(an_assembled(encounter))
    await books.hears(a_submission("E1"), promised("E2", "80.00", "64.00"))
    await books.hears(an_era(a_payment("E1")))

    listed = await accounts_of(books)

    paid, open_, held_back = (listed[str(claim_of(encounter))] for encounter in ("E1", "E2", "E3"))
    assert (paid["is_decided"], paid["is_submitted"], paid["balances"]["payer.paid"]) == (True, True, "64.00")
    assert (open_["is_decided"], open_["is_submitted"]) == (False, True)
    assert open_["balances"] == {"receivable.open": "120.00", "revenue": "-120.00"}
    assert (open_["expected_allowed"], open_["expected_paid"]) == ("80.00", "64.00")
    assert (held_back["is_submitted"], held_back["expected_allowed"], held_back["expected_paid"]) == (False, None, None)


async def test_a_decision_that_was_taken_back_decides_nothing(books):
    await books.hears(an_assembled("E1"), a_submission("E1"), an_assembled("E2"), a_submission("E2"))
    await books.hears(an_era(a_payment("E1")))

    await books.hears(an_era(reversed_(a_payment("E1"), 1), a_payment("E2", ordinal=2), trace="T2", digest="d2"))

    listed = await accounts_of(books)
    assert [listed[str(claim_of(each))]["is_decided"] for each in ("E1", "E2")] == [False, True]


async def test_the_first_word_of_a_payer_stays_what_it_was(books):
    await books.hears(an_assembled("E1"), a_submission("E1"), an_assembled("E2"), a_submission("E2"))
    refused = a_payment("E1", a_line_payment("120.00", "0.00", "CO-50 120.00", line=line_of("E1")))
    await books.hears(an_era(refused))

    await books.hears(an_era(reversed_(refused, 1), a_payment("E1", ordinal=2), trace="T2", digest="d2"))

    listed = await accounts_of(books)
    assert listed[str(claim_of("E1"))]["balances"]["payer.paid"] == "64.00"
    assert listed[str(claim_of("E1"))]["first_decision"] == {"charge": "120.00", "denied": "120.00"}
    assert listed[str(claim_of("E2"))]["first_decision"] is None


async def test_the_claim_of_a_quarantined_remittance_says_so(books):
    await books.hears(an_assembled("E1"), a_submission("E1"), an_assembled("E2"), a_submission("E2"))

    await books.hears(an_era(a_payment("E1"), amount="60.00"))

    listed = await accounts_of(books)
    assert [listed[str(claim_of(each))]["is_quarantined"] for each in ("E1", "E2")] == [True, False]


async def test_a_self_pay_visit_is_listed_and_no_other_practice_is(books):
    visit = {"state": "self_pay", "claim_id": None, "control_number": None, "payers": (), "account_id": line_of("E1")}
    await books.hears(an_assembled(**visit))

    (account,) = (await accounts_of(books)).values()
    assert (account["state"], account["balances"]["receivable.self_pay"]) == ("self_pay", "120.00")
    assert await accounts_of(books, practice="other") == {}
