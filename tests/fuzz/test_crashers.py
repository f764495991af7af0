"""What once broke a reader does not break it again; nor does any real file."""

from pathlib import Path

import pytest

from .targets import TARGETS

CRASHERS = sorted(path for path in (Path(__file__).parent / "crashers").glob("*/*") if path.is_file())


@pytest.mark.parametrize("crasher", CRASHERS, ids=lambda path: f"{path.parent.name}/{path.name[:24]}")
def test_what_once_broke_a_reader_is_read_now(crasher):
    TARGETS[crasher.parent.name].make()(crasher.read_bytes())


@pytest.mark.parametrize("target", TARGETS.values(), ids=lambda target: target.name)
def test_every_real_file_and_every_torn_half_of_it_is_read_without_an_exception(target):
    attempt = target.make()
    seeds = list(target.seeds())

    for seed in seeds:
        attempt(seed)
        attempt(seed[: len(seed) // 2])

    assert len(seeds) > 5
