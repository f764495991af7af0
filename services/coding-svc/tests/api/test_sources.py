"""An EHR posts and reads back the encounters of the source systems that its token names, and no others."""

import json

import pytest
from claimstream_schemas import EncounterReceived

from ..builders import a_bundle, an_encounter, encode, post

FHIR = "application/fhir+json"


async def send(service, document, *sources, kind="application/json"):
    content = document if isinstance(document, bytes) else json.dumps(document)
    headers = {**service.as_("ehr", sources=sources), "Content-Type": kind}
    return await service.client.post("/encounters", content=content, headers=headers)


@pytest.fixture
async def two(coding_svc):
    """An encounter of each of two EHRs; their ids by their sources."""
    ids = {}
    for source in ("bay-ehr", "lab"):
        document = an_encounter(source_system=source, diagnoses=[{"text": "Viral sinusitis"}])
        ids[source] = (await post(coding_svc, document)).json()["encounters"][0]["id"]
    await encode(coding_svc)
    return ids


async def test_an_ehr_posts_for_the_sources_that_its_token_names(coding_svc):
    answer = await send(coding_svc, an_encounter(source_system="lab"), "bay-ehr", "lab")

    assert answer.status_code == 202


@pytest.mark.parametrize("kind", ["application/json", "application/x-ndjson"])
async def test_what_another_source_says_is_refused_and_nothing_is_stored(coding_svc, kind):
    documents = [an_encounter(encounter_id="A"), an_encounter(encounter_id="B", source_system="lab")]
    lines = "\n".join(
        json.dumps(each) for each in documents if kind.endswith("ndjson") or each["source_system"] == "lab"
    )

    answer = await send(coding_svc, lines.encode(), "bay-ehr", kind=kind)

    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/source-missing")
    assert "lab" in answer.json()["detail"]
    assert await coding_svc.told(EncounterReceived) == []
    listed = await coding_svc.client.get("/encounters", headers=coding_svc.as_("biller"))
    assert listed.json()["encounters"] == []


async def test_a_bundle_is_of_the_source_that_its_identifiers_name(coding_svc):
    bundle = json.dumps(a_bundle()).encode()

    refused = await send(coding_svc, bundle, "bay-ehr", kind=FHIR)

    assert refused.status_code == 403


async def test_an_ehr_reads_back_what_its_sources_said_and_finds_nothing_else(coding_svc, two):
    headers = coding_svc.as_("ehr", sources=["lab"])

    listed = (await coding_svc.client.get("/encounters", headers=headers)).json()["encounters"]
    answers = {
        source: await coding_svc.client.get(f"/encounters/{found}", headers=headers) for source, found in two.items()
    }
    report = await coding_svc.client.get(f"/encounters/{two['bay-ehr']}/mapping-report", headers=headers)

    assert [each["source_system"] for each in listed] == ["lab"]
    assert {source: answer.status_code for source, answer in answers.items()} == {"bay-ehr": 404, "lab": 200}
    assert report.status_code == 404
    assert two["bay-ehr"] in report.json()["detail"]


async def test_its_counts_are_of_its_sources_alone(coding_svc, two):
    async def counts(*roles, **more):
        return (await coding_svc.client.get("/counts", headers=coding_svc.as_(*roles, **more))).json()

    own, of_all = await counts("ehr", sources=["lab"]), await counts("biller")

    assert own["by_source"] == {"lab": {"awaiting_coder": 1}}
    assert own["asked"] == {name: number // 2 for name, number in of_all["asked"].items()}
    assert sum(of_all["asked"].values()) > 0


async def test_who_has_another_role_is_not_held_to_sources(coding_svc, two):
    answer = await coding_svc.client.get(f"/encounters/{two['lab']}", headers=coding_svc.as_("ehr", "biller"))

    assert answer.status_code == 200


async def test_a_token_of_an_ehr_that_names_none_is_not_made(coding_svc):
    with pytest.raises(ValueError, match="source systems"):
        coding_svc.as_("ehr", sources=[])
