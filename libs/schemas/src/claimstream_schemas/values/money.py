"""Money: dollars as ``Decimal`` in Python, integer cents in databases, strings in JSON; never float."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LARGEST_AMOUNT = Decimal("99999999.99")

# Named once: each amount of each event passes here, and a union or a tuple made per call is half of the cost.
_NEVER = (bool, float)
_READABLE = (str, int, Decimal)
_ONE = Decimal(1)
_TOO_MANY = Decimal(10) ** 10
_TOO_LITTLE = -12
"""The power of ten of the smallest quantity: what is less would round to nothing unseen."""


def _is_plain(value: str | int | Decimal) -> bool:
    """Whether a text is written in ASCII digits with a point: no exponent, no separators."""
    return not isinstance(value, str) or (value.isascii() and not value.strip("+-").upper().strip("0123456789."))


def dollars(value: object) -> Decimal:
    """An amount in dollars with two decimals, from a string, an integer or a Decimal.

    Raises:
        ValueError: for a float, a third decimal, something that is no number, or more than 99,999,999.99.
    """
    if type(value) is Decimal and value.same_quantum(CENT) and -LARGEST_AMOUNT <= value <= LARGEST_AMOUNT:
        return value  # as most are: an amount that was read or worked out before
    if isinstance(value, _NEVER):
        msg = 'money is a string such as "120.00", never a float'
        raise ValueError(msg)  # noqa: TRY004  pydantic reports ValueError with its place
    try:
        amount = Decimal(value) if isinstance(value, _READABLE) and _is_plain(value) else Decimal("NaN")
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite():
        msg = 'not an amount: write dollars and cents, such as "120.00"'
        raise ValueError(msg)
    # Compared as it came: arithmetic on an exponent of millions overflows, a comparison does not.
    if not -LARGEST_AMOUNT <= amount <= LARGEST_AMOUNT:
        msg = "more than 99,999,999.99"
        raise ValueError(msg)
    exact = amount.quantize(CENT)
    if exact != amount:
        msg = "an amount has at most two decimals"
        raise ValueError(msg)
    return exact


def cents(amount: Decimal) -> int:
    """Dollars as integer cents, exactly.

    Raises:
        ValueError: when the amount has a fraction of a cent.
    """
    return int(dollars(amount) * 100)


def from_cents(amount: int) -> Decimal:
    """Integer cents as dollars with two decimals."""
    return Decimal(amount).scaleb(-2)


Money = Annotated[
    Decimal,
    BeforeValidator(dollars),
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,8}\.[0-9]{2}$", "description": "Dollars and cents"}),
]


def _written_as(pattern: str, example: str) -> BeforeValidator:
    """A text is taken as it is described, and in no other way of writing the same."""
    told = re.compile(pattern)

    def check(value: object) -> object:
        if isinstance(value, str) and not told.fullmatch(value.strip()):
            raise ValueError(f"write it in digits with a point, such as {example}")
        return value

    return BeforeValidator(check)


_CHARGE = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
Charge = Annotated[
    Money,
    Field(ge=0),
    _written_as(r"-?[0-9]+(\.[0-9]{1,2}|\.[0-9]{2,}[1-9][0-9]*)?", '"120.00", with at most two decimals'),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": _CHARGE},
                {"type": "integer", "minimum": 0, "maximum": int(LARGEST_AMOUNT)},
            ],
            "description": 'Dollars and cents, such as "120.00"; never a number with a point',
        },
        mode="validation",
    ),
]
"""What people write in documents: an amount that is not negative."""

Total = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "description": "Dollars and cents, a sum"}),
]
"""What answers add up: a sum of amounts may be larger than any amount."""


def _quantity(value: object) -> Decimal:
    if isinstance(value, _NEVER):
        msg = 'a quantity is a string such as "1" or "2.5", never a float'
        raise ValueError(msg)  # noqa: TRY004  pydantic reports ValueError with its place
    try:
        amount = Decimal(value) if isinstance(value, _READABLE) and _is_plain(value) else Decimal("NaN")
    except ArithmeticError:
        amount = Decimal("NaN")
    if not amount.is_finite() or not -_TOO_MANY < amount < _TOO_MANY or (amount and amount.adjusted() < _TOO_LITTLE):
        msg = "not a quantity"
        raise ValueError(msg)
    return amount.normalize() + 0 if amount % 1 else amount.quantize(_ONE)


Quantity = Annotated[
    Decimal,
    BeforeValidator(_quantity),
    PlainSerializer(lambda quantity: f"{quantity:f}", return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "description": "A number of units"}),
]


def _written(pattern: str, least: int) -> WithJsonSchema:
    whole = {"type": "integer", "minimum": least, "maximum": 10**10 - 1}
    text = {"type": "string", "pattern": pattern}
    return WithJsonSchema(
        {"anyOf": [text, whole], "description": 'A number of units, such as "2.5"; never a number with a point'},
        mode="validation",
    )


_UNITS = r"^-?[0-9]{1,10}(\.[0-9]{1,12})?$"
_SOME_UNITS = r"^(?=[0.]*[1-9])[0-9]{1,10}(\.[0-9]{1,12})?$"
_as_units = _written_as(_UNITS, '"1" or "0.5", with at most twelve decimals')
Units = Annotated[Quantity, _as_units, _written(_UNITS, 1 - 10**10)]
"""A number of units, as people write it."""

SomeUnits = Annotated[Quantity, Field(gt=0), _as_units, _written(_SOME_UNITS, 1)]
"""More than none of them."""


def _percent(pattern: str, **least: int) -> WithJsonSchema:
    return WithJsonSchema(
        {"anyOf": [{"type": "number", "maximum": 100, **least}, {"type": "string", "pattern": pattern}]},
        mode="validation",
    )


Percent = Annotated[Decimal, Field(ge=0, le=100), _percent(r"^(100(\.0{1,9})?|[0-9]{1,2}(\.[0-9]{1,9})?)$", minimum=0)]
SomePercent = Annotated[
    Decimal,
    Field(gt=0, le=100),
    _percent(r"^(100(\.0{1,9})?|[1-9][0-9]?(\.[0-9]{1,9})?|0\.[0-9]{0,8}[1-9])$", exclusiveMinimum=0),
]
"""Of a hundred, as people write it: "80" or 80; the second is more than none."""
