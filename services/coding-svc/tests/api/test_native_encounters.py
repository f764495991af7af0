"""Native JSON comes in, is judged, and is told."""

import json

import jsonschema_rs
import orjson
import pytest
from claimstream_kit.auth import INSTALLATION
from claimstream_schemas import EncounterCoded, EncounterReceived
from coding_svc.intake.native import EncounterDocument

from ..builders import an_encounter, encode, post


async def test_an_encounter_with_codes_is_coded_and_told_in_its_own_transaction(coding_svc):
    answer = await post(coding_svc, an_encounter())

    assert answer.status_code == 202
    (taken,) = answer.json()["encounters"]
    assert (taken["encounter_id"], taken["version"], taken["state"]) == ("V-1", 1, "coded")
    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.diagnoses[0].code == "E119"
    assert coded.lines[0].diagnosis_pointers == (1,)
    assert coded.coverages[0].payer_id == "blue-cross"
    assert coded.providers.rendering.npi == "1710000013"
    assert coded.coded_by == "ehr"
    assert [event.encounter_version for event in await coding_svc.told(EncounterReceived)] == [1]


async def test_the_same_content_again_gets_the_same_answer_and_tells_nothing(coding_svc):
    first = await post(coding_svc, an_encounter())
    again = await post(coding_svc, an_encounter())

    assert again.json() == first.json()
    assert len(await coding_svc.told(EncounterCoded)) == 1


async def test_other_content_is_the_next_version(coding_svc):
    await post(coding_svc, an_encounter())
    answer = await post(coding_svc, an_encounter(diagnoses=[{"code": "E11.65"}]))

    assert answer.json()["encounters"][0]["version"] == 2
    assert [event.encounter_version for event in await coding_svc.told(EncounterCoded)] == [1, 2]


async def test_two_practices_with_the_same_encounter_number_stay_apart(coding_svc):
    practice = (await coding_svc.client.get("/practices/bay-state", headers=coding_svc.as_("biller"))).json()[
        "practice"
    ]
    other = coding_svc.as_("biller", practice="harbor")
    harbor = {
        **practice,
        "id": "harbor",
        "npi": "1999999984",
        "tin": "111111111",
        "submitter_id": "HARBOR",
        "locations": [],
    }
    await coding_svc.client.put(
        "/practices/harbor", json=harbor, headers=coding_svc.as_("practice-admin", practice=INSTALLATION)
    )

    mine = await post(coding_svc, an_encounter())
    theirs = await post(coding_svc, an_encounter(), **other)

    assert mine.json()["encounters"][0]["id"] != theirs.json()["encounters"][0]["id"]
    assert theirs.json()["encounters"][0]["version"] == 1
    hidden = await coding_svc.client.get(f"/encounters/{mine.json()['encounters'][0]['id']}", headers=other)
    assert hidden.status_code in (403, 404)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"started_on": "2026-13-01"}, "/started_on"),
        ({"patient": {"name": {"last": "X"}, "sex": "F"}}, "/patient/birth_date"),
        ({"services": [{"procedure": "99213", "charge": 155.0}]}, "/services/0/charge"),
        ({"services": [{"procedure": "99213", "chrage": "1.00"}]}, "/services/0/chrage"),
        ({"diagnoses": [{"code": "hello"}]}, "/diagnoses/0/code"),
        ({"diagnoses": [{}]}, "/diagnoses/0"),
        ({"kind": "institutional"}, "/stay/type_of_bill"),
        ({"coverages": [{"payer": "blue-cross", "member_id": "M", "relationship": "19"}]}, "/coverages/0/member_id"),
    ],
)
async def test_a_fault_is_refused_with_its_place_and_nothing_is_stored(coding_svc, changes, place):
    answer = await post(coding_svc, an_encounter(**changes))

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert place in [fault["place"] for fault in answer.json()["errors"]]
    assert answer.json()["remedy"]
    assert await coding_svc.told(EncounterReceived) == []


async def test_what_is_no_json_is_refused(coding_svc):
    answer = await post(coding_svc, b'{"encounter_id": ')

    assert answer.status_code == 422
    assert answer.json()["place"] == "/"


async def test_many_encounters_come_a_line_each(coding_svc):
    lines = b"\n".join(orjson.dumps(an_encounter(encounter_id=f"V-{number}")) for number in range(50))

    answer = await post(coding_svc, lines, kind="application/x-ndjson")

    assert len(answer.json()["encounters"]) == 50
    assert len(await coding_svc.told(EncounterCoded)) == 50


