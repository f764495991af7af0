"""A folder can be full while the machine is not."""

import errno

import pytest
from claimstream_soak.volumes import Volume

pytestmark = pytest.mark.skipif(not Volume.is_possible(), reason="mounting needs root and mkfs.ext4")


@pytest.fixture
def volume(tmp_path):
    made = Volume(tmp_path / "exchange", megabytes=16)
    made.mount()
    yield made
    made.remove()


def test_nothing_can_be_written_while_it_is_full_and_all_of_it_afterwards(volume, tmp_path):
    place = tmp_path / "exchange" / "file"
    with volume.full(), pytest.raises(OSError, match="No space") as refused:
        place.write_bytes(b"x" * 100_000)

    assert refused.value.errno == errno.ENOSPC
    place.write_bytes(b"x" * 100_000)
    assert place.stat().st_size == 100_000


def test_what_is_taken_away_leaves_no_image(volume, tmp_path):
    volume.unmount()
    assert (tmp_path / "exchange.ext4").exists()
    volume.remove()

    assert not (tmp_path / "exchange").is_mount()
    assert list(tmp_path.glob("*.ext4")) == []
