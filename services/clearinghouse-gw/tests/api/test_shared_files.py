"""A file belongs to practices by what is in it: each sees its own sets, and what is nobody's is the installation's to look at."""

import pytest
from claimstream_kit.auth import ROLES
from claimstream_schemas import ClaimAcknowledged, FileAcknowledged
from claimstream_x12 import X12Reader

from ..builders import PRACTICE, a_practice_changed, a_submission
from ..hand_written import by_hand
from ..partner import a_277ca, a_999, a_payment, a_remittance, a_strange_payment, a_ta1, an_835, claims_of

HILL = {"npi": "1999999976", "tin": "111111111"}
UNKNOWN = {"npi": "1234567893", "tin": "555555555"}
PATIENTS = ("NUNEZ", "ZOE", "M000001", "DOE", "JANE")


@pytest.fixture
async def billed(gateway):
    """A claim of ours that was sent, and a second practice beside us."""
    await gateway.hears(a_practice_changed("hill", submitter_id="HILLTOPS", **HILL), a_submission(1))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    return [one for _, one in claims_of(data)]


def with_another_claim(answer, number):
    """A 277CA of one claim, and the same once more under another control number."""
    segments = answer.decode().split("~")
    patient = next(place for place, text in enumerate(segments) if text.endswith("*PT"))
    end = next(place for place, text in enumerate(segments) if text.startswith("SE*"))
    (mine,) = [text.split("*")[2] for text in segments[patient:end] if text.startswith("TRN*2*")]
    again = [text.replace(mine, number).replace("HL*4*", "HL*5*") for text in segments[patient:end]]
    trailer = segments[end].split("*")
    trailer[1] = str(int(trailer[1]) + len(again))
    return "~".join([*segments[:end], *again, "*".join(trailer), *segments[end + 1 :]]).encode()


async def seen(gateway, practice):
    answer = await gateway.as_practice(practice, "/files", direction="inbound")
    return answer.json()["files"]


async def a_shared_file(gateway, billed, name="1.835", number=1):
    """Two sets, the first for us, the second for the hill, in an envelope for us."""
    ours = a_remittance(a_payment(billed[0]))
    theirs = a_remittance(a_strange_payment("THEIR-OWN"), trace="EFT0002", **HILL)
    data = an_835(ours, theirs, number=number)
    await gateway.receives(name, data)
    return data


async def test_each_sees_its_own_sets_of_a_shared_file_and_no_fact_of_the_rest(gateway, billed):
    await a_shared_file(gateway, billed)
    (file,) = await seen(gateway, PRACTICE)

    found = {
        practice: (await gateway.as_practice(practice, f"/files/{file['file_id']}")).json()
        for practice in (PRACTICE, "hill")
    }

    assert [one["trace_number"] for one in found[PRACTICE]["sets"]] == ["EFT0001"]
    assert [one["trace_number"] for one in found["hill"]["sets"]] == ["EFT0002"]
    assert [(one["size"], one["is_shared"]) for one in found.values()] == [(None, True)] * 2
    counts = (await gateway.as_practice("hill", "/counts")).json()
    assert (counts["inbound_files"], counts["sets"]) == ({"processed": 1}, {"835": {"processed": 1}})


@pytest.mark.parametrize(
    ("practice", "own", "others"), [(PRACTICE, "EFT0001", "EFT0002"), ("hill", "EFT0002", "EFT0001")]
)
async def test_of_a_shared_files_bytes_each_gets_its_own_sets_in_a_sound_envelope(
    gateway, billed, practice, own, others
):
    await a_shared_file(gateway, billed)
    (file,) = await seen(gateway, practice)

    content = (await gateway.as_practice(practice, f"/files/{file['file_id']}/content")).content

    reader = X12Reader(content)
    (only,) = [list(one) for one in reader.sets()]
    assert reader.findings == ()
    assert [segment[2] for segment in only if segment.id == "TRN"] == [own]
    assert others.encode() not in content


async def test_the_very_bytes_are_given_where_every_set_is_the_practices_own(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0])))
    await gateway.receives("1.835", data)
    (file,) = await seen(gateway, PRACTICE)

    content = (await gateway.as_practice(PRACTICE, f"/files/{file['file_id']}/content")).content

    assert content == data
    assert (file["size"], file["is_shared"]) == (len(data), False)


async def test_what_stands_outside_the_envelope_of_ones_own_sets_is_nobodys(gateway, billed):
    data = an_835(a_remittance(a_payment(billed[0]))) + b"and a letter about JOHN ROE"
    await gateway.receives("1.835", data)
    (file,) = await seen(gateway, PRACTICE)

    content = (await gateway.as_practice(PRACTICE, f"/files/{file['file_id']}/content")).content

    assert b"EFT0001" in content
    assert b"JOHN ROE" not in content


