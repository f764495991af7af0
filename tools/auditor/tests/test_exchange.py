"""I3, tampered with."""

from datetime import timedelta
from hashlib import sha256

import pytest
from claimstream_auditor import Bounds

GATEWAY = "clearinghouse-gw"
AT_ONCE = Bounds(stuck_after=timedelta(0))


async def the_largest_file(desk):
    return await desk.value(GATEWAY, "SELECT name FROM files WHERE direction = 'outbound' ORDER BY size DESC LIMIT 1")


async def replace_content(desk, name, data):
    """Other bytes, which row and archive agree on."""
    desk.outbound[name] = desk.archive[sha256(data).hexdigest()] = data
    await desk.tamper(
        GATEWAY, "UPDATE files SET digest = $2, size = $3 WHERE name = $1", name, sha256(data).hexdigest(), len(data)
    )


async def test_a_file_that_was_marked_as_sent_and_never_written_is_missed(desk):
    name = await the_largest_file(desk)
    del desk.outbound[name]

    kinds = await desk.kinds("I3")
    assert kinds["a file is marked as sent and is not in outbound"] == 1
    assert kinds["a submission is marked as sent and is in no file"] > 1


async def test_a_file_that_nobody_sent_is_a_stranger(desk):
    desk.outbound["000099999.BAYCLEAR.837"] = desk.outbound[await the_largest_file(desk)]

    assert await desk.kinds("I3") == {"a file lies in outbound that nobody sent": 1}


async def test_the_same_claims_in_a_second_file_are_transmitted_twice(desk):
    name = await the_largest_file(desk)
    desk.outbound["000099999.BAYCLEAR.837"] = desk.outbound[name]
    await desk.tamper(
        GATEWAY,
        "INSERT INTO files SELECT (jsonb_populate_record(f, jsonb_build_object('id', gen_random_uuid(), 'name', '000099999.BAYCLEAR.837',"
        " 'control_number', 99999))).* FROM files f WHERE name = $1",
        name,
    )

    kinds = await desk.kinds("I3")
    assert kinds["a submission was transmitted more than once"] > 1
    assert kinds["a control number was used more than once with a partner"] >= 3
    assert kinds["a file's envelope is not the one it was given"] == 1


async def test_a_byte_that_changed_on_disk_is_seen(desk):
    name = await the_largest_file(desk)
    desk.outbound[name] = desk.outbound[name].replace(b"*P*:", b"*T*:")

    assert await desk.kinds("I3") == {"a file has other bytes than were noted when it was sent": 1}


async def test_a_half_written_file_is_no_interchange(desk):
    name = await the_largest_file(desk)
    await replace_content(desk, name, desk.outbound[name][:-40])

    assert (await desk.kinds("I3"))["a file in outbound is not one whole interchange"] == 1


async def test_a_claim_that_is_in_the_file_and_not_among_its_members_is_found(desk):
    name = await the_largest_file(desk)
    number = await desk.value(
        GATEWAY,
        "SELECT s.control_number FROM submissions s JOIN files f ON f.id = s.file_id WHERE f.name = $1 LIMIT 1",
        name,
    )
    await replace_content(desk, name, desk.outbound[name].replace(number.encode(), b"A" * 16))

    assert await desk.kinds("I3") == {
        "a file's claims are not the submissions that were put into it": 1,
        "a submission is marked as sent and is in no file": 1,
    }


async def test_a_sent_file_is_kept(desk):
    desk.archive.clear()

    assert set(await desk.kinds("I3")) == {"a sent file is not in the archive"}


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("UPDATE files SET state = 'prepared' WHERE state = 'sent'", "a prepared file has not left"),
        (
            "UPDATE files SET state = 'prepared' WHERE state = 'sent'",
            "a submission is marked as sent and its file is not",
        ),
        (
            "UPDATE submissions SET state = 'prepared' WHERE state = 'sent'",
            "a submission is not marked as sent although its file is",
        ),
        ("UPDATE submissions SET state = 'queued', file_id = NULL WHERE place = 1", "a submission is still queued"),
        ("DELETE FROM submissions WHERE place = 1", "a file's claims are not the submissions that were put into it"),
        ("DELETE FROM files WHERE direction = 'outbound'", "a file lies in outbound that nobody sent"),
        ("DELETE FROM files WHERE direction = 'outbound'", "a submission is marked as sent and its file is unknown"),
    ],
)
async def test_rows_that_say_otherwise_than_the_files_are_found(desk, sql, kind):
    await desk.tamper(GATEWAY, sql)

    assert kind in await desk.kinds("I3", bounds=AT_ONCE)


async def test_an_envelope_that_is_no_number_stops_no_audit(desk):
    name = await the_largest_file(desk)
    number = desk.outbound[name].split(b"*")[13]
    await replace_content(desk, name, desk.outbound[name].replace(number, b"ABCDEFGHI"))

    assert (await desk.kinds("I3"))["a file's envelope is not the one it was given"] == 1
