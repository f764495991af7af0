"""What cannot be read is refused with its place and what to do, and nothing of it is stored."""

import orjson
import pytest

from .builders import an_encounter
from .running_stack import CODING

JSON, NDJSON, FHIR = "application/json", "application/x-ndjson", "application/fhir+json"
MOST_LINES = 5000


def without(field, **changes):
    return {name: value for name, value in an_encounter(**changes).items() if name != field}


def a_bundle(*resources):
    entries = [{"fullUrl": f"urn:uuid:{number}", "resource": each} for number, each in enumerate(resources)]
    return orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})


PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "gender": "female",
    "birthDate": "1980-02-01",
    "name": [{"family": "Sample", "given": ["Robin"]}],
}
ENCOUNTER = {
    "resourceType": "Encounter",
    "id": "e",
    "status": "finished",
    "class": {"code": "AMB"},
    "identifier": [{"system": "urn:ehr", "value": "E-1"}],
    "subject": {"reference": "urn:uuid:0"},
    "period": {"start": "2026-03-02T09:00:00-05:00", "end": "2026-03-02T09:30:00-05:00"},
}

NATIVE = {
    "no patient": (without("patient"), "/patient"),
    "no day": (without("started_on"), "/started_on"),
    "no number": (without("encounter_id"), "/encounter_id"),
    "a day that does not exist": (an_encounter(started_on="2026-02-30"), "/started_on"),
    "an end before the start": (an_encounter(ended_on="2026-08-01"), "/ended_on"),
    "money as a float": (an_encounter(services=[{"procedure": "99213", "charge": 155.0}]), "/services/0/charge"),
    "money in fractions of a cent": (
        an_encounter(services=[{"procedure": "99213", "charge": "155.005"}]),
        "/services/0/charge",
    ),
    "a negative charge": (an_encounter(services=[{"procedure": "99213", "charge": "-1.00"}]), "/services/0/charge"),
    "an unknown field": (an_encounter(colour="blue"), "/colour"),
    "a mistyped field": (an_encounter(services=[{"procedure": "99213", "chrage": "1.00"}]), "/services/0/chrage"),
    "a service without a code": (an_encounter(services=[{"charge": "1.00"}]), "/services/0"),
    "no diagnosis code": (an_encounter(diagnoses=[{"code": "hello"}]), "/diagnoses/0/code"),
    "a patient without a birth date": (
        an_encounter(patient={"name": {"last": "Sample"}, "sex": "F"}),
        "/patient/birth_date",
    ),
    "a dependent without a subscriber": (
        an_encounter(coverages=[{"payer": "blue-cross", "member_id": "BCB1", "relationship": "19"}]),
        "/coverages/0",
    ),
    "a list": ([an_encounter()], "/"),
}
LINES = orjson.dumps(an_encounter())
BODIES = {
    **{name: (JSON, orjson.dumps(body), place) for name, (body, place) in NATIVE.items()},
    "broken JSON": (JSON, LINES[:-5], "/"),
    "nothing": (JSON, b"", "/"),
    "Latin-1": (JSON, LINES.replace(b"Sample", b"S\xe1mple"), "/"),
    "a line that is no JSON": (NDJSON, LINES + b"\nnot JSON\n" + orjson.dumps(an_encounter()), "/1"),
    "a line with a fault": (NDJSON, LINES + b"\n" + orjson.dumps(without("patient")), "/1/patient"),
    "two versions in one request": (
        NDJSON,
        b"\n".join(
            orjson.dumps(an_encounter(encounter_id="T-TWICE", started_on=day)) for day in ("2026-08-03", "2026-08-04")
        ),
        "/1/encounter_id",
    ),
    "no lines": (NDJSON, b"\n\n", "/"),
    "too many lines": (NDJSON, b"\n".join([LINES] * (MOST_LINES + 1)), "/"),
    "an empty bundle": (FHIR, orjson.dumps({"resourceType": "Bundle", "type": "collection", "entry": []}), "/entry"),
    "another resource than a bundle": (FHIR, orjson.dumps(PATIENT), "/resourceType"),
    "a bundle without an encounter": (FHIR, a_bundle(PATIENT), "/entry"),
    "an encounter without its patient": (
        FHIR,
        a_bundle(PATIENT, ENCOUNTER | {"subject": {}}),
        "/entry/1/resource/subject",
    ),
    "an encounter without a period": (
        FHIR,
        a_bundle(PATIENT, {name: value for name, value in ENCOUNTER.items() if name != "period"}),
        "/entry/1/resource/period",
    ),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_encounter_is_refused_with_the_place_of_the_fault(stack, practice, name):
    content_type, body, place = BODIES[name]

    answer = stack.send(practice, body, content_type)

    problem = answer.json()
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert place in [fault["place"] for fault in problem["errors"]], problem["errors"]
    assert problem["title"]
    assert problem["remedy"]
    assert b"Sample" not in answer.content


def test_nothing_of_them_is_stored(stack, practice):
    stored = {
        table: stack.value(CODING.name, f"SELECT count(*) FROM {table} WHERE practice = $1", practice)  # noqa: S608
        for table in ("encounters", "encounter_versions", "bundles", "coding_work")
    }

    assert set(stored.values()) == {0}, stored
    assert [event.topic for event in stack.said(CODING.name, practice) if event.topic.startswith("encounter.")] == []


def test_a_mended_line_is_taken_after_all(stack, practice):
    encounter = an_encounter()
    assert stack.send(practice, orjson.dumps({**encounter, "started_on": "soon"}), JSON).status_code == 422

    (taken,) = stack.post(practice, encounter)

    assert stack.get(CODING.name, practice, f"/encounters/{taken}")["version"] == 1


@pytest.mark.parametrize(("roles", "status"), [((), 401), (("auditor",), 403)])
def test_without_a_fitting_token_nobody_posts(stack, practice, roles, status):
    with stack.http(CODING.name, practice, *roles) as http:
        if not roles:
            del http.headers["Authorization"]
        answer = http.post("/encounters", json=an_encounter())

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
