"""The check digit of an NPI."""

from claimstream_codesets import luhn_npi, with_check_digit


def test_a_right_check_digit_is_known() -> None:
    assert luhn_npi("1234567893")


def test_a_wrong_digit_a_short_number_and_letters_are_refused() -> None:
    assert not luhn_npi("1234567890")
    assert not luhn_npi("123456789")
    assert not luhn_npi("12345678A3")


def test_a_made_number_is_right() -> None:
    assert all(luhn_npi(with_check_digit(f"1{number:08d}")) for number in range(200))
