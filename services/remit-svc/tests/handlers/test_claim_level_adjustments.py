"""What a payer adjusts on the claim itself counts once, beside what it says of the lines: CLP03 - ΣCAS (claim and lines) = CLP04."""

import pytest
from claimstream_schemas import ClaimAdjudicated, ClaimDenied

from ..builders import a_line_payment, a_payment, a_submission, adjustments, an_assembled, an_era, line_of, reversed_


async def on_the_books(books, *, charges=("155.00",), allowed=(None, None), **named):
    await books.hears(an_assembled(charges=charges), a_submission(charges=charges, allowed=allowed, **named))


def paid_less(**changes):
    """155.00 charged and paid on the line, 55.00 taken off the claim."""
    line = a_line_payment("155.00", "155.00", line=line_of())
    return a_payment("E1", line, paid="100.00", adjustments=adjustments("CO-45 55.00"), **changes)


async def payments(books):
    return await books.service.database.fetch(
        "SELECT outcome, paid_cents, suspense_cents FROM payments ORDER BY remittance_id, ordinal"
    )


async def test_what_is_taken_off_the_claim_lowers_what_its_lines_were_paid(books):
    await on_the_books(books)

    await books.hears(an_era(paid_less()))

    assert await books.states() == ["posted"]
    assert await books.balances() == {
        "payer.paid": 10000,
        "payer.remitted": -10000,
        "adjustment.CO": 5500,
        "cash": 10000,
        "revenue": -15500,
    }
    (told,) = await books.told(ClaimAdjudicated)
    assert (str(told.paid), [str(line.paid) for line in told.lines]) == ("100.00", ["155.00"])
    assert await payments(books) == [{"outcome": "paid", "paid_cents": 10000, "suspense_cents": 0}]


async def test_its_reversal_takes_back_exactly_that(books):
    await on_the_books(books)
    before = await books.balances()
    await books.hears(an_era(paid_less()))

    await books.hears(an_era(reversed_(paid_less(), 1), plb=(("FB", "-100.00"),), trace="T2", digest="d2"))

    after = await books.balances()
    assert {"cash": after.pop("cash"), "plb": after.pop("plb.FB")} == {"cash": 10000, "plb": -10000}
    assert after == before
    assert [told.outcome for told in await books.told(ClaimAdjudicated)] == ["paid", "reversed"]


async def test_lines_that_are_paid_in_part_and_the_claim_are_adjusted_together(books):
    await on_the_books(books, charges=("120.00", "30.00"))
    lines = (
        a_line_payment("120.00", "80.00", "CO-45 40.00", line=line_of()),
        a_line_payment("30.00", "20.00", "PR-2 10.00", line=line_of("E1", 2)),
    )

    await books.hears(an_era(a_payment("E1", *lines, paid="75.00", adjustments=adjustments("PR-1 25.00"))))

    balances = await books.balances()
    assert (balances["payer.paid"], balances["adjustment.CO"], balances["receivable.patient"]) == (7500, 4000, 3500)
    assert "receivable.open" not in balances


async def test_a_claim_that_is_refused_whole_beside_lines_that_look_paid_is_a_denial(books):
    await on_the_books(books)
    line = a_line_payment("155.00", "155.00", line=line_of())

    await books.hears(an_era(a_payment("E1", line, paid="0.00", adjustments=adjustments("CO-29 155.00"))))

    assert await books.balances() == {"receivable.denied": 15500, "revenue": -15500}
    (denied,) = await books.told(ClaimDenied)
    assert (str(denied.denied), denied.adjustments[0].line_id) == ("155.00", None)


async def test_a_claim_without_lines_is_adjusted_and_its_reversal_is_the_exact_negation(books):
    await on_the_books(books)
    before = await books.balances()
    said = adjustments("CO-45 35.00", "PR-1 20.00")
    payment = a_payment(charge="155.00", paid="100.00", lines=(), adjustments=said)

    await books.hears(an_era(payment, reversed_(payment, 2)))

    assert await books.states() == ["posted"]
    assert await books.balances() == before


async def test_more_that_was_paid_on_the_claim_than_its_lines_say_is_paid_on_the_claim(books):
    await on_the_books(books, charges=("120.00", "30.00"))
    line = a_line_payment("120.00", "120.00", line=line_of())

    await books.hears(an_era(a_payment("E1", line, charge="150.00", paid="150.00")))

    assert await books.balances() == {
        "payer.paid": 15000,
        "payer.remitted": -15000,
        "cash": 15000,
        "revenue": -15000,
    }


@pytest.mark.parametrize(
    ("strange", "suspense", "paid", "open_"),
    [
        ("155.00", -10000, None, 10000),
        ("30.00", -3000, 7000, 3000),
    ],
)
async def test_lines_that_are_not_ours_leave_only_what_was_really_paid_in_suspense(
    books, strange, suspense, paid, open_
):
    await on_the_books(books)
    lines = [a_line_payment(strange, strange, procedure="J9999")]
    if strange != "155.00":
        lines.append(a_line_payment("125.00", "125.00", line=line_of()))

    await books.hears(an_era(a_payment("E1", *lines, paid="100.00", adjustments=adjustments("CO-45 55.00"))))

    balances = await books.balances()
    assert (balances["suspense"], balances.get("payer.paid"), balances["cash"]) == (suspense, paid, 10000)
    assert balances["receivable.open"] == open_


async def test_a_reversal_takes_what_fitted_none_of_our_lines_out_of_suspense_again(books):
    await on_the_books(books)
    before = await books.balances()
    lines = (a_line_payment("155.00", "155.00", line=line_of()), a_line_payment("30.00", "30.00", procedure="J9999"))
    payment = a_payment("E1", *lines)
    await books.hears(an_era(payment))
    assert (await books.balances())["suspense"] == -3000

    await books.hears(an_era(reversed_(payment, 1), plb=(("FB", "-185.00"),), trace="T2", digest="d2"))

    after = await books.balances()
    assert await books.states() == ["posted", "posted"]
    assert {name: after[name] for name in before} == before
    assert "suspense" not in after
