"""What an earlier release kept is read, and goes on."""

from claimstream_schemas import ClaimAdjudicated

from .builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, claim_of, line_of, reversed_

AS_IT_WAS = """
    UPDATE accounts SET document = jsonb_set(document, '{decisions}', (
        SELECT jsonb_agg(d - 'lines' - 'takes_back' - 'received_number' - 'told' - 'filing_indicator'
            || jsonb_build_object('is_reversed', coalesce((d->>'is_reversed')::boolean, false), 'entries', (
            SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                'account', e.account, 'cents', e.cents, 'line_id', e.line_id, 'payer_id', 'blue', 'reason', e.reason)))
            FROM (VALUES ('payer.paid', 6400, NULL), ('receivable.open', -12000, NULL), ('adjustment.CO', 4000, 'CO-45'),
                         ('receivable.patient', 1600, 'PR-2')) AS v(account, cents, reason),
                 LATERAL (SELECT v.account, v.cents, v.reason, $1::text AS line_id) AS e)))
        FROM jsonb_array_elements(document->'decisions') AS d))
"""
"""Decisions by their entries, as the release before kept them."""


async def as_it_was(books):
    await books.service.database.fetch(AS_IT_WAS, str(line_of()))


async def test_a_decision_that_was_kept_by_its_entries_is_taken_back_by_its_reversal(books):
    await books.hears(an_assembled(), a_submission())
    before = await books.balances()
    await books.hears(an_era(a_payment()))
    await as_it_was(books)

    await books.hears(an_era(reversed_(a_payment(), 1), plb=(("FB", "-64.00"),), trace="T2", digest="d2"))

    after = await books.balances()
    assert {name: after.pop(name) for name in ("cash", "plb.FB")} == {"cash": 6400, "plb.FB": -6400}
    assert after == before


async def test_a_reversal_that_was_posted_before_is_told_no_second_time(books):
    await books.hears(an_assembled(), a_submission())
    await books.hears(an_era(a_payment()))
    await books.hears(an_era(reversed_(a_payment(), 1), plb=(("FB", "-64.00"),), trace="T2", digest="d2"))
    await as_it_was(books)

    corrected = a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of())
    await books.hears(an_era(a_payment("E1", corrected), trace="T3", digest="d3"))

    assert await books.states() == ["posted"] * 3
    assert [each.outcome for each in await books.told(ClaimAdjudicated)] == ["paid", "reversed", "paid"]
    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"], "receivable.credit" in balances) == (8000, 4000, False)
    account = await books.service.client.get(f"/accounts/{claim_of()}", headers=books.service.as_("biller"))
    assert [each["is_reversed"] for each in account.json()["decisions"]] == [True, False, False]
