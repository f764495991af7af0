"""Small remittances are posted in one transaction; each still stands for itself."""

from claimstream_schemas import ClaimAdjudicated

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, line_of


async def on_the_books(books, *encounters):
    for encounter in encounters:
        await books.hears(an_assembled(encounter), a_submission(encounter))


async def test_remittances_that_came_together_are_all_posted(books):
    await on_the_books(books, "E1", "E2", "E3")

    await books.hears(
        *(an_era(a_payment(f"E{number}"), trace=f"T{number}", digest=f"d{number}") for number in (1, 2, 3))
    )

    assert await books.states() == ["posted"] * 3
    assert len({event.claim_id for event in await books.told(ClaimAdjudicated)}) == 3


async def test_a_paid_trace_with_another_content_is_a_conflict_also_when_both_come_together(books):
    await on_the_books(books, "E1", "E2")

    await books.hears(an_era(a_payment("E1")), an_era(a_payment("E2"), digest="d2"))

    assert sorted(await books.states()) == ["conflict", "posted"]


async def test_one_that_waits_for_a_submission_keeps_no_other_waiting(books):
    await on_the_books(books, "E1", "E3")

    await books.hears(
        *(an_era(a_payment(f"E{number}"), trace=f"T{number}", digest=f"d{number}") for number in (1, 2, 3))
    )

    assert sorted(await books.states()) == ["posted", "posted", "staged"]


async def test_one_that_does_not_balance_is_quarantined_and_the_others_are_posted(books):
    await on_the_books(books, "E1", "E2")
    short = a_line_payment("120.00", "63.00", "CO-45 41.00", line=line_of())

    await books.hears(an_era(a_payment("E1", short)), an_era(a_payment("E2"), trace="T2", digest="d2"))

    assert sorted(await books.states()) == ["posted", "quarantined"]


async def test_what_one_decides_is_known_to_the_next_about_the_same_claim(books):
    await on_the_books(books, "E1")

    await books.hears(an_era(a_payment(), trace="T1"), an_era(a_payment(), trace="T2", digest="d2"))

    assert len(await books.told(ClaimAdjudicated)) == 2
    assert sum((await books.balances()).values()) == 0
