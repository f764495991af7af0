"""A fault of several members together names the one to correct."""

import pytest

from ..builders import an_encounter, encode, post

CHILD = {"payer": "blue-cross", "member_id": "M123"}
LINE = {"procedure": "99213", "charge": "155.00"}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"ended_on": "2026-08-01"}, "/ended_on"),
        ({"cut_off": "2026-08-04"}, "/cut_off"),
        ({"status": "in-progress", "cut_off": "2026-08-01"}, "/cut_off"),
        ({"kind": "institutional"}, "/stay/type_of_bill"),
        ({"services": [{**LINE, "line_id": "a"}, LINE, {**LINE, "line_id": "a"}]}, "/services/2/line_id"),
        (
            {"coverages": [{**CHILD, "period_start": "2026-12-31", "period_end": "2026-01-01"}]},
            "/coverages/0/period_end",
        ),
        (
            {"coverages": [{**CHILD, "subscriber": {"name": {"last": "Elder"}, "birth_date": "1950-01-01"}}]},
            "/coverages/0/relationship",
        ),
    ],
)
async def test_the_place_is_that_of_the_member(coding_svc, changes, place):
    answer = await post(coding_svc, an_encounter(**changes))

    assert (answer.status_code, answer.json()["place"]) == (422, place)


async def test_a_question_passes_with_a_reason_that_says_something(coding_svc):
    answer = await post(coding_svc, an_encounter(diagnoses=[{"text": "Chair"}]))
    await encode(coding_svc)
    (taken,) = answer.json()["encounters"]
    body = {"version": 1, "settled": [{"question": "record", "reason": "  ok  "}]}

    refused = await coding_svc.client.post(
        f"/encounters/{taken['id']}/codes", json=body, headers=coding_svc.as_("biller")
    )

    assert (refused.status_code, refused.json()["errors"][0]["place"]) == (422, "/settled/0/reason")


async def test_a_clinician_is_found_on_the_roster_by_number(coding_svc):
    answer = await post(coding_svc, an_encounter(providers={"rendering": {"npi": "1710000013"}}))
    (taken,) = answer.json()["encounters"]

    known = await coding_svc.client.get(f"/encounters/{taken['id']}", headers=coding_svc.as_("coder"))

    assert known.json()["outcome"]["providers"]["rendering"]["last_name"] == "Okafor"
