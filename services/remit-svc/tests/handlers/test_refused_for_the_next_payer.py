"""What a payer refuses as the patient's own is for the payer behind it to decide, and a denial where there is none."""

import pytest
from claimstream_schemas import ClaimAdjudicated, ClaimDenied

from ..builders import a_line_payment, a_payment, a_submission, an_assembled, an_era, line_of


def refused(adjustment: str):
    return an_era(a_payment("E1", a_line_payment("120.00", "0.00", adjustment, line=line_of())))


async def test_it_waits_for_the_payer_behind_and_opens_no_case(books):
    await books.hears(an_assembled(payers=("blue", "medicare")), a_submission(next_payers=("medicare",)))

    await books.hears(refused("PR-96 120.00"))

    assert await books.balances() == {"receivable.next_payer": 12000, "revenue": -12000}
    (told,) = await books.told(ClaimAdjudicated)
    assert (str(told.patient_responsibility), await books.told(ClaimDenied)) == ("120.00", [])


@pytest.mark.parametrize(
    ("adjustment", "behind"), [("PR-96 120.00", ()), ("CO-197 120.00", ("medicare",)), ("PR-227 120.00", ("medicare",))]
)
async def test_else_it_is_a_denial(books, adjustment, behind):
    await books.hears(an_assembled(payers=("blue", *behind)), a_submission(next_payers=behind))

    await books.hears(refused(adjustment))

    assert (await books.balances())["receivable.denied"] == 12000
    assert len(await books.told(ClaimDenied)) == 1
