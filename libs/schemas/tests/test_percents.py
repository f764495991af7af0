"""What people write of a percentage is taken as it is described."""

import jsonschema_rs
import pytest
from claimstream_schemas.values.money import SomePercent
from pydantic import TypeAdapter, ValidationError

PERCENT = TypeAdapter(SomePercent)
DESCRIBED = jsonschema_rs.validator_for(PERCENT.json_schema())


@pytest.mark.parametrize("said", [80, 0.5, "80", "100", "99.5", "0.25"])
def test_a_percentage_in_each_form(said):
    PERCENT.validate_python(said)

    assert DESCRIBED.is_valid(said)


@pytest.mark.parametrize("said", ["", "0", 0, "100.5", 101, "-1", "a"])
def test_what_is_none_is_neither_taken_nor_described(said):
    with pytest.raises(ValidationError):
        PERCENT.validate_python(said)

    assert not DESCRIBED.is_valid(said)
