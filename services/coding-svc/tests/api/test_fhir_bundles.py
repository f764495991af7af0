"""FHIR R4 bundles come in: nothing is dropped, little is refused, and the encoder codes what it is sure of."""

import zlib

import orjson
import pytest
from claimstream_schemas import EncounterCoded, EncounterReceived
from coding_svc.handlers import code_encounter

from ..builders import a_bundle, a_coverage, an_encounter, encode, post

FHIR = "application/fhir+json"


def a_questionnaire(kind: str, code: str, system: str) -> dict:
    return {
        "resourceType": kind,
        "status": "completed",
        "code": {"coding": [{"system": system, "code": code}], "text": "PHQ-2"},
        "encounter": {"reference": "urn:uuid:e1"},
    }


async def test_a_bundle_becomes_a_coded_encounter(coding_svc):
    answer = await post(coding_svc, a_bundle(a_coverage()), kind=FHIR)
    assert answer.status_code == 202
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert [diagnosis.code for diagnosis in coded.diagnoses] == ["J209"]
    assert [line.procedure for line in coded.lines] == ["99213"]
    assert coded.coverages[0].payer_id == "blue-cross"
    assert coded.person.subscribers[0].member_id == "M123"
    assert coded.started_on.isoformat() == "2026-03-02"
    assert (coded.source_system, coded.ehr_encounter_id) == ("urn:ehr", "E-1")


async def test_a_bundle_is_known_by_its_resource_type_too(coding_svc):
    assert (await post(coding_svc, a_bundle())).status_code == 202


async def test_the_same_bundle_again_adds_nothing(coding_svc):
    first = await post(coding_svc, a_bundle(), kind=FHIR)
    await encode(coding_svc)
    again = await post(coding_svc, a_bundle(), kind=FHIR)

    assert again.json()["encounters"][0]["id"] == first.json()["encounters"][0]["id"]
    assert again.json()["encounters"][0]["version"] == 1
    assert len(await coding_svc.told(EncounterReceived)) == 1


async def test_claims_and_outcomes_are_kept_and_never_read(coding_svc):
    outcome = {"resourceType": "ExplanationOfBenefit", "outcome": "complete", "patient": {"reference": "urn:uuid:p1"}}
    document = a_bundle(outcome, {"resourceType": "Claim", "patient": {"reference": "urn:uuid:p1"}})

    answer = await post(coding_svc, document, kind=FHIR)

    resources = answer.json()["mapping_report"]["resources"]
    assert resources["ExplanationOfBenefit"] == {"count": 1, "use": "kept"}
    assert resources["Encounter"]["use"] == "read"
    kept = await coding_svc.database.value("SELECT content FROM bundles")
    assert orjson.loads(zlib.decompress(kept)) == document


async def test_references_resolve_by_identifier_and_to_contained_resources(coding_svc):
    practitioner = {
        "resourceType": "Practitioner",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "9999984591"}],
        "name": [{"family": "Reilly", "given": ["Ted"]}],
    }
    coverage = a_coverage(
        contained=[{"resourceType": "Organization", "id": "payer", "name": "Blue Cross"}],
        payor=[{"reference": "#payer"}],
    )
    doctor = {"individual": {"reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999984591"}}
    place = {"reference": "Organization?identifier=urn:places|org-1"}
    organization = {
        "resourceType": "Organization",
        "identifier": [{"system": "urn:places", "value": "org-1"}],
        "name": "N",
    }
    document = a_bundle(
        practitioner, coverage, organization, encounter={"participant": [doctor], "serviceProvider": place}
    )

    answer = await post(coding_svc, document, kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert answer.json()["mapping_report"]["dangling"] == []
    assert (coded.providers.rendering.npi, coded.providers.rendering.last_name) == ("9999984591", "Reilly")
    assert coded.coverages[0].payer_id == "blue-cross"
    assert (coded.facility.npi, coded.place_of_service) == ("1700000015", "22")


async def test_a_dangling_reference_is_kept_and_listed(coding_svc):
    lost = {
        "reference": "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999990390",
        "display": "Dr. Jules Emard",
    }
    answer = await post(
        coding_svc, a_bundle(a_coverage(), encounter={"participant": [{"individual": lost}]}), kind=FHIR
    )
    await encode(coding_svc)

    (dangling,) = answer.json()["mapping_report"]["dangling"]
    assert dangling["place"] == "/entry/1/resource/participant/0/individual"
    (coded,) = await coding_svc.told(EncounterCoded)
    assert (coded.providers.rendering.npi, coded.providers.rendering.last_name) == ("9999990390", "Emard")
    path = f"/encounters/{answer.json()['encounters'][0]['id']}/mapping-report"
    report = await coding_svc.client.get(path, headers=coding_svc.as_("biller"))
    assert report.json()["dangling"] == [dangling]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"encounter": {"period": None}}, "/entry/1/resource/period"),
        ({"encounter": {"subject": {"reference": "urn:uuid:nobody"}}}, "/entry/1/resource/subject"),
        ({"patient": {"birthDate": None}}, "/entry/0/resource"),
    ],
)
async def test_only_a_missing_patient_or_period_refuses_an_encounter(coding_svc, change, place):
    answer = await post(coding_svc, a_bundle(**change), kind=FHIR)

    assert answer.status_code == 422
    assert answer.json()["place"] == place
    assert answer.json()["remedy"]