async def test_one_bad_line_refuses_all_and_names_its_number(coding_svc):
    good = orjson.dumps(an_encounter())
    bad = orjson.dumps(an_encounter(encounter_id="V-2", started_on="never"))

    answer = await post(coding_svc, good + b"\n" + bad, kind="application/x-ndjson")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "/1/started_on"
    assert await coding_svc.told(EncounterReceived) == []


async def test_a_text_waits_for_the_encoder(coding_svc):
    answer = await post(coding_svc, an_encounter(diagnoses=[{"text": "Acute bronchitis"}]))
    assert answer.json()["encounters"][0]["state"] == "received"

    assert await encode(coding_svc) == 1

    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.diagnoses[0].code == "J209"
    assert coded.coded_by == "encoder"


async def test_pharmacy_is_kept_and_not_billed(coding_svc):
    drug = an_encounter(kind="pharmacy", diagnoses=[], services=[{"procedure": "J1885", "charge": "9.00"}])

    answer = await post(coding_svc, drug)

    assert answer.json()["encounters"][0]["state"] == "not_billable"
    assert await coding_svc.told(EncounterCoded) == []


async def test_a_visit_without_a_coverage_is_self_pay_and_told(coding_svc):
    guarantor = {"name": {"last": "Payer", "first": "Pat"}}
    await post(coding_svc, an_encounter(coverages=[], guarantor=guarantor))
    await post(
        coding_svc,
        an_encounter(
            encounter_id="V-2",
            coverages=[{"payer": "blue-cross", "member_id": "M1", "period_end": "2026-01-31"}],
        ),
    )

    told = await coding_svc.told(EncounterCoded)
    assert [event.coverages for event in told] == [(), ()]
    assert told[0].person.guarantor.name.last == "Payer"
    counted = await coding_svc.client.get("/counts", headers=coding_svc.as_("biller"))
    assert counted.json()["self_pay"] == 2


async def test_an_idempotency_key_gets_its_first_answer(coding_svc):
    first = await post(coding_svc, an_encounter(), **{"Idempotency-Key": "k1"})
    again = await post(coding_svc, an_encounter(), **{"Idempotency-Key": "k1"})
    other = await post(coding_svc, an_encounter(encounter_id="V-9"), **{"Idempotency-Key": "k1"})

    assert again.json() == first.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 422


async def test_nothing_is_taken_for_a_practice_that_is_not_loaded(empty):
    answer = await post(empty, an_encounter())

    assert answer.status_code == 409
    assert "PUT /practices/bay-state" in answer.json()["remedy"]


async def test_a_role_is_needed(coding_svc):
    answer = await coding_svc.client.post("/encounters", json=an_encounter(), headers=coding_svc.as_("auditor"))

    assert answer.status_code == 403


async def test_the_documentation_shows_both_formats(coding_svc):
    document = (await coding_svc.client.get("/openapi.json")).json()

    content = document["paths"]["/encounters"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "application/x-ndjson", "application/fhir+json"}
    assert "encounter_id" in content["application/json"]["schema"]["properties"]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"started_on": "9999-12-31"}, "/started_on"),
        ({"started_on": "0001-01-01"}, "/started_on"),
        ({"services": [{"procedure": "99213", "diagnosis_pointers": [0]}]}, "/services/0/diagnosis_pointers/0"),
        (
            {
                "services": [
                    {"line_id": name, "procedure": "99213", "charge": "99999999.99", "diagnosis_pointers": [1]}
                    for name in "AB"
                ]
            },
            "/services",
        ),
    ],
)
async def test_a_day_a_pointer_or_a_sum_that_no_claim_can_have_is_refused_with_its_place(coding_svc, changes, place):
    answer = await post(coding_svc, an_encounter(**changes))

    assert (answer.status_code, answer.json()["place"]) == (422, place)


async def test_the_character_that_no_database_takes_is_refused_with_its_place(coding_svc):
    answer = await post(coding_svc, an_encounter(patient={"name": {"last": "Sam\x00ple", "first": "Robin"}}))

    assert (answer.status_code, answer.json()["place"]) == (422, "/patient/name/last")


def _described(coding_svc, content_type):
    description = coding_svc.client._transport.app.openapi()
    body = description["paths"]["/encounters"]["post"]["requestBody"]["content"][content_type]
    return jsonschema_rs.validator_for({**body["schema"], "components": description["components"]})


