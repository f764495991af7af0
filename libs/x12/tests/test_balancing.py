"""An 835 balances at the line, the claim and the transaction, or says what is missing."""

from decimal import Decimal

from claimstream_x12 import Adjustment, Amount
from claimstream_x12.remittance_835 import Level, balance

from .remittance_builders import a_claim_payment, a_provider_adjustment, a_remittance, a_service_payment


def test_a_remittance_that_balances_has_no_imbalance():
    assert balance(a_remittance()) == ()


def test_a_line_that_does_not_add_up_names_what_is_missing_at_every_level_it_touches():
    short = a_service_payment(adjustments=(Adjustment("CO", "45", Decimal("29.5")),))

    found = {one.level: one.missing for one in balance(a_remittance(a_claim_payment(short)))}

    assert found == {Level.LINE: Decimal(10), Level.CLAIM: Decimal(10)}


def test_a_wrong_total_names_the_missing_amount_with_its_sign():
    (found,) = balance(a_remittance(paid="90.50"))

    assert (found.level, found.missing) == (Level.TRANSACTION, Decimal(-10))
    assert "-10" in str(found)


def test_a_positive_provider_adjustment_lowers_the_payment_and_a_negative_one_raises_it():
    assert balance(a_remittance(paid="70.50", adjustments=(a_provider_adjustment("WO", "10"),))) == ()
    assert balance(a_remittance(paid="81.75", adjustments=(a_provider_adjustment("L6", "-1.25"),))) == ()


def test_rfi_2601_amounts_that_inform_are_no_part_of_the_balance():
    assert balance(a_remittance(a_claim_payment(amounts=(Amount("I", Decimal("1.25")),)))) == ()


def test_rfi_358_adjustments_of_the_claim_and_of_its_lines_both_count():
    claim = a_claim_payment(adjustments=(Adjustment("OA", "23", Decimal("0.5")),), paid=Decimal(80))

    assert balance(a_remittance(claim, paid="80")) == ()
