"""A payer behind is read beside those before it: nothing is taken twice, and what it pays settles what they refused."""

import pytest
from remit_svc.domain.books import books_of
from remit_svc.domain.standing import standing_of

from ..builders import a_line_payment, a_payment, adjustments, line_of, reversed_
from .accounts import GUARDRAILS, a_desk, with_payers

BOTH = ("blue", "medigap")


def says(charge: str, paid: str, *said: str, sequence: int = 1, **named):
    line = a_line_payment(charge, paid, *said, line=line_of())
    return a_payment("E1", line, submission=sequence, status=str(sequence), **named)


def says_of_claim(charge: str, paid: str, *said: str, sequence: int = 1):
    return a_payment(
        charge=charge, paid=paid, lines=(), adjustments=adjustments(*said), submission=sequence, status=str(sequence)
    )


def a_desk_of_197():
    """Charge 197: the first payer takes 79.80 off, pays 93.76, and leaves 23.44."""
    return a_desk("197.00", payers=BOTH).hears(says("197.00", "93.76", "CO-45 79.80", "PR-2 23.44"))


@pytest.mark.parametrize(
    ("said", "how"),
    [
        (("CO-45 79.80", "OA-23 93.76"), "OA-23 is the prior payment, the contractual adjustment is repeated"),
        (("OA-23 173.56",), "OA-23 is the prior payment and its adjustments"),
        (("CO-45 100.00", "OA-23 73.56"), "its own contractual adjustment is larger, and less is the prior payer's"),
        (("PI-45 79.80", "OA-23 93.76"), "the repeated adjustment is in another group"),
    ],
)
@pytest.mark.parametrize("build", [says, says_of_claim])
def test_a_contractual_adjustment_is_never_taken_twice(said, how, build):
    desk = a_desk_of_197().hears(build("197.00", "23.44", *said, sequence=2))

    assert desk.balances == {"adjustment.CO": 7980, "payer.paid": 11720, "revenue": -19700}, how
    assert desk.entries == {"payer.paid": 2344, "receivable.next_payer": -2344}
    assert desk.questions == []


@pytest.mark.parametrize("build", [says, says_of_claim])
def test_what_it_leaves_to_the_patient_is_the_patients(build):
    desk = a_desk_of_197().hears(build("197.00", "20.00", "OA-23 173.56", "PR-2 3.44", sequence=2))

    assert desk.balances["receivable.patient"] == 344
    assert "receivable.next_payer" not in desk.balances


@pytest.mark.parametrize("prior", ["93.76", "173.56"])
def test_what_it_adjusts_of_what_was_left_is_adjusted_once(prior):
    adjusted = 197.00 - float(prior) - 10.00

    desk = a_desk_of_197().hears(says("197.00", "10.00", f"OA-23 {prior}", f"CO-45 {adjusted:.2f}", sequence=2))

    assert desk.balances == {"adjustment.CO": 7980 + 1344, "payer.paid": 10376, "revenue": -19700}


def test_what_it_refuses_is_only_what_was_left_to_it():
    desk = a_desk_of_197().hears(says("197.00", "0.00", "CO-29 197.00", sequence=2))

    assert desk.refused == [("CO-29", 2344)]
    assert desk.balances["receivable.denied"] == 2344


def test_what_it_pays_beyond_what_was_left_is_owed_back_to_it():
    desk = a_desk_of_197().hears(says("197.00", "50.00", "OA-23 147.00", sequence=2))

    assert desk.balances["receivable.credit"] == -2656
    credits_ = [entry for step in desk.posted.steps for entry in step.entries if entry.account == "receivable.credit"]
    assert [(entry.payer_id, entry.cents) for entry in credits_] == [("medigap", -2656)]


def test_what_it_does_not_explain_is_a_question():
    desk = a_desk_of_197().hears(says("197.00", "10.00", "OA-23 187.00", sequence=2))

    assert desk.balances["receivable.next_payer"] == 1344
    assert "1344 cents" in desk.questions[0]


def test_a_line_that_the_first_payer_refused_and_the_second_pays_is_settled():
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "CO-50 120.00"))
    assert desk.refused == [("CO-50", 12000)]

    desk.hears(says("120.00", "80.00", "CO-45 40.00", sequence=2))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 8000, "revenue": -12000}
    (settled,) = desk.posted.steps[0].settles
    assert (settled.carc, settled.why) == ("50", "paid")


