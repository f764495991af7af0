"""Answers are tied to the file and the submissions that they answer."""

import pytest
from claimstream_schemas import ClaimAcknowledged, FileAcknowledged
from clearinghouse_gw.handlers.transmit_claim import prepare_files

from ..builders import a_payer, a_submission
from ..partner import a_277ca, a_999, a_status, a_ta1, claims_of


@pytest.fixture
async def sent(gateway):
    """Two claims in two sets of one file."""
    await gateway.hears(a_submission(1), a_submission(2))
    async with gateway.running.unit("test") as unit:
        await prepare_files(unit, claims_per_file=500, claims_per_set=1, usage="P")
    await gateway.sends()
    (data,) = gateway.outbound().values()
    return data


async def test_an_accepted_999_is_told_once_for_the_file_with_all_its_claims(gateway, sent):
    await gateway.receives("1.999", a_999(sent))
    await gateway.receives("2.999", a_999(sent, number=2))

    (told,) = await gateway.told(FileAcknowledged)
    assert (told.kind, len(told.claims), told.interchange_control_number) == ("999", 2, "000000001")
    assert await gateway.told(ClaimAcknowledged) == []


async def test_two_partners_may_say_the_same_words_of_their_first_files(gateway):
    await gateway.hears(a_submission(1), a_submission(2, payer=a_payer("P0002", "OTHERPAYER")))
    await gateway.sends()
    first, second = gateway.outbound().values()

    await gateway.receives("1.999", a_999(first))
    await gateway.receives("2.999", a_999(second).replace(b"FIRSTPAYER", b"OTHERPAYER"))

    files = (await gateway.get("/files", direction="outbound"))["files"]
    assert [file["group_answer"] for file in files] == ["accepted", "accepted"]


async def test_a_999_that_rejects_one_set_rejects_its_claims_and_takes_the_others(gateway, sent):
    await gateway.receives("1.999", a_999(sent, rejected=("0002",)))

    (rejected,) = await gateway.told(ClaimAcknowledged)
    (accepted,) = await gateway.told(FileAcknowledged)
    assert (rejected.level, rejected.accepted) == ("999", False)
    assert "CLM02" in rejected.message
    assert any(segment.startswith("IK5*R") for segment in rejected.person.segments)
    assert {rejected.submission_id, accepted.claims[0].submission_id} == {
        a_submission(1).submission_id, a_submission(2).submission_id
    }  # fmt: skip
    (file,) = (await gateway.get("/files", direction="outbound"))["files"]
    assert file["group_answer"] == "partly"


async def test_a_ta1_that_rejects_refuses_every_claim_of_the_file(gateway, sent):
    await gateway.receives("1.ta1", a_ta1(sent, "R", "024"))

    told = await gateway.told(ClaimAcknowledged)
    assert {(one.level, one.accepted, one.statuses[0].code) for one in told} == {("ta1", False, "024")}
    assert len(told) == 2


async def test_an_accepted_ta1_is_told_for_the_file(gateway, sent):
    await gateway.receives("1.ta1", a_ta1(sent))

    assert [(one.kind, len(one.claims)) for one in await gateway.told(FileAcknowledged)] == [("TA1", 2)]


async def test_a_payers_a2_is_acceptance_with_its_own_number_whatever_the_case_of_ours(gateway, sent):
    number = a_submission(1).control_number.encode()
    await gateway.receives("1.277", a_277ca(sent).replace(number, number.lower()))

    told = await gateway.told(ClaimAcknowledged)
    assert {(one.accepted, one.payer_level, one.payer_claim_number) for one in told} == {(True, True, "PAYER77")}
    assert len(told) == 2


async def test_a_payers_a1_and_a_clearinghouses_a2_are_receipt_alone(gateway, sent):
    await gateway.receives("1.277", a_277ca(sent, claim=a_status("A1", "19")))
    await gateway.receives("2.277", a_277ca(sent, clearinghouse=True))

    told = await gateway.told(ClaimAcknowledged)
    assert {(one.accepted, one.payer_level) for one in told} == {(True, False)}


async def test_a_refused_claim_says_why_and_what_to_do(gateway, sent):
    await gateway.receives("1.277", a_277ca(sent, claim=a_status("A7", "164", "U")))

    first = (await gateway.told(ClaimAcknowledged))[0]
    assert (first.accepted, first.payer_level, first.statuses[0].category) == (False, True, "A7")
    assert "not valid" in first.message
    assert first.remedy


async def test_a_refusal_of_the_batch_refuses_every_claim_below_it(gateway, sent):
    await gateway.receives("1.277", a_277ca(sent, batch=a_status("A8", "24", "U")))

    assert [one.accepted for one in await gateway.told(ClaimAcknowledged)] == [False, False]


async def test_a_refusal_of_the_batch_refuses_the_claims_of_its_set_that_it_does_not_list(gateway, sent):
    await gateway.receives("1.277", a_277ca(sent, batch=a_status("A3", "24", "U"), list_claims=False))

    (told,) = await gateway.told(ClaimAcknowledged)
    assert (told.accepted, told.level) == (False, "277ca")


async def test_an_answer_to_a_file_that_is_not_ours_is_kept_and_refused_with_a_reason(gateway, sent):
    await gateway.receives(
        "1.999", a_999(sent.replace(b"*1*X*005010X222A1", b"*77*X*005010X222A1").replace(b"GE*2*1~", b"GE*2*77~"))
    )

    (file,) = await gateway.inbound_files()
    assert file["state"] == "refused"
    assert "GS06 77" in file["reason"]
    assert await gateway.told(FileAcknowledged) == []


async def test_two_submissions_of_one_claim_travel_apart_for_a_277ca_names_the_claim_alone(gateway):
    await gateway.hears(
        a_submission(1, payer=a_payer("P0001")), a_submission(1, ordinal=2, payer_sequence="S", payer=a_payer("P0002")),
        a_submission(2),
    )  # fmt: skip
    await gateway.sends()
    files = list(gateway.outbound().values())
    assert sorted(len(claims_of(data)) for data in files) == [1, 2]

    alone = min(files, key=len)
    await gateway.receives("1.277", a_277ca(alone, claim=a_status("A7", "21", "U")))

    (told,) = await gateway.told(ClaimAcknowledged)
    assert b"P0002" in alone
    assert (told.accepted, told.submission_id) == (False, a_submission(1, ordinal=2).submission_id)
