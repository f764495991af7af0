"""What lies in the inbound folder and is no file that can be taken is told of once; it is not followed, and nothing waits for it."""

import asyncio
import hashlib
import os

import pytest
from claimstream_schemas import EraReceived

from ..hand_written import by_hand

SECRET = b"root's own"


def a_link(place, folder):
    (folder / "secret").write_bytes(SECRET)
    place.symlink_to(folder / "secret")


def a_dangling_link(place, folder):
    place.symlink_to(folder / "nothing")


def a_pipe(place, folder):
    os.mkfifo(place)


def a_folder(place, folder):
    place.mkdir()
    (place / "1.835").write_bytes(by_hand())


ODD = {"a symbolic link": a_link, "a link": a_dangling_link, "a pipe": a_pipe, "a folder": a_folder}


@pytest.mark.parametrize("made", ODD.values(), ids=list(ODD))
async def test_it_is_told_of_once_and_the_file_beside_it_is_taken(gateway, made, tmp_path):
    made(gateway.folder / "inbound" / "0.835", tmp_path)

    async with asyncio.timeout(20):
        await gateway.receives("1.835", by_hand())
        (gateway.folder / "inbound" / "2.835").write_bytes(by_hand(number=2))
        gateway.exchange._taken = {}  # as after a restart
        await gateway.looks_twice()

    rows = await gateway.service.database.fetch("SELECT name, state, reason, remedy, digest FROM files ORDER BY name")
    (odd,) = [row for row in rows if row["name"] == "0.835"]
    assert (odd["state"], odd["digest"], bool(odd["remedy"])) == ("refused", "", True)
    assert len(await gateway.told(EraReceived)) == 1
    assert gateway.mailbox.archived(hashlib.sha256(SECRET).hexdigest()) is None


async def test_a_file_that_becomes_a_link_while_it_is_looked_at_is_not_followed(gateway, tmp_path):
    (tmp_path / "secret").write_bytes(SECRET)
    place = gateway.folder / "inbound" / "1.835"
    place.write_bytes(b"x")
    await gateway.exchange.receive_once(gateway.running)
    (arrival,) = gateway.mailbox.arrivals()
    place.unlink()
    place.symlink_to(tmp_path / "secret")

    await gateway.exchange.take(gateway.running, arrival)

    (row,) = await gateway.service.database.fetch("SELECT state, digest FROM files")
    assert row == {"state": "refused", "digest": ""}
    assert gateway.mailbox.archived(hashlib.sha256(SECRET).hexdigest()) is None


async def test_a_file_over_the_limit_is_refused_unread_with_its_reason(gateway, monkeypatch):
    settings = gateway.exchange._settings.model_copy(update={"largest_file": 100})
    monkeypatch.setattr(gateway.exchange, "_settings", settings)
    monkeypatch.setattr(gateway.mailbox, "receive", lambda name: pytest.fail(f"{name} was read"))

    await gateway.receives("1.835", by_hand())

    (file,) = await gateway.inbound_files()
    assert file["state"] == "refused"
    assert file["reason"] == f"the file has {len(by_hand())} bytes, more than the 100 that are read"
    assert "CLAIMSTREAM_LARGEST_FILE" in file["remedy"]