async def test_a_refused_encounter_does_not_touch_its_neighbour(coding_svc):
    second = {"resourceType": "Encounter", "id": "e2", "status": "finished", "subject": {"reference": "urn:uuid:p1"}}

    answer = await post(coding_svc, a_bundle(second), kind=FHIR)

    assert answer.status_code == 202
    assert [taken["encounter_id"] for taken in answer.json()["encounters"]] == ["E-1"]
    assert answer.json()["mapping_report"]["refused"][0]["place"] == "/entry/2/resource/period"


async def test_a_malformed_resource_refuses_the_request_with_its_place(coding_svc):
    answer = await post(coding_svc, a_bundle(patient={"birthDate": "the first of May"}), kind=FHIR)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "/entry/0/resource/birthDate"
    assert await coding_svc.told(EncounterReceived) == []


@pytest.mark.parametrize("member_id", ["#", "M" * 81])
async def test_a_member_id_that_no_claim_can_carry_is_refused_with_its_place(coding_svc, member_id):
    answer = await post(coding_svc, a_bundle(a_coverage(subscriberId=member_id)), kind=FHIR)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "/entry/2/resource/subscriberId"
    assert await coding_svc.told(EncounterReceived) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"fullUrl": ["x"]}, "/entry/0/fullUrl"),
        ({"resource": {"resourceType": "Patient", "id": {}}}, "/entry/0/resource/id"),
        ({"resource": {"resourceType": "Patient", "identifier": 5}}, "/entry/0/resource/identifier"),
        ({"resource": {"resourceType": "Patient", "identifier": [{"system": []}]}}, "/entry/0/resource/identifier/0"),
        ({"resource": {"resourceType": "Patient", "contained": ["x"]}}, "/entry/0/resource/contained"),
    ],
)
async def test_what_resources_are_found_by_must_have_its_shape(coding_svc, change, place):
    document = a_bundle()
    document["entry"][0] |= change

    answer = await post(coding_svc, document, kind=FHIR)

    assert (answer.status_code, answer.json()["place"]) == (422, place)


