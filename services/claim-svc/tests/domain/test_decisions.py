"""What of several decisions of one payer stands."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from claim_svc.domain.decisions import Decision, LineDecision, standing

NAMES = UUID(int=7)


def a_line(number: int, charge: str = "100.00", paid: str = "80.00") -> LineDecision:
    return LineDecision(line_id=uuid5(NAMES, f"line {number}"), charge=charge, paid=paid)


def a_decision(number: int, *lines: LineDecision, outcome: str = "paid", share: str = "10.00", **changes) -> Decision:
    paid = sum((line.paid for line in lines), Decimal("0.00"))
    values = {
        "remittance_id": uuid5(NAMES, str(number)),
        "payment_ordinal": 1,
        "submission_ordinal": 1,
        "payer_sequence": "P",
        "payer_id": "blue",
        "outcome": outcome,
        "paid": paid,
        "patient_responsibility": share,
        "denied": "0.00",
        "lines": lines,
        "paid_on": date(2026, 4, number),
    }
    return Decision.model_validate(values | changes)


def a_reversal(of: Decision, number: int, **changes) -> Decision:
    values = {"reverses_remittance_id": of.remittance_id, "reverses_payment_ordinal": of.payment_ordinal}
    return a_decision(number, outcome="reversed", **values | changes)


def test_the_newest_word_on_a_line_stands():
    first, second = a_decision(1, a_line(1, paid="80.00")), a_decision(2, a_line(1, paid="70.00"))

    assert standing((first, second), "P") == second
    assert standing((first, second), "S") is None


def test_a_payer_that_decides_line_by_line_has_decided_all_of_them():
    first = a_decision(1, a_line(1), unanswered="100.00")
    second = a_decision(2, a_line(2, paid="50.00"), share="5.00")

    together = standing((first, second), "P")

    assert [line.paid for line in together.lines] == [Decimal("80.00"), Decimal("50.00")]
    assert (together.paid, together.patient_responsibility, together.unanswered) == (130, 15, 0)
    assert together.outcome == "paid"


def test_a_line_that_was_refused_before_keeps_the_claim_partly_paid():
    first = a_decision(1, a_line(1, paid="0.00"), outcome="denied", share="0.00", denied="100.00")

    together = standing((first, a_decision(2, a_line(2))), "P")

    assert (together.outcome, together.denied) == ("partial", 100)


def test_a_reversal_takes_back_what_it_names_and_nothing_else():
    first, second = a_decision(1, a_line(1, paid="80.00")), a_decision(2, a_line(1, paid="70.00"))

    assert standing((first, second, a_reversal(first, 3)), "P") == second
    assert standing((first, second, a_reversal(second, 3)), "P") == first
    assert standing((first, second, a_reversal(first, 3), a_reversal(second, 4)), "P") is None


def test_a_reversal_of_an_earlier_release_names_nothing_and_takes_all_before_it_back():
    first = a_decision(1, a_line(1))

    assert standing((first, a_reversal(first, 2, reverses_remittance_id=None)), "P") is None


@pytest.mark.parametrize("outcome", ["duplicate", "undecided"])
def test_what_decides_nothing_takes_no_decisions_place(outcome):
    first = a_decision(1, a_line(1))

    assert standing((first, a_decision(2, a_line(1, paid="0.00"), outcome=outcome)), "P") == first
    assert standing((a_decision(2, outcome=outcome),), "P") is None
