import subprocess
import sys
from pathlib import Path

import pytest
from claimstream_kit import failpoints
from claimstream_kit.failpoints import FailpointError, UnknownFailpoint, arm, failpoint, watch

HERE = failpoint("test.here", "a test is here")


@pytest.fixture(autouse=True)
def _disarmed():
    yield
    arm("")


def test_a_place_that_nobody_armed_does_nothing():
    arm("")

    HERE.reached()


def test_an_error_is_raised_the_nth_time_and_only_then():
    arm("test.here:error@3")

    HERE.reached()
    HERE.reached()
    with pytest.raises(FailpointError, match=r"test\.here"):
        HERE.reached()
    HERE.reached()


def test_what_was_done_is_written_down_and_not_done_again(tmp_path):
    log = tmp_path / "fired"
    arm("test.here:error", log)
    with pytest.raises(FailpointError):
        HERE.reached()

    arm("test.here:error", log)
    HERE.reached()

    assert log.read_text() == "test.here:error\n"


def test_a_delay_stops_the_process_for_as_long_as_it_says(monkeypatch):
    slept = []
    monkeypatch.setattr(failpoints.time, "sleep", slept.append)
    arm("test.here:delay=0.25")

    HERE.reached()

    assert slept == [0.25]


def test_a_kill_ends_the_process_at_once_and_leaves_its_trace(tmp_path):
    log = tmp_path / "fired"
    program = (
        "from claimstream_kit.failpoints import arm, failpoint\n"
        "from pathlib import Path\n"
        f"arm('there:kill@2', Path({str(log)!r}))\n"
        "place = failpoint('there', 'a test')\n"
        "for n in range(3):\n place.reached()\n print(n, flush=True)\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603

    assert (done.returncode, done.stdout, log.read_text()) == (-9, "0\n", "there:kill@2\n")


@pytest.mark.parametrize("wrong", ["test.here", "test.here:explode", "test.here:kill@x"])
def test_an_order_that_cannot_be_read_is_refused(wrong):
    with pytest.raises(UnknownFailpoint, match=r"test\.here"):
        arm(wrong)


def test_a_place_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("FAILPOINT", "no.such.place:kill")
    monkeypatch.delenv("FAILPOINT_LOG", raising=False)

    with pytest.raises(UnknownFailpoint, match=r"no\.such\.place"):
        failpoints.arm_from_environment()


def test_a_watcher_hears_of_every_place_until_it_is_ended():
    heard = []
    end = watch(heard.append)
    HERE.reached()
    end()
    HERE.reached()

    assert heard == ["test.here"]


def test_every_place_says_what_is_true_there_and_has_one_name():
    with pytest.raises(ValueError, match=r"test\.here"):
        failpoint("test.here", "something else")
    assert all(says and Path(name).name == name for name, says in failpoints.PLACES.items())