async def test_a_copy_of_a_shared_file_is_seen_as_the_first_is(gateway, billed):
    data = await a_shared_file(gateway, billed)
    await gateway.receives("2.835", data)

    for practice, others in ((PRACTICE, b"EFT0002"), ("hill", b"EFT0001")):
        copy = next(one for one in await seen(gateway, practice) if one["state"] == "duplicate")
        content = (await gateway.as_practice(practice, f"/files/{copy['file_id']}/content")).content
        assert content
        assert others not in content
        assert copy["size"] is None


@pytest.mark.parametrize("data", [b"this is no X12", b"", by_hand()[:-40]], ids=["no X12", "empty", "cut off"])
async def test_a_file_that_can_be_tied_to_nobody_is_the_installations(gateway, billed, data):
    await gateway.receives("1.835", data)

    (file,) = (await gateway.as_installation("/installation/files")).json()["files"]
    path = f"/files/{file['file_id']}"

    assert file["state"] == "refused"
    for practice in (PRACTICE, "hill", "claimstream"):
        assert await seen(gateway, practice) == []
        assert (await gateway.as_practice(practice, path)).status_code == 404
        assert (await gateway.as_practice(practice, f"{path}/content")).status_code == 404
        assert (await gateway.as_practice(practice, "/counts")).json()["inbound_files"] == {}


async def test_the_installations_routes_are_for_its_own_operators_alone(gateway, billed):
    await gateway.receives("1.835", an_835(a_remittance(a_strange_payment(), **UNKNOWN)))
    (waiting,) = await gateway.unclaimed()
    file = f"/installation/files/{waiting['file_id']}"
    gets = ("/installation/files", "/installation/unclaimed-sets", file, f"{file}/content")

    for practice, roles in (
        (PRACTICE, ROLES),
        ("hill", ROLES),
        ("claimstream", ("biller", "auditor", "practice-admin")),
    ):
        headers = gateway.service.as_(*roles, practice=practice)
        for path in gets:
            assert (await gateway.client.get(path, headers=headers)).status_code == 403, path
        claim = await gateway.client.post(f"{file}/sets/1/claim", headers=headers, json={"practice": PRACTICE})
        assert claim.status_code == 403


async def test_the_installation_sees_of_a_file_what_is_nobodys_and_without_the_patients(gateway, billed):
    ours = a_remittance(a_payment(billed[0]))
    nobodys = a_remittance(a_payment(billed[0], "90"), trace="EFT0002", **UNKNOWN)
    await gateway.receives("1.835", an_835(ours, nobodys))
    (file,) = (await gateway.as_installation("/installation/files")).json()["files"]

    detail = (await gateway.as_installation(f"/installation/files/{file['file_id']}")).json()
    content = (await gateway.as_installation(f"/installation/files/{file['file_id']}/content")).text

    assert [one["trace_number"] for one in detail["sets"]] == [None]
    assert "EFT0002" in content
    assert "EFT0001" not in content
    assert "BAY STATE CLINIC" in content
    number = billed[0].claim.control_number
    assert [word for word in (*PATIENTS, number, "PAYER77", "20260901") if word in content] == []
    rows = await gateway.service.database.fetch("SELECT practice, subject FROM audit_entries WHERE kind = 'read'")
    assert rows == [{"practice": "claimstream", "subject": f"file {file['file_id']}"}]


@pytest.mark.parametrize("answer", [a_999, a_ta1, a_277ca])
async def test_an_answer_is_its_who_is_answered_whatever_its_envelope_says(gateway, billed, answer):
    (data,) = gateway.outbound().values()
    to_another = answer(data).replace(b"BAYSTATE       *", b"HILLTOPS       *")
    assert b"HILLTOPS" in to_another

    await gateway.receives("1.answer", to_another)

    assert [one["state"] for one in await seen(gateway, PRACTICE)] == ["processed"]
    assert await seen(gateway, "hill") == []


async def test_an_answer_to_claims_of_several_practices_tells_each_and_is_shown_to_none(gateway, billed):
    theirs = a_submission(7, practice="hill")
    await gateway.hears(theirs)
    await gateway.sends()
    ours = min(gateway.outbound().items())[1]

    await gateway.receives("1.277", with_another_claim(a_277ca(ours), theirs.control_number))

    told = await gateway.told(ClaimAcknowledged)
    assert sorted(one.practice_id for one in told) == [PRACTICE, "hill"]
    assert await seen(gateway, PRACTICE) == await seen(gateway, "hill") == []
    (file,) = (await gateway.as_installation("/installation/files")).json()["files"]
    assert file["state"] == "processed"


async def test_an_answer_to_nothing_of_ours_is_the_installations(gateway, billed):
    (data,) = gateway.outbound().values()

    await gateway.receives("1.ta1", a_ta1(data).replace(b"TA1*000000001*", b"TA1*000000099*"))

    assert await seen(gateway, PRACTICE) == []
    assert [one["name"] for one in (await gateway.as_installation("/installation/files")).json()["files"]] == ["1.ta1"]
    assert await gateway.told(FileAcknowledged) == []