def test_a_refusal_that_the_second_payer_repeats_stands_once():
    first = says("100.00", "40.00", "CO-45 20.00", "CO-97 30.00", "PR-2 10.00")
    desk = a_desk("100.00", payers=BOTH).hears(first)

    desk.hears(says("100.00", "10.00", "OA-23 40.00", "CO-45 20.00", "CO-97 30.00", sequence=2))

    assert desk.balances == {"adjustment.CO": 2000, "payer.paid": 5000, "receivable.denied": 3000, "revenue": -10000}
    assert desk.refused == [("CO-97", 3000)]


def test_a_payer_behind_that_is_heard_first_leaves_open_what_the_first_has_to_say():
    desk = a_desk("197.00", payers=BOTH)
    desk.hears(says("197.00", "23.44", "OA-23 173.56", sequence=2), received=2)
    assert desk.balances == {"payer.paid": 2344, "receivable.open": 17356, "revenue": -19700}

    desk.hears(says("197.00", "93.76", "CO-45 79.80", "PR-2 23.44"), received=1)

    assert desk.balances == {"adjustment.CO": 7980, "payer.paid": 11720, "revenue": -19700}


def test_a_third_payer_takes_what_the_second_left():
    desk = a_desk("197.00", payers=("blue", "medigap", "union"))
    desk.hears(says("197.00", "93.76", "CO-45 79.80", "PR-2 23.44"))
    desk.hears(says("197.00", "13.44", "OA-23 93.76", "CO-45 79.80", "PR-2 10.00", sequence=2))

    desk.hears(says("197.00", "10.00", "OA-23 187.00", sequence=3))

    assert desk.balances == {"adjustment.CO": 7980, "payer.paid": 11720, "revenue": -19700}


def test_a_first_payer_that_decides_anew_leaves_another_share_for_the_second():
    """The second payer's word is read anew beside it, whenever each came."""
    desk = a_desk_of_197().hears(says("197.00", "23.44", "OA-23 93.76", "CO-45 79.80", sequence=2))

    desk.hears(says("197.00", "0.00", "CO-45 79.80", "PR-1 117.20"))

    assert desk.balances["payer.paid"] == 11720
    assert desk.balances["receivable.next_payer"] == 9376
    assert desk.balances["receivable.credit"] == -9376


def test_a_payer_that_is_none_of_the_claims_any_more_leaves_the_share_to_the_patient():
    desk = with_payers(a_desk_of_197(), "blue")

    assert desk.balances["receivable.patient"] == 2344


@pytest.mark.parametrize("said", [("PR-1 120.00",), ("PR-3 30.00", "CO-45 90.00")])
def test_its_word_alone_makes_no_refusal_of_the_first_payer_the_patients(said):
    """CO is never the patient's, and the appeal against the first payer runs on: only money settles what it refused."""
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "CO-50 120.00"))

    desk.hears(says("120.00", "0.00", *said, sequence=2))

    assert desk.balances == {"receivable.denied": 12000, "revenue": -12000}
    assert desk.posted.steps[0].settles == ()


def test_a_refusal_that_it_pays_in_part_stands_for_the_rest():
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "CO-197 120.00"))

    desk.hears(says("120.00", "30.00", "OA-23 90.00", sequence=2))

    assert desk.balances["receivable.denied"] == 9000
    (settled,) = desk.posted.steps[0].settles
    assert (settled.carc, settled.why, settled.standing_cents) == ("197", "paid", 9000)


def test_a_refusal_that_was_paid_in_part_stands_whole_again_when_that_is_taken_back():
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "CO-197 120.00"))
    paid = says("120.00", "30.00", "OA-23 90.00", sequence=2)
    desk.hears(paid)

    desk.hears(reversed_(paid, 1))

    (reopened,) = desk.posted.steps[0].reopens
    assert (reopened.carc, reopened.standing_cents) == ("197", 12000)


@pytest.mark.parametrize("said", ["CO-22 120.00", "CO-29 120.00"])
def test_what_it_refuses_where_nothing_was_left_to_it_is_a_refusal_without_money(said):
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "CO-197 120.00"))

    desk.hears(says("120.00", "0.00", said, sequence=2))

    assert desk.outcomes == ["denied", "denied"]
    assert desk.refused == [("CO-197", 12000)]


