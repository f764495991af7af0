"""Files and submissions over HTTP: bound to the practice, without patient data but for the audited content."""

from claimstream_kit.auth import ROLES

from ..builders import a_submission
from ..partner import a_999


async def test_a_submission_says_in_which_file_it_left(gateway):
    submission = a_submission(1)
    await gateway.hears(submission)
    await gateway.sends()

    found = await gateway.get(f"/submissions/{submission.submission_id}")

    assert (found["state"], found["file_name"], found["place"]) == ("sent", "000000001.FIRSTPAYER.837", 1)
    detail = await gateway.get(f"/files/{found['file_id']}")
    assert detail["submissions"] == [str(submission.submission_id)]


async def test_lists_are_paged_and_filtered(gateway):
    await gateway.hears(a_submission(1))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    await gateway.receives("1.999", a_999(data))

    first = await gateway.get("/files", limit=1)
    second = await gateway.get("/files", limit=1, after=first["next_after"])

    assert {first["files"][0]["direction"], second["files"][0]["direction"]} == {"outbound", "inbound"}
    assert (await gateway.get("/files", direction="inbound", state="refused"))["files"] == []


async def test_another_practice_sees_nothing(gateway):
    await gateway.hears(a_submission(1))
    await gateway.sends()
    stranger = gateway.service.as_(*ROLES, practice="hill")

    files = await gateway.client.get("/files", headers=stranger)
    submission = await gateway.client.get(f"/submissions/{a_submission(1).submission_id}", headers=stranger)

    assert files.json()["files"] == []
    assert submission.status_code == 404


async def test_a_files_content_is_given_to_who_may_see_it_and_the_reading_is_recorded(gateway):
    await gateway.hears(a_submission(1))
    await gateway.sends()
    (file,) = (await gateway.get("/files"))["files"]

    content = await gateway.client.get(f"/files/{file['file_id']}/content", headers=gateway.service.as_("biller"))
    refused = await gateway.client.get(f"/files/{file['file_id']}/content", headers=gateway.service.as_("coder"))

    assert content.content == gateway.outbound()[file["name"]]
    assert refused.status_code == 403
    rows = await gateway.service.database.fetch("SELECT subject FROM audit_entries WHERE kind = 'read'")
    assert [row["subject"] for row in rows] == [f"file {file['file_id']}"]


async def test_counts_say_what_left_and_what_is_answered(gateway):
    await gateway.hears(a_submission(1), a_submission(2))
    await gateway.sends()
    (data,) = gateway.outbound().values()
    await gateway.receives("1.999", a_999(data))

    counts = await gateway.get("/counts")

    assert counts["submissions"] == {"sent": 2}
    assert counts["outbound_answers"] == {"accepted": 1}
    assert counts["sets"] == {"999": {"processed": 1}}


async def test_without_a_token_nothing_is_said(gateway):
    assert (await gateway.client.get("/files")).status_code == 401
