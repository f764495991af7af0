"""National Provider Identifiers: ten digits whose last one checks the others."""

import re

_SHAPE = re.compile(r"[12]\d{9}|9\d{9}")
_PREFIX = "80840"
"""The card issuer prefix for US health care, which is part of the sum (CMS, NPI check digit)."""


def luhn_npi(npi: str) -> bool:
    """Whether ``npi`` has ten digits and a right check digit.

    CMS gives out numbers that begin with 1 or 2; 9 is accepted because sample data uses it on purpose for nobody.
    """
    return bool(_SHAPE.fullmatch(npi)) and _luhn_sum(_PREFIX + npi) % 10 == 0


def with_check_digit(nine_digits: str) -> str:
    """The NPI that begins with these nine digits."""
    return nine_digits + str(-_luhn_sum(f"{_PREFIX}{nine_digits}0") % 10)


def _luhn_sum(digits: str) -> int:
    total = 0
    for place, character in enumerate(reversed(digits)):
        digit = int(character) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit  # noqa: PLR2004  the digit sum of a two-digit product
    return total
