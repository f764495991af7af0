"""Whose word a payment is: the payer that was billed, one that the claim went on to without us, or the same payer a second time."""

import pytest
from claimstream_schemas.values.identifiers import id_of

from ..builders import PRACTICE, a_line_payment, a_payment, line_of, reversed_
from .accounts import Desk, a_desk


def says(paid: str, *said: str, status: str, submission: int | None = 1, charge: str = "155.00", **named):
    line = a_line_payment(charge, paid, *said, line=line_of())
    return a_payment("E1", line, status=status, submission=submission, **named)


def medicare(status: str = "19", **named):
    return says("73.60", "CO-45 63.00", "PR-2 18.40", status=status, forwarded_to="AETNA", **named)


def the_supplement(submission: int | None = 1):
    """It gives Medicare's line numbers back, or none."""
    return says("18.40", "OA-23 136.60", status="2", submission=submission, payer_claim_number="A1")


@pytest.mark.parametrize("submission", [1, None])
@pytest.mark.parametrize("payers", [("medicare",), ("medicare", "aetna")])
def test_a_payer_that_was_sent_the_claim_by_the_one_before_it_is_behind_that_one(submission, payers):
    desk = a_desk("155.00", payers=payers[:1])
    desk.account = type(desk.account)(**{**vars(desk.account), "payers": payers})
    desk.hears(medicare(), payer="MEDICARE")
    assert desk.balances["receivable.next_payer"] == 1840

    desk.hears(the_supplement(submission), payer="AET000600")

    assert desk.balances == {"adjustment.CO": 6300, "payer.paid": 9200, "revenue": -15500}
    assert [each.payer_id for each in desk.account.decisions] == [
        "medicare",
        payers[-1] if len(payers) > 1 else "AET000600",
    ]
    assert desk.questions == []


def test_the_share_waits_while_the_payer_sends_the_claim_on_though_we_know_of_no_other():
    desk = a_desk("155.00", payers=("medicare",)).hears(medicare(), payer="MEDICARE")

    assert "receivable.patient" not in desk.balances


def test_what_such_a_payer_takes_back_is_its_own():
    desk = a_desk("155.00", payers=("medicare",)).hears(medicare(), payer="MEDICARE")
    before = desk.balances
    desk.hears(the_supplement(), payer="AET000600")

    desk.hears(reversed_(the_supplement(), 1), payer="AET000600")

    assert (desk.balances, desk.suspense) == (before, 0)


def test_a_payer_that_was_billed_is_known_by_its_id_whatever_line_numbers_it_gives_back():
    desk = a_desk("155.00", payers=("medicare", "aetna")).hears(medicare("1"), payer="MEDICARE")

    desk.hears(the_supplement(submission=1), payer="AETNA")

    assert desk.account.decisions[-1].payer_sequence == "S"
    assert desk.balances == {"adjustment.CO": 6300, "payer.paid": 9200, "revenue": -15500}


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_a_health_account_of_the_same_payer_is_a_payer_behind_it(order):
    plan = says("0.00", "CO-45 37.00", "PR-1 118.00", status="1", payer_claim_number="I1")
    account = says("118.00", "OA-23 37.00", status="2", payer_claim_number="I2")
    desk = a_desk("155.00", allowed=("118.00",), payers=("blue",))

    for number in order:
        desk.hears((plan, account)[number - 1], received=number, payer="BLUE")

    assert desk.balances == {"adjustment.CO": 3700, "payer.paid": 11800, "revenue": -15500}
    assert desk.questions == []


def test_a_payer_behind_that_pays_as_if_it_were_the_first_is_held_to_its_contract():
    desk = a_desk("155.00", payers=("medicare", "aetna"))
    second = desk.account.submissions[1]
    priced = second.model_copy(update={"lines": (second.lines[0].model_copy(update={"allowed_cents": 11160}),)})
    desk.account = type(desk.account)(**{**vars(desk.account), "submissions": (desk.account.submissions[0], priced)})
    desk.hears(says("0.00", "PR-204 155.00", status="1"))

    desk.hears(says("90.00", "CO-45 65.00", status="2", submission=2))

    assert desk.balances == {
        "adjustment.CO": 4340,
        "payer.paid": 9000,
        "receivable.variance": 2160,
        "revenue": -15500,
    }


def test_an_unknown_id_of_a_payer_that_was_billed_changes_nothing():
    """Many payers name themselves otherwise in an 835 than in an 837."""
    desk = a_desk("155.00", allowed=("118.00",)).hears(
        says("118.00", "CO-45 37.00", status="1"), payer="ANOTHER NAME OF BLUE"
    )

    assert desk.account.decisions[0].payer_sequence == "P"
    assert isinstance(desk, Desk)
    assert id_of("remittance", PRACTICE, 1) == desk.account.decisions[0].remittance_id


def test_two_payers_that_the_first_sent_the_claim_on_to_are_two():
    desk = a_desk("155.00", payers=("medicare",)).hears(medicare(), payer="MEDICARE")
    first = says("18.40", "OA-23 136.60", status="2", submission=None, payer_claim_number="A1")
    second = says("0.00", "OA-23 136.60", "CO-45 18.40", status="2", submission=None, payer_claim_number="U1")

    desk.hears(first, payer="AET01").hears(second, payer="MCD01")

    assert desk.balances == {"adjustment.CO": 6300, "payer.paid": 9200, "revenue": -15500}


def test_what_the_second_of_them_pays_too_much_is_owed_to_it():
    desk = a_desk("155.00", payers=("medicare",)).hears(medicare(), payer="MEDICARE")
    for number, payer in (("A1", "AET01"), ("U1", "UNION")):
        word = says("18.40", "OA-23 136.60", status="2", submission=None, payer_claim_number=number)
        desk.hears(word, payer=payer)

    owed = [
        entry.payer_id for step in desk.posted.steps for entry in step.entries if entry.account == "receivable.credit"
    ]
    assert owed == ["UNION"]


def test_a_third_word_of_the_same_payer_is_behind_its_second():
    desk = a_desk("155.00", allowed=("118.00",))
    desk.hears(says("0.00", "CO-45 37.00", "PR-1 118.00", status="1", payer_claim_number="I1"))
    desk.hears(says("50.00", "OA-23 37.00", "PR-1 68.00", status="2", payer_claim_number="I2"))

    desk.hears(says("68.00", "OA-23 87.00", status="3", payer_claim_number="I3"))

    assert desk.balances == {"adjustment.CO": 3700, "payer.paid": 11800, "revenue": -15500}


def test_a_health_account_waits_while_the_plans_word_is_taken_back():
    plan = says("0.00", "CO-45 37.00", "PR-1 118.00", status="1", payer_claim_number="I1")
    desk = a_desk("155.00", allowed=("118.00",)).hears(plan)
    desk.hears(says("50.00", "OA-23 37.00", "PR-1 68.00", status="2", payer_claim_number="I2"))

    desk.hears(reversed_(plan, 1))

    assert desk.balances == {"payer.paid": 5000, "receivable.open": 10500, "revenue": -15500}
    assert desk.questions == []
