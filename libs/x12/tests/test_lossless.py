"""A file that is taken apart and put together again is the same to the byte."""

from pathlib import Path

import pytest
from claimstream_x12.lossless import NoSegment, Piece, split
from hypothesis import example, given
from hypothesis import strategies as st

from .whole_files import WHOLE_FILES

SAMPLES = sorted(path for path in (Path(__file__).parent.parent / "samples").glob("*/*"))
DATA = WHOLE_FILES["837P"].data()


def together(data):
    return b"".join(piece.raw for piece in split(data))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_real_file_comes_back_to_the_byte(path):
    data = path.read_bytes()

    assert together(data) == data


@given(st.binary(max_size=600), st.integers(0, len(DATA)))
@example(b"", 0)
@example(b"ISA", 300)
def test_any_bytes_come_back_wherever_they_stand(noise, at):
    data = DATA[:at] + noise + DATA[at:]

    assert together(data) == data


def test_every_segment_has_its_elements():
    ids = [piece.elements[0] for piece in split(DATA)]

    assert ids == [segment.split("*")[0] for segment in WHOLE_FILES["837P"].segments]


def test_a_line_end_belongs_to_the_segment_before_it():
    raws = [piece.raw for piece in split(DATA.replace(b"~", b"~\r\n"))]

    assert all(raw.endswith(b"~\r\n") for raw in raws)


def test_one_element_is_changed_and_nothing_around_it():
    data = DATA.replace(b"~", b"~\r\n")

    changed = b"".join(
        (piece.with_element(2, "250") if piece.elements[:1] == ("CLM",) else piece).raw for piece in split(data)
    )

    before = [line for line in data.split(b"\r\n") if line not in changed.split(b"\r\n")]
    after = [line for line in changed.split(b"\r\n") if line not in data.split(b"\r\n")]
    assert [line.split(b"*")[:3] for line in after] == [[*line.split(b"*")[:2], b"250"] for line in before]
    assert len(data.split(b"\r\n")) == len(changed.split(b"\r\n"))


def test_what_stands_between_segments_has_no_elements_to_change():
    with pytest.raises(NoSegment):
        Piece(b"words").with_element(1, "X")
