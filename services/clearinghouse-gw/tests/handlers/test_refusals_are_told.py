"""An operator hears of each refused file: a line in the log with what names it and why, and a count."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from ..hand_written import by_hand


def counted(state, cause=""):
    return REGISTRY.get_sample_value("claimstream_inbound_files_total", {"state": state, "cause": cause}) or 0


@pytest.mark.parametrize(
    ("name", "data", "cause", "number", "sets"),
    [
        ("cut.835", by_hand(number=71)[:-200], "envelope", "000000071", 1),
        ("nothing.835", b"", "envelope", None, 0),
        ("words.835", b"JANE DOE owes", "envelope", None, 0),
        (
            "useless.835",
            by_hand(number=72, changes={"TRN*1*EFT0001*1512345678": "TRN*1"}),
            "no-usable-set",
            "000000072",
            1,
        ),
    ],
)
async def test_a_refused_file_is_told_once_with_its_number_and_its_cause(gateway, name, data, cause, number, sets):
    before = counted("refused", cause)
    with capture_logs() as lines:
        await gateway.receives(name, data)
        await gateway.looks_twice()

    (line,) = [each for each in lines if each["event"] == "inbound file refused"]
    assert (line["cause"], line["control_number"], line["sets"]) == (cause, number, sets)
    assert line["file_id"]
    assert counted("refused", cause) == before + 1
    assert not [word for word in ("DOE", name, "M000001") if word in str(lines)]


async def test_one_over_the_limit_is_told_as_well(gateway, monkeypatch):
    smaller = gateway.exchange._settings.model_copy(update={"largest_file": 10})
    monkeypatch.setattr(gateway.exchange, "_settings", smaller)
    before = counted("refused", "too-large")
    with capture_logs() as lines:
        await gateway.receives("large.835", by_hand())

    assert [each["cause"] for each in lines if each["event"] == "inbound file refused"] == ["too-large"]
    assert counted("refused", "too-large") == before + 1
