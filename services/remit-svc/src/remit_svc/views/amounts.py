"""Cents of rows to dollars of answers."""

from claimstream_kit.database import Row
from claimstream_schemas.values.money import from_cents


def in_dollars(row: Row) -> Row:
    """The row with its cents as dollars, under the names that answers have."""
    return {
        name.removesuffix("_cents"): from_cents(value) if name.endswith("_cents") and value is not None else value
        for name, value in row.items()
    }
