"""What services keep packed, read from bytes that are written down here."""

import struct
from hashlib import sha256

import pytest
import zstandard
from claimstream_auditor.packed import (
    Packed,
    Position,
    Unreadable,
    digest_of,
    entries_in,
    position_of,
    taken_as,
    unpacked,
)

HEAD = b'["claim.held","bay-state/1",[["ce_id","7"]]]'
COPY = b'["claim.held.dead","bay-state/1",[],"copy"]'


def frame(*events):
    raw = b"".join(struct.pack(">II", len(head), len(value)) + head + value for head, value in events)
    return zstandard.ZstdCompressor().compress(raw)


def test_a_unit_is_read_event_by_event_in_its_order():
    events = unpacked(1, frame((HEAD, b"{}"), (COPY, b"")))

    said, copy = sha256(HEAD + b"\n{}").digest(), sha256(COPY + b"\n").digest()
    assert events == [
        Packed("claim.held", "bay-state/1", (("ce_id", "7"),), False, said),
        Packed("claim.held.dead", "bay-state/1", (), True, copy),
    ]
    assert digest_of("claim.held", "bay-state/1", [("ce_id", "7")], b"{}") == said
    assert digest_of("claim.held.dead", "bay-state/1", [], b"", is_copy=True) == copy


@pytest.mark.parametrize(
    ("packing", "payload"),
    [
        (2, frame((HEAD, b"{}"))),
        (1, b""),
        (1, b"no frame"),
        (1, frame((HEAD, b"{}"))[:-3]),
        (1, frame((HEAD, b"{}")) + b"more"),
        (1, zstandard.ZstdCompressor().compress(struct.pack(">II", 2, 9) + b"[]")),
        (1, zstandard.ZstdCompressor().compress(b"\0\0")),
        (1, frame((b"{}", b""))),
        (1, frame((b'["claim.held","bay-state/1"]', b""))),
        (1, frame((b'["claim.held","bay-state/1",[],"else"]', b""))),
        (1, frame((b'["claim.held",1,[]]', b""))),
        (1, frame((b"no json", b""))),
    ],
)
def test_what_is_not_as_the_format_says_cannot_be_read(packing, payload):
    with pytest.raises(Unreadable):
        unpacked(packing, payload)


def test_a_position_is_a_place_and_a_sequence():
    position = Position.read("2.4711.3")

    assert (position, position.text) == (Position(2, 4711, 3), "2.4711.3")
    assert position.sequence == (2 * 2**40 + 4711) * 1024 + 3
    assert Position.named(position.name) == position


def test_a_sequence_rises_from_event_to_event_and_over_a_restore():
    order = [Position(1, 1, 0), Position(1, 1, 1023), Position(1, 2, 0), Position(1, 2**40 - 1, 0), Position(2, 1, 0)]

    assert sorted(order, key=lambda each: each.sequence) == order
    assert len({each.name for each in order}) == len(order)


@pytest.mark.parametrize("text", ["", "1.2", "1.2.3.4", "a.2.3", "1.2.-3", "1.2.3 "])
def test_what_is_not_three_numbers_is_no_position(text):
    with pytest.raises(Unreadable):
        Position.read(text)


def test_an_inbox_row_is_a_place_and_six_bytes_of_the_id_for_each_event():
    assert entries_in(b"\x00\x07abcdef\x01\x00ghijkl") == [(7, b"abcdef"), (256, b"ghijkl")]
    with pytest.raises(Unreadable):
        entries_in(b"\x00\x07abcdef\x01")


def test_what_was_taken_is_told_by_its_position_and_by_how_its_id_begins():
    position = Position(3, 4711, 9)

    assert position_of(taken_as(position, b"abcdefgh")) == position
    assert taken_as(position, b"abcdefgh") == taken_as(position, b"abcdef")
    assert taken_as(position, b"abcdef") != taken_as(position, b"abcdeg")