@pytest.mark.parametrize(
    "change",
    [
        {
            "patient": {
                "name": {"last": "Sample", "first": "Robin", "nick": "R"},
                "birth_date": "1980-02-01",
                "sex": "F",
            }
        },
        {"started_on": "0508-02-25"},
        {"services": [{"procedure": "99213", "charge": "-1.00"}]},
        {"services": [{"procedure": "99213", "charge": 155.5}]},
        {"services": [{"procedure": "99213", "units": "0"}]},
    ],
)
async def test_what_is_refused_for_its_form_is_not_described(coding_svc, change):
    document = an_encounter(**change)

    answer = await post(coding_svc, document)

    assert answer.status_code == 422
    assert not _described(coding_svc, "application/json").is_valid(document)


@pytest.mark.parametrize("charge", ["155.00", "155", 155])
async def test_an_amount_is_taken_in_each_form_that_is_described(coding_svc, charge):
    document = an_encounter(services=[{"procedure": "99213", "charge": charge, "diagnosis_pointers": [1]}])

    answer = await post(coding_svc, document)

    assert answer.status_code == 202
    assert _described(coding_svc, "application/json").is_valid(document)


async def test_of_a_bundle_the_form_is_described(coding_svc):
    bundle = {"resourceType": "Bundle", "entry": [None]}
    headers = coding_svc.as_("ehr") | {"Content-Type": "application/fhir+json"}

    answer = await coding_svc.client.post("/encounters", content=orjson.dumps(bundle), headers=headers)

    assert answer.status_code == 422
    assert not _described(coding_svc, "application/fhir+json").is_valid(bundle)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 202),
        ("application/json; charset=utf-8", 202),
        ("Application/JSON", 202),
        ("text/csv", 415),
        ("application/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("garbage", 415),
        ("", 415),
    ],
)
async def test_a_body_is_of_a_kind_that_is_described(coding_svc, kind, status):
    headers = coding_svc.as_("ehr") | {"Content-Type": kind}

    answer = await coding_svc.client.post("/encounters", content=json.dumps(an_encounter()), headers=headers)

    assert answer.status_code == status, answer.text
    if status == 415:
        assert answer.json()["type"].endswith("/media-type")


async def test_a_body_that_is_no_utf_8_is_said_to_be_none(coding_svc):
    body = json.dumps(an_encounter(), ensure_ascii=False).replace("Robin", "Ren\xe9").encode("latin-1")

    answer = await coding_svc.client.post(
        "/encounters", content=body, headers=coding_svc.as_("ehr") | {"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json()["detail"]) == (422, "/: is not UTF-8")


SERVICE = {"procedure": "99213", "charge": "155.00"}
PROPERTIES = EncounterDocument.model_json_schema()


@pytest.mark.parametrize(
    "changes",
    [
        {"services": [SERVICE | {name: value}]}
        for name, values in (
            (
                "units",
                ["0.50", "1.0", "2", 3, "007", "0", "0.0", "-1", "+1", "1.", ".5", "1." + "1" * 13, "\u0661", True],
            ),
            ("charge", ["155", "155.5", "155.00", 155, ".50", "155.", "+155.00", "155.000", "1e2", "\u0661", True]),
            ("diagnosis_pointers", [[1], [1.0], ["1"], [True], [1.5]]),
            ("place_of_service", ["11", "\u0661\u0661"]),
        )
        for value in values
    ]
    + [{"facts": {"signature_on_file": value}} for value in (True, False, "yes", 1, "true")]
    + [{"place_of_service": value} for value in ("11", "1", "\u0661\u0661")],
    ids=repr,
)
async def test_the_door_takes_what_the_description_allows_and_nothing_else(coding_svc, changes):
    document = an_encounter(**changes)
    is_described = jsonschema_rs.is_valid(PROPERTIES, document)

    answer = await coding_svc.client.post("/encounters", json=document, headers=coding_svc.as_("ehr"))

    assert (answer.status_code == 202) == is_described, answer.text


async def test_the_installation_sees_no_patient_and_is_told_who_does(coding_svc):
    headers = coding_svc.as_("biller", practice=INSTALLATION)

    answer = await coding_svc.client.post("/encounters", json=an_encounter(), headers=headers)

    assert (answer.status_code, "token of the practice" in answer.json()["remedy"]) == (409, True)
