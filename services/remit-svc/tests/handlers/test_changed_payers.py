"""The patient's share follows the payers that a claim has now: one may come, or go, after an earlier one has decided."""

from decimal import Decimal

from claimstream_schemas import ClaimDenied

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, line_of


async def test_what_waited_for_a_payer_that_is_none_any_more_is_the_patients(books):
    await books.hears(an_assembled(payers=("blue", "medicare")), a_submission(next_payers=("medicare",)))
    await books.hears(an_era(a_payment()))
    assert (await books.balances())["receivable.next_payer"] == 1600

    await books.hears(an_assembled(payers=("blue",), encounter_version=2))

    assert await books.balances() == {
        "payer.paid": 6400,
        "payer.remitted": -6400,
        "adjustment.CO": 4000,
        "receivable.patient": 1600,
        "cash": 6400,
        "revenue": -12000,
    }


async def test_what_was_the_patients_waits_for_a_payer_that_comes_later_and_is_taken_from_there(books):
    await books.hears(an_assembled(payers=("blue",)), a_submission())
    await books.hears(an_era(a_payment()))
    assert (await books.balances())["receivable.patient"] == 1600

    await books.hears(an_assembled(payers=("blue", "medicare"), encounter_version=2))
    await books.hears(a_submission(ordinal=2, sequence="S", payer="medicare", allowed=(None,)))
    assert (await books.balances())["receivable.next_payer"] == 1600
    second = a_line_payment("120.00", "10.00", "OA-23 104.00", "PR-2 6.00", line=line_of())
    await books.hears(
        an_era(a_payment("E1", second, submission=2, status="2"), trace="T2", digest="d2", payer="MEDICARE")
    )

    balances = await books.balances()
    assert (balances["receivable.patient"], balances["payer.paid"]) == (600, 7400)
    assert not {"receivable.next_payer", "receivable.credit"} & set(balances)


async def test_a_payer_that_goes_before_the_first_has_decided_leaves_its_share_to_the_patient(books):
    await books.hears(an_assembled(payers=("blue", "medicare")), a_submission(next_payers=("medicare",)))
    await books.hears(an_assembled(payers=("blue",), encounter_version=2))

    await books.hears(an_era(a_payment()))

    assert (await books.balances())["receivable.patient"] == 1600


async def test_what_waited_for_a_payer_that_is_none_any_more_is_refused_and_told(books):
    await books.hears(an_assembled(payers=("blue", "medicare")), a_submission(next_payers=("medicare",)))
    left = a_line_payment("120.00", "0.00", "PR-204 120.00", line=line_of())
    await books.hears(an_era(a_payment("E1", left), amount="0.00"))
    assert await books.told(ClaimDenied) == []

    await books.hears(an_assembled(payers=("blue",), encounter_version=2))

    assert await books.balances() == {"receivable.denied": 12000, "revenue": -12000}
    (denied,) = await books.told(ClaimDenied)
    assert (denied.denied, denied.adjustments[0].carc) == (Decimal("120.00"), "204")
    row = await books.service.database.fetch_one("SELECT denied_cents, standing_denied_cents FROM payments")
    assert (row["denied_cents"], row["standing_denied_cents"]) == (12000, 12000)

    await books.hears(an_assembled(payers=("blue",), encounter_version=3))

    assert len(await books.told(ClaimDenied)) == 1
