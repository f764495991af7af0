"""A telling that is older than the one that is kept changes nothing, however late it arrives."""

import pytest

from ..builders import a_bundle, a_coverage, encode, post

FHIR = "application/fhir+json"


async def tell(service, updated: str | None, code: str, **more: object) -> dict:
    encounter = {"reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}], **more}
    if updated:
        encounter["meta"] = {"lastUpdated": updated}
    answer = await post(service, a_bundle(a_coverage(), encounter=encounter), kind=FHIR)
    assert answer.status_code == 202, answer.text
    await encode(service)
    (taken,) = answer.json()["encounters"]
    known = await service.client.get(f"/encounters/{taken['id']}", headers=service.as_("coder"))
    return {**taken, "notes": answer.json()["mapping_report"]["notes"], "known": known.json()}


def reason(told: dict) -> str:
    return told["known"]["visit"]["conditions"][0]["icd10"]


async def test_an_older_telling_changes_nothing_and_the_report_says_so(coding_svc):
    await tell(coding_svc, "2026-03-03T10:00:00Z", "J20.9")

    late = await tell(coding_svc, "2026-03-03T10:30:00+02:00", "I10")

    assert (late["version"], reason(late)) == (1, "J209")
    assert "is older than the one that is known" in " ".join(late["notes"])
    assert await coding_svc.database.value("SELECT count(*) FROM encounter_versions") == 1


@pytest.mark.parametrize("second", ["2026-03-03T10:00:00Z", "2026-03-04T10:00:00Z", None])
async def test_an_equal_newer_or_silent_telling_is_the_next_version(coding_svc, second):
    await tell(coding_svc, "2026-03-03T10:00:00Z", "J20.9")

    later = await tell(coding_svc, second, "I10")

    assert (later["version"], reason(later)) == (2, "I10")


async def test_the_same_content_under_a_later_instant_is_no_version_and_moves_the_instant(coding_svc):
    await tell(coding_svc, "2026-03-03T10:00:00Z", "J20.9")
    again = await tell(coding_svc, "2026-03-05T10:00:00Z", "J20.9")

    between = await tell(coding_svc, "2026-03-04T10:00:00Z", "I10")

    assert (again["version"], between["version"], reason(between)) == (1, 1, "J209")