async def test_a_check_up_without_a_reason_is_a_general_examination_charged_by_age(coding_svc):
    kind = {"type": [{"text": "Encounter for check up (procedure)"}], "reasonCode": None}
    await post(coding_svc, a_bundle(a_coverage(), encounter=kind), kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.diagnoses[0].code == "Z0000"
    assert coded.lines[0].procedure == "99395"


async def test_a_questionnaire_that_comes_as_procedure_and_report_is_charged_once(coding_svc):
    document = a_bundle(
        a_coverage(),
        a_questionnaire("Procedure", "454711000124102", "http://snomed.info/sct"),
        a_questionnaire("DiagnosticReport", "55757-9", "http://loinc.org"),
        a_questionnaire("Procedure", "1234", "http://snomed.info/sct"),
    )
    await post(coding_svc, document, kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert [(line.procedure, str(line.units)) for line in coded.lines] == [("99213", "1"), ("96127", "1")]
    assert [(item.kind, item.code) for item in coded.uncoded] == [("service", "1234")]


async def test_a_vaccine_brings_its_diagnosis_and_its_administration(coding_svc):
    vaccine = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "140"}]},
        "encounter": {"reference": "urn:uuid:e1"},
        "occurrenceDateTime": "2026-03-02",
    }
    await post(coding_svc, a_bundle(a_coverage(), vaccine), kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert [diagnosis.code for diagnosis in coded.diagnoses] == ["J209", "Z23"]
    assert [(line.procedure, line.diagnosis_pointers) for line in coded.lines[1:]] == [("90656", (2,)), ("90471", (2,))]


HOME = {"dischargeDisposition": {"coding": [{"code": "01"}]}}
STAY = {
    "class": {"code": "IMP"},
    "period": {"start": "2026-03-02T10:00:00Z", "end": "2026-03-05T09:00:00Z"},
    "hospitalization": HOME,
}


async def test_a_hospital_stay_is_institutional_and_its_reason_was_present_on_admission(coding_svc):
    await post(coding_svc, a_bundle(a_coverage(), encounter=STAY), kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.kind == "institutional"
    assert coded.diagnoses[0].present_on_admission == "Y"
    assert [(line.revenue_code, line.procedure, str(line.charge)) for line in coded.lines] == [
        ("0120", None, "2100.00")
    ] * 3
    assert (coded.stay.type_of_bill, coded.stay.admitted_hour, coded.stay.discharged_hour) == ("11", 10, 9)
    assert [(one.kind, one.code) for one in coded.diagnoses] == [("principal", "J209"), ("admitting", "J209")]


async def test_the_encounters_own_diagnosis_at_admission_goes_before_its_reason(coding_svc):
    system = "http://terminology.hl7.org/CodeSystem/diagnosis-role"
    at_admission = {"condition": {"reference": "urn:uuid:0"}, "use": {"coding": [{"system": system, "code": "AD"}]}}
    breathless = {
        "resourceType": "Condition",
        "id": "c1",
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "R06.02"}]},
    }
    stay = {**STAY, "diagnosis": [at_admission]}
    await post(coding_svc, a_bundle(breathless, a_coverage(), encounter=stay), kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert [(one.kind, one.code) for one in coded.diagnoses] == [("principal", "J209"), ("admitting", "R0602")]


async def test_digits_that_are_no_digits_of_ours_are_refused_in_a_moment_and_are_no_discharge_status(coding_svc):
    moment = {**STAY, "period": {"start": "2026-03-02T1\u00b3:00:00Z", "end": "2026-03-05T09:00:00Z"}}
    status = {**STAY, "hospitalization": {"dischargeDisposition": {"coding": [{"code": "2\u00b3"}]}}}

    refused = await post(coding_svc, a_bundle(a_coverage(), encounter=moment), kind=FHIR)
    await post(coding_svc, a_bundle(a_coverage(), encounter=status), kind=FHIR)
    await encode(coding_svc)

    assert (refused.status_code, refused.json()["place"]) == (422, "/entry/1/resource/period/start")
    (row,) = (await coding_svc.client.get("/coder-queue", headers=coding_svc.as_("coder"))).json()["questions"]
    assert [asked["question"] for asked in row["asked"]] == ["stay"]


async def test_an_encounter_without_an_active_coverage_is_self_pay(coding_svc):
    await post(coding_svc, a_bundle(a_coverage(period={"end": "2025-12-31"})), kind=FHIR)
    await encode(coding_svc)

    (coded,) = await coding_svc.told(EncounterCoded)
    assert coded.coverages == ()


async def test_one_encounter_that_chokes_the_encoder_does_not_stop_its_neighbours(coding_svc, monkeypatch):
    real = code_encounter.code_visit

    def choke(visit, *rest, **more):
        if visit.ehr_encounter_id == "V-1":
            raise RuntimeError
        return real(visit, *rest, **more)

    monkeypatch.setattr(code_encounter, "code_visit", choke)
    for number in (1, 2):
        await post(coding_svc, an_encounter(encounter_id=f"V-{number}", diagnoses=[{"text": "Acute bronchitis"}]))
    await encode(coding_svc)

    counted = (await coding_svc.client.get("/counts", headers=coding_svc.as_("biller"))).json()
    assert counted["encounters"] == {"awaiting_coder": 1, "coded": 1}
    assert counted["coding_work"] == 0
