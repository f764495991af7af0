"""`@record` and `maker` against the standard library's frozen dataclass."""

from copy import copy
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest
from claimstream_x12.record import maker, record


@record
class Seat:
    row: int
    place: str = "A"
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Model:
    row: int
    place: str = "A"
    note: str = field(default="", compare=False)


make_seat = maker(Seat)


@pytest.mark.parametrize("make", [Seat, make_seat])
def test_a_record_is_made_as_a_dataclass_is(make):
    for args, kwargs in [((1,), {}), ((1, "B"), {"note": "n"}), ((), {"row": 2, "place": "C"})]:
        made, model = make(*args, **kwargs), Model(*args, **kwargs)

        assert type(made) is Seat
        assert repr(made) == repr(model).replace("Model", "Seat")
        assert (made == Seat(model.row, model.place), hash(made)) == (True, hash(Seat(model.row, model.place)))


@pytest.mark.parametrize("make", [Seat, make_seat])
def test_what_a_dataclass_refuses_a_record_refuses(make):
    for args, kwargs in [((), {}), ((1, "B", "n", 4), {}), ((1,), {"colour": "red"}), ((1,), {"row": 2})]:
        with pytest.raises(TypeError):
            Model(*args, **kwargs)
        with pytest.raises(TypeError):
            make(*args, **kwargs)


@pytest.mark.parametrize("make", [Seat, make_seat])
def test_a_record_stays_as_it_was_made(make):
    made = make(1)

    with pytest.raises(FrozenInstanceError):
        made.row = 2
    assert (made, replace(made, row=2), copy(made)) == (Seat(1), Seat(2), Seat(1))


def test_defaults_of_a_record_are_values():
    with pytest.raises(TypeError, match="notes"):

        @record
        class Wrong:
            notes: list[str] = field(default_factory=list)
