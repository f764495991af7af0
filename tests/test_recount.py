"""The recount's own arithmetic: where a claim stands by its money, and what is owed back."""

from decimal import Decimal

import pytest

from .recount.money import Balance


def a_balance(**amounts: str) -> Balance:
    return Balance(charged=Decimal(100), **{name: Decimal(amount) for name, amount in amounts.items()})


@pytest.mark.parametrize(
    ("amounts", "place"),
    [
        ({"undecided": "100"}, "undecided"),
        ({"denied": "60", "undecided": "40"}, "denied"),
        ({"adjusted": "60", "undecided": "40"}, "partly_answered"),
        ({"paid": "60", "undecided": "40"}, "partly_answered"),
        ({"paid": "60", "denied": "40"}, "partially_paid"),
        ({"paid": "60", "denied": "30", "beyond_contract": "10"}, "partially_paid"),
        ({"paid": "60", "beyond_contract": "40"}, "underpaid"),
        ({"patient": "60", "adjusted": "40"}, "zero_expected"),
        ({"paid": "60", "adjusted": "40"}, "paid"),
    ],
)
def test_a_decided_claim_stands_where_its_money_says(amounts, place):
    assert a_balance(**amounts).place == place


def test_what_is_below_zero_is_owed_back():
    balance = a_balance(paid="110", undecided="0", waiting="-10")

    balance.settle()

    assert (balance.waiting, balance.credit) == (0, -10)