def two_lines(first: str, second: str, *said: tuple[str, ...], sequence: int = 1):
    lines = (
        a_line_payment("120.00", first, *said[0], line=line_of()),
        a_line_payment("30.00", second, *said[1], line=line_of("E1", 2), procedure="82947"),
    )
    return a_payment("E1", *lines, submission=sequence, status=str(sequence))


def test_what_was_paid_for_a_line_that_is_charged_no_more_is_owed_to_who_paid_for_it():
    desk = a_desk("120.00", "30.00", payers=BOTH)
    desk.hears(two_lines("60.00", "16.00", ("CO-45 40.00", "PR-2 20.00"), ("CO-45 10.00", "PR-2 4.00")))
    desk.hears(two_lines("20.00", "4.00", ("OA-23 100.00",), ("OA-23 26.00",), sequence=2))

    desk.account = type(desk.account)(**{**vars(desk.account), "charges": desk.account.charges[:1]})

    owed = {
        entry.payer_id: entry.cents
        for entry in books_of(desk.account, standing_of(desk.account, GUARDRAILS))
        if entry.account == "receivable.credit"
    }
    assert owed == {"blue": -1600, "medigap": -400}


def test_a_refusal_behind_a_qualified_beneficiarys_share_says_so():
    desk = a_desk(payers=("medicare", "medicaid"), filing=("MB", "MC"))
    line = a_line_payment("120.00", "64.00", "CO-45 40.00", "PR-2 16.00", line=line_of(), remarks=("N781",))
    desk.hears(a_payment("E1", line))

    desk.hears(says("120.00", "0.00", "OA-23 104.00", "PR-96 16.00", sequence=2))

    (refusal,) = standing_of(desk.account, GUARDRAILS).refusals
    assert (refusal.said.reason, refusal.cents, refusal.remarks) == ("PR-96", 1600, ("N781",))


@pytest.mark.parametrize("said", [("OA-23 120.00", "OA-94 -16.00"), ("CO-45 40.00", "OA-23 104.00", "OA-94 -40.00")])
def test_what_it_pays_beyond_what_it_repeats_is_no_adjustment(said):
    desk = a_desk(payers=BOTH).hears(says("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))

    desk.hears(says("120.00", "16.00", *said, sequence=2))

    assert desk.balances == {"adjustment.CO": 4000, "payer.paid": 8000, "revenue": -12000}
    assert desk.questions == []


@pytest.mark.parametrize("reason", ["OA-109", "CO-22", "PR-31", "PR-191", "CO-27"])
def test_what_was_another_payers_to_decide_is_settled_by_its_word(reason):
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", f"{reason} 120.00"))

    desk.hears(says("120.00", "0.00", "CO-45 40.00", "PR-1 80.00", sequence=2))

    assert desk.balances == {"adjustment.CO": 4000, "receivable.patient": 8000, "revenue": -12000}
    assert desk.refused == []


def test_a_supplement_of_the_first_payer_is_no_overpayment_of_it():
    desk = a_desk(payers=BOTH).hears(says("120.00", "64.00", "CO-45 40.00", "PR-2 16.00"))
    desk.hears(says("120.00", "16.00", "OA-23 104.00", sequence=2))

    desk.hears(says("120.00", "16.00", "CO-45 40.00", "OA-B13 64.00"))

    owed = {
        entry.payer_id: entry.cents
        for entry in books_of(desk.account, standing_of(desk.account, GUARDRAILS))
        if entry.account == "receivable.credit"
    }
    assert owed == {"medigap": -1600}


def test_what_it_leaves_to_the_patient_waits_while_the_first_payers_word_is_taken_back():
    first = says("120.00", "64.00", "CO-45 40.00", "PR-2 16.00")
    desk = a_desk(payers=BOTH).hears(first).hears(says("120.00", "10.00", "OA-23 104.00", "PR-2 6.00", sequence=2))

    desk.hears(reversed_(first, 1))

    assert desk.balances == {"payer.paid": 1000, "receivable.open": 11000, "revenue": -12000}


def test_a_refusal_that_waited_for_a_payer_that_is_none_any_more_is_a_refusal():
    desk = a_desk(payers=BOTH).hears(says("120.00", "0.00", "PR-96 120.00"))
    assert desk.refused == []

    desk = with_payers(desk, "blue")

    assert desk.refused == [("PR-96", 12000)]
    assert "receivable.patient" not in desk.balances
