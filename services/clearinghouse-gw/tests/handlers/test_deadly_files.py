"""A file that ends the process while it is read alone is put aside before a third time, and tried again when a person says so."""

import pytest
from claimstream_schemas import EraReceived
from clearinghouse_gw import exchange

from ..hand_written import by_hand


class Killed(BaseException):
    """As when the process ends: nobody catches it, nothing is noted."""


@pytest.fixture
def deadly(monkeypatch):
    """The bytes that end whoever reads them."""
    found = {b"deadly"}
    read_file = exchange.read_file

    def reads(data):
        if data in found:
            raise Killed
        return read_file(data)

    monkeypatch.setattr(exchange, "read_file", reads)
    return found


async def start_again(gateway):
    gateway.exchange._taken, gateway.exchange._growing = {}, {}
    await gateway.exchange.begin(gateway.running)


async def ends(gateway):
    """Look until it is read; whether that ended the process."""
    try:
        await gateway.looks_twice()
    except Killed:
        await start_again(gateway)
        return True
    return False


async def put_aside(gateway):
    (gateway.folder / "inbound" / "0.835").write_bytes(b"deadly")
    (gateway.folder / "inbound" / "1.835").write_bytes(by_hand())
    return [await ends(gateway) for _ in range(4)]


async def test_it_is_put_aside_before_a_third_time_alone_and_the_file_beside_it_is_taken(gateway, deadly):
    ended = await put_aside(gateway)

    assert ended == [True, True, True, False]  # once together with the other, twice alone
    assert len(await gateway.told(EraReceived)) == 1
    (file,) = [one for one in await gateway.inbound_files() if one["name"] == "0.835"]
    assert (file["state"], file["reason"]) == ("refused", "the process ended twice while it read this file alone")
    assert "/installation/files/{file}/retry" in file["remedy"]


async def test_a_person_lets_it_be_tried_again(gateway, deadly):
    await put_aside(gateway)
    (file,) = [one for one in await gateway.inbound_files() if one["name"] == "0.835"]
    deadly.clear()
    path = f"/installation/files/{file['file_id']}/retry"

    stranger = await gateway.client.post(path, headers=gateway.service.as_("operator"))
    answer = await gateway.client.post(path, headers=gateway.installation())
    await gateway.looks_twice()

    assert (stranger.status_code, answer.status_code) == (403, 202)
    states = [(one["name"], one["reason"]) for one in await gateway.inbound_files() if one["name"] == "0.835"]
    assert sorted("no ISA" in reason for _, reason in states) == [False, True]
    assert await gateway.service.database.value("SELECT count(*) FROM readings") == 0
    (act,) = await gateway.service.database.fetch("SELECT practice, subject FROM audit_entries WHERE kind = 'act'")
    assert act == {"practice": "claimstream", "subject": f"try file {file['file_id']} again"}


async def test_it_ends_the_process_again_and_is_put_aside_again(gateway, deadly):
    await put_aside(gateway)
    (file,) = [one for one in await gateway.inbound_files() if one["name"] == "0.835"]
    await gateway.client.post(f"/installation/files/{file['file_id']}/retry", headers=gateway.installation())

    ended = [await ends(gateway) for _ in range(3)]

    assert ended == [True, True, False]


async def test_a_file_that_was_read_cannot_be_tried_again(gateway):
    await gateway.receives("1.835", by_hand()[:-40])
    (file,) = await gateway.inbound_files()

    answer = await gateway.client.post(f"/installation/files/{file['file_id']}/retry", headers=gateway.installation())

    assert answer.status_code == 409
