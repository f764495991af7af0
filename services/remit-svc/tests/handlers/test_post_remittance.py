"""A remittance is posted whole, or not at all."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAdjudicated, ClaimDenied, PaymentVariance

from ..builders import (
    a_line_payment,
    a_payment,
    a_submission,
    adjustments,
    an_assembled,
    an_era,
    claim_of,
    line_of,
    reversed_,
)


async def on_the_books(books, encounter="E1", *, charges=("120.00",), next_payers=(), **named):
    claim = an_assembled(encounter, charges=charges, payers=("blue", *next_payers))
    await books.hears(claim, a_submission(encounter, charges=charges, next_payers=next_payers, **named))


async def test_an_ordinary_payment_is_taken_apart(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment()))

    assert await books.balances() == {
        "payer.paid": 6400,
        "payer.remitted": -6400,
        "adjustment.CO": 4000,
        "receivable.patient": 1600,
        "cash": 6400,
        "revenue": -12000,
    }
    (told,) = await books.told(ClaimAdjudicated)
    assert (told.outcome, told.paid, told.patient_responsibility) == ("paid", Decimal("64.00"), Decimal("16.00"))


async def test_the_patients_share_waits_while_another_payer_follows(books):
    await on_the_books(books, next_payers=("medicare",))

    await books.hears(an_era(a_payment()))

    assert (await books.balances())["receivable.next_payer"] == 1600


async def test_the_secondary_takes_from_what_waited_and_oa_23_counts_nowhere(books):
    await on_the_books(books, next_payers=("medicare",))
    await books.hears(an_era(a_payment()))
    await books.hears(a_submission(ordinal=2, sequence="S", payer="medicare", allowed=(None,)))
    line = a_line_payment("120.00", "10.00", "OA-23 104.00", "PR-2 6.00", line=line_of())

    await books.hears(
        an_era(a_payment("E1", line, submission=2, status="2"), trace="T2", digest="d2", payer="MEDICARE")
    )

    balances = await books.balances()
    assert balances["receivable.patient"] == 600
    assert "receivable.next_payer" not in balances
    assert balances["payer.paid"] == 7400


async def test_a_refused_line_opens_a_case_and_the_rest_is_paid(books):
    await on_the_books(books, charges=("120.00", "30.00"), allowed=("80.00", "20.00"))
    refused = a_line_payment("30.00", "0.00", "CO-197 30.00", line=line_of("E1", 2), remarks=("N54",))
    paid = a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of())

    await books.hears(an_era(a_payment("E1", paid, refused)))

    assert (await books.balances())["receivable.denied"] == 3000
    (denied,) = await books.told(ClaimDenied)
    (adjustment,) = denied.adjustments
    assert (adjustment.group, adjustment.carc, adjustment.remarks, adjustment.amount) == (
        "CO",
        "197",
        ("N54",),
        Decimal("30.00"),
    )
    (told,) = await books.told(ClaimAdjudicated)
    assert told.outcome == "partial"


@pytest.mark.parametrize(
    ("said", "account"),
    [
        ("PR-1 120.00", "receivable.patient"),
        ("CO-253 120.00", "adjustment.CO"),
        ("OA-91 120.00", "adjustment.OA"),
        ("CO-97 120.00", "receivable.denied"),
        ("PR-204 120.00", "receivable.denied"),
        ("CO-45 120.00", "receivable.denied"),
    ],
)
async def test_each_reason_has_its_account(books, said, account):
    await on_the_books(books)

    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "0.00", said, line=line_of())), amount="0.00"))

    assert await books.balances() == {account: 12000, "revenue": -12000}


async def test_co_45_beyond_the_contract_stays_open_and_is_an_underpayment(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "70.00", "CO-45 50.00", line=line_of()))))

    balances = await books.balances()
    assert (balances["adjustment.CO"], balances["receivable.variance"]) == (4000, 1000)
    (variance,) = await books.told(PaymentVariance)
    assert (variance.reason, variance.variance) == ("underpaid", Decimal("-10.00"))


async def test_co_45_without_a_contract_is_all_adjusted(books):
    await on_the_books(books, allowed=(None,))

    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "20.00", "CO-45 100.00", line=line_of()))))

    assert (await books.balances())["adjustment.CO"] == 10000
    assert await books.told(PaymentVariance) == []


@pytest.mark.parametrize(
    ("payment", "amount", "missing"),
    [
        (a_payment("E1", a_line_payment("120.00", "64.00", "CO-45 40.00", line=line_of())), "64.00", -1600),
        (a_payment(paid="65.00"), "65.00", 100),
        (a_payment(), "60.00", -400),
    ],
)
async def test_an_unbalanced_set_is_quarantined_whole_with_the_missing_amount(books, payment, amount, missing):
    await on_the_books(books)
    await on_the_books(books, "E2")
    before = await books.balances()

    await books.hears(an_era(payment, a_payment("E2", ordinal=2), amount=str(Decimal(amount) + Decimal("64.00"))))

    assert await books.states() == ["quarantined"]
    assert await books.balances() == before
    assert await books.told(ClaimAdjudicated) == []
    row = await books.service.database.fetch_one("SELECT reason, missing_cents FROM remittances")
    assert row["missing_cents"] == missing
    assert "is missing" in row["reason"]


async def test_the_same_set_again_changes_nothing(books):
    await on_the_books(books)
    era = an_era(a_payment())
    await books.hears(era)
    before = await books.balances()
    await books.service.database.fetch("DELETE FROM inbox")

    await books.hears(era)

    assert await books.balances() == before
    assert len(await books.told(ClaimAdjudicated)) == 1


async def test_a_paid_trace_with_another_content_is_a_conflict(books):
    await on_the_books(books)
    await on_the_books(books, "E2")
    await books.hears(an_era(a_payment()))

    await books.hears(an_era(a_payment("E2"), digest="d2"))

    assert sorted(await books.states()) == ["conflict", "posted"]


async def test_a_zero_pay_trace_may_be_used_again(books):
    await on_the_books(books)
    await on_the_books(books, "E2")
    for number, encounter in enumerate(("E1", "E2")):
        line = a_line_payment("120.00", "0.00", "PR-1 120.00", line=line_of(encounter))
        await books.hears(an_era(a_payment(encounter, line), digest=f"d{number}"))

    assert await books.states() == ["posted", "posted"]


async def test_a_remittance_waits_until_all_its_chunks_are_there_in_any_order(books):
    await on_the_books(books)
    await on_the_books(books, "E2")
    whole = an_era(a_payment(), a_payment("E2", ordinal=2))
    first = whole.model_copy(update={"chunks": 2, "payments": whole.payments[:1]})
    second = whole.model_copy(update={"chunks": 2, "chunk": 2, "payments": whole.payments[1:]})

    await books.hears(second)
    assert await books.states() == ["staged"]
    await books.hears(second, first)

    assert await books.states() == ["posted"]
    assert (await books.balances())["cash"] == 12800


async def test_a_remittance_before_its_submission_waits_for_it(books):
    await books.hears(an_era(a_payment()))
    assert await books.states() == ["staged"]

    await on_the_books(books)

    assert await books.states() == ["posted"]


async def test_a_claim_that_is_not_ours_goes_to_suspense_with_its_money(books):
    await on_the_books(books)
    stranger = a_payment("E9", ordinal=2, claim_id=None, control_number="NOTOURS")

    await books.hears(an_era(a_payment(), stranger))

    balances = await books.balances()
    assert (balances["suspense"], balances["cash"], balances["payer.paid"]) == (-6400, 12800, 6400)


async def test_a_line_that_fits_none_of_ours_goes_to_suspense_and_ours_stays_open(books):
    await on_the_books(books)
    line = a_line_payment("90.00", "90.00", procedure="J9999")

    await books.hears(an_era(a_payment("E1", line, charge="90.00")))

    balances = await books.balances()
    assert (balances["suspense"], balances["receivable.open"]) == (-9000, 12000)


async def test_a_line_without_number_is_found_by_code_charge_and_day(books):
    await on_the_books(books, charges=("120.00", "30.00"), allowed=(None, None))
    lines = (
        a_line_payment("30.00", "30.00", procedure="82947"),
        a_line_payment("120.00", "120.00", procedure="99213", modifiers=("25",)),
    )

    await books.hears(an_era(a_payment("E1", *lines, submission=None)))

    rows = await books.service.database.fetch(
        "SELECT line_id, cents FROM entries WHERE account = 'payer.paid' ORDER BY cents"
    )
    assert [(row["line_id"], row["cents"]) for row in rows] == [(line_of("E1", 2), 3000), (line_of(), 12000)]


async def test_two_open_lines_with_the_same_code_are_not_guessed_between(books):
    await on_the_books(books, charges=("120.00", "120.00"), allowed=(None, None), procedures=("99213", "99213"))

    await books.hears(an_era(a_payment("E1", a_line_payment("120.00", "50.00", "CO-45 70.00"), submission=None)))

    assert (await books.balances())["suspense"] == -5000


async def test_a_reversal_takes_back_exactly_what_was_posted_and_the_correction_stands(books):
    await on_the_books(books)
    first = a_payment()
    await books.hears(an_era(first))
    corrected = a_payment(
        "E1", a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()), ordinal=2, payer_claim_number="ICN2"
    )

    await books.hears(an_era(reversed_(first, 1), corrected, trace="T2", digest="d2"))

    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"], balances["cash"]) == (8000, 4000, 8000)
    assert "receivable.patient" not in balances
    outcomes = [told.outcome for told in await books.told(ClaimAdjudicated)]
    assert outcomes == ["paid", "reversed", "paid"]
    assert (await books.told(ClaimAdjudicated))[1].reverses_payment_ordinal == 1


async def test_a_reversal_that_is_not_the_exact_negation_is_suspended_with_the_difference(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    other = a_payment("E1", a_line_payment("120.00", "60.00", "CO-45 60.00", line=line_of()))

    await books.hears(an_era(reversed_(other, 1), a_payment("E1", ordinal=2), trace="T2", digest="d2"))

    row = await books.service.database.fetch_one("SELECT reason FROM payments WHERE outcome = 'suspended'")
    assert "differs from what it takes back by -400 cents" in row["reason"]


async def test_provider_adjustments_lower_or_raise_the_cash_and_have_their_account(books):
    await on_the_books(books)

    await books.hears(an_era(a_payment(), plb=(("L6", "-1.25"), ("WO", "10.00"))))

    balances = await books.balances()
    assert (balances["cash"], balances["plb.L6"], balances["plb.WO"], balances["payer.paid"]) == (
        5525,
        -125,
        1000,
        6400,
    )


async def test_claim_level_adjustments_count_too(books):
    await on_the_books(books, charges=("4000.00",), allowed=(None,))
    payment = a_payment(
        charge="4000.00", paid="3000.00", lines=(), adjustments=adjustments("CO-45 900.00", "PR-1 100.00")
    )

    await books.hears(an_era(payment))

    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"], balances["receivable.patient"]) == (300000, 90000, 10000)
    assert "receivable.open" not in balances


async def test_the_ledger_sums_to_zero_whatever_came(books):
    for encounter in ("E1", "E2", "E3"):
        await on_the_books(books, encounter)
    refused = a_line_payment("120.00", "0.00", "CO-29 120.00", line=line_of("E3"))

    await books.hears(an_era(a_payment("E1"), a_payment("E2", ordinal=2), a_payment("E3", refused, ordinal=3)))

    assert await books.service.database.value("SELECT sum(cents)::bigint FROM entries") == 0
    rows = await books.service.database.fetch("SELECT sum(cents)::bigint AS over FROM entries GROUP BY journal_id")
    assert {row["over"] for row in rows} == {0}


async def test_what_waits_for_a_person_is_listed(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment(), amount="60.00"))
    headers = books.service.as_("biller")

    tasks = (await books.service.client.get("/tasks", headers=headers)).json()
    counts = (await books.service.client.get("/counts", headers=headers)).json()

    assert [task["missing"] for task in tasks["remittances"]] == ["-4.00"]
    assert counts["remittances"] == {"quarantined": 1}


async def test_a_remittance_is_shown_with_its_payments_and_to_its_practice_alone(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment()))
    client, biller = books.service.client, books.service.as_("biller")

    (listed,) = (await client.get("/remittances?state=posted", headers=biller)).json()["remittances"]
    whole = (await client.get(f"/remittances/{listed['id']}", headers=biller)).json()
    stranger = books.service.as_("biller", practice="other")
    foreign = await client.get(f"/remittances/{listed['id']}", headers=stranger)

    (payment,) = whole.pop("claim_payments")
    assert whole.pop("provider_adjustments") == []
    assert whole == listed
    assert (listed["amount"], listed["missing"], listed["remedy"]) == ("64.00", None, None)
    assert (payment["claim_id"], payment["paid"], payment["suspense"]) == (str(claim_of()), "64.00", "0.00")
    assert foreign.status_code == 404


async def test_a_sum_larger_than_any_amount_is_shown(books):
    await on_the_books(books)
    await books.hears(an_era(a_payment(), amount="60.00"))
    await books.service.database.fetch("UPDATE remittances SET missing_cents = 20000000000")

    tasks = await books.service.client.get("/tasks", headers=books.service.as_("biller"))

    assert [task["missing"] for task in tasks.json()["remittances"]] == ["200000000.00"]


async def test_a_remittance_on_which_we_fail_ourselves_stops_no_other_and_is_posted_after_the_fix(books, owner):
    await on_the_books(books)
    await on_the_books(books, "E2")
    books.service.running.service.state["posting"]._again_seconds = 0.0
    await owner.execute("ALTER TABLE payments ADD CONSTRAINT a_fault CHECK (paid_cents <> 6300)")
    line = a_line_payment("120.00", "63.00", "CO-45 41.00", "PR-2 16.00", line=line_of())

    await books.hears(an_era(a_payment("E1", line)), an_era(a_payment("E2"), trace="T2", digest="d2"))

    assert sorted(await books.states()) == ["posted", "staged"]
    assert (await books.balances())["cash"] == 6400

    await owner.execute("ALTER TABLE payments DROP CONSTRAINT a_fault")
    await books.hears()

    assert await books.states() == ["posted", "posted"]
    assert (await books.balances())["cash"] == 12700
