"""The bundles of tests/cases/fhir, each with its right answer; and others of the same kinds."""

import csv
from pathlib import Path

import orjson
import pytest
from claimstream_schemas import EncounterCoded

from ..builders import a_bundle, a_coverage, encode, post

CASES = Path(__file__).parents[4] / "tests" / "cases" / "fhir"
FHIR = "application/fhir+json"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"


def read(name: str) -> dict:
    document: dict = orjson.loads((CASES / f"{name}.json").read_bytes())
    return document


async def coded_case(service, document: dict) -> dict:
    """What is known of the one encounter of a bundle after coding."""
    answer = await post(service, document, kind=FHIR)
    assert answer.status_code == 202, answer.text
    await encode(service)
    (taken,) = answer.json()["encounters"]
    known = await service.client.get(f"/encounters/{taken['id']}", headers=service.as_("coder"))
    return {**known.json(), "report": answer.json()["mapping_report"]}


def codes(known: dict, *kinds: str) -> list[str]:
    return [each["code"] for each in known["outcome"]["diagnoses"] if not kinds or each["kind"] in kinds]


def asked(known: dict) -> set[str]:
    return {each["question"] for each in known["outcome"]["asked"]}


def a_condition(number: str, code: str, **more: object) -> dict:
    return {
        "resourceType": "Condition",
        "id": number,
        "encounter": {"reference": "urn:uuid:e1"},
        "subject": {"reference": "urn:uuid:p1"},
        "code": {"coding": [{"system": ICD10CM, "code": code}]},
        **more,
    }


def test_every_case_of_the_list_has_a_test():
    listed = {row["file"] for row in csv.DictReader((CASES / "expected.tsv").open(), delimiter="\t")}

    assert listed == {path.name for path in CASES.glob("*.json")}
    assert all(name.removesuffix(".json") in Path(__file__).read_text() for name in listed)


async def test_a_cancelled_encounter_is_not_billable(coding_svc):
    known = await coded_case(coding_svc, read("encounter-cancelled"))

    assert (known["state"], known["outcome"]["lines"]) == ("not_billable", [])
    assert await coding_svc.told(EncounterCoded) == []


@pytest.mark.parametrize("name", ["encounter-in-progress", "stay-in-progress"])
async def test_what_has_not_ended_waits_in_a_place_of_its_own(coding_svc, name):
    known = await coded_case(coding_svc, read(name))
    counted = (await coding_svc.client.get("/counts", headers=coding_svc.as_("biller"))).json()

    assert (known["state"], known["outcome"]["stay"]) == ("unfinished", None)
    assert counted["encounters"] == {"unfinished": 1}
    assert (known["visit"]["stay"] or {}).get("patient_status") is None
    assert known["visit"]["ended_on"] is None or name == "encounter-in-progress"


async def test_diagnoses_follow_use_and_rank(coding_svc):
    known = await coded_case(coding_svc, read("diagnosis-use-and-rank"))

    assert codes(known, "principal") == ["J189"]
    assert codes(known, "other") == ["E119"]
    assert codes(known, "admitting") == ["R059"]


async def test_a_contained_condition_is_the_diagnosis(coding_svc):
    assert codes(await coded_case(coding_svc, read("condition-contained"))) == ["J029"]


async def test_a_month_is_no_day_of_service(coding_svc):
    answer = await post(coding_svc, read("partial-period"), kind=FHIR)

    assert (answer.status_code, answer.json()["place"]) == (422, "/entry/1/resource/period/start")


async def test_an_outpatients_provisional_condition_is_shown_and_not_coded(coding_svc):
    known = await coded_case(coding_svc, read("condition-provisional"))

    assert codes(known) == ["E119"]
    assert [(each["code"], each["why"].split(":")[0]) for each in known["outcome"]["shown"]] == [
        ("C50911", "provisional")
    ]


async def test_a_condition_that_was_over_before_the_visit_is_not_coded(coding_svc):
    known = await coded_case(coding_svc, read("condition-resolved"))

    assert codes(known) == ["J029"]
    assert [each["code"] for each in known["outcome"]["shown"]] == ["E119"]


async def test_completed_procedures_are_charged_and_a_stopped_one_is_asked(coding_svc):
    known = await coded_case(coding_svc, read("procedures-not-completed"))

    assert [line["procedure"] for line in known["outcome"]["lines"]].count("96127") == 1
    assert [each["about"] for each in known["outcome"]["asked"] if each["question"] == "procedure"] == [
        "Procedure/prstopped"
    ]
    told = " ".join(known["outcome"]["notes"])
    assert all(f"Procedure/{name}" in told for name in ("prin-progress", "pron-hold", "prunknown"))


async def test_of_several_codings_the_clinical_modification_counts(coding_svc):
    assert codes(await coded_case(coding_svc, read("two-codings"))) == ["I639"]


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", "2026-09-01"), (None, "2026-09-02")])
@pytest.mark.parametrize("of_location", [False, True])
async def test_the_day_of_service_is_that_of_the_place(coding_svc, zone, day, of_location):
    document = (await coding_svc.client.get("/practices/bay-state", headers=coding_svc.as_("biller"))).json()
    practice = document["practice"]
    bundle = read("utc-midnight")
    if of_location:
        practice["locations"][0]["time_zone"] = zone
        bundle["entry"][1]["resource"]["serviceProvider"] = {"reference": "Organization?identifier=urn:x|main"}
    else:
        practice["time_zone"] = zone
    await coding_svc.client.put("/practices/bay-state", json=practice, headers=coding_svc.as_("practice-admin"))

    known = await coded_case(coding_svc, bundle)

    assert known["visit"]["started_on"] == day
    assert {line["service_from"] for line in known["outcome"]["lines"]} == {day}


async def test_an_encounter_that_is_told_in_two_ways_is_asked(coding_svc):
    known = await coded_case(coding_svc, read("encounter-twice"))

    assert known["state"] == "awaiting_coder"
    assert "record" in asked(known)


@pytest.mark.parametrize(("first", "second", "state"), [("01", "02", "not_billable"), ("02", "01", "awaiting_coder")])
async def test_of_an_encounter_twice_the_one_that_was_updated_last_counts(coding_svc, first, second, state):
    bundle = read("encounter-twice")
    for number, month in ((1, first), (2, second)):
        bundle["entry"][number]["resource"]["meta"] = {"lastUpdated": f"2026-{month}-01T00:00:00Z"}

    known = await coded_case(coding_svc, bundle)

    assert known["state"] == state
    assert asked(known) <= {"place_of_service"}


async def test_the_same_telling_twice_is_one(coding_svc):
    bundle = read("encounter-twice")
    bundle["entry"][2] = bundle["entry"][1]

    assert asked(await coded_case(coding_svc, bundle)) == {"place_of_service"}


async def test_a_patients_problem_list_is_shown_and_a_named_condition_counts(coding_svc):
    named = a_condition("c1", "J20.9", encounter=None)
    problem = a_condition("c2", "I10", encounter=None)
    visit = {"reasonCode": None, "diagnosis": [{"condition": {"reference": "Condition/c1"}}]}

    known = await coded_case(coding_svc, a_bundle(named, problem, a_coverage(), encounter=visit))

    assert codes(known) == ["J209"]
    assert [each["code"] for each in known["outcome"]["shown"]] == ["I10"]


async def test_a_reason_that_leads_nowhere_is_asked_and_no_other_condition_is_taken_for_it(coding_svc):
    visit = {"reasonCode": None, "reasonReference": [{"reference": "Condition/lost"}]}

    known = await coded_case(coding_svc, a_bundle(a_condition("c1", "I10"), a_coverage(), encounter=visit))

    assert asked(known) == {"diagnosis"}


async def test_a_reason_is_first_whatever_the_order_of_the_bundle(coding_svc):
    visit = {"reasonCode": None, "reasonReference": [{"reference": "Condition/c2"}]}
    conditions = (a_condition("c1", "I10"), a_condition("c2", "J20.9"))

    known = await coded_case(coding_svc, a_bundle(*conditions, a_coverage(), encounter=visit))

    assert codes(known) == ["J209", "I10"]


@pytest.mark.parametrize("status", ["refuted", "entered-in-error"])
async def test_a_condition_that_never_was_is_not_even_shown(coding_svc, status):
    never = a_condition("c2", "I10", verificationStatus={"coding": [{"code": status}]})

    known = await coded_case(coding_svc, a_bundle(never, a_coverage()))

    assert (codes(known), known["outcome"]["shown"]) == (["J209"], [])


async def test_an_uncertain_diagnosis_at_discharge_is_coded_and_marked(coding_svc):
    uncertain = a_condition("c1", "J18.9", verificationStatus={"coding": [{"code": "provisional"}]})
    stay = {
        "class": {"code": "IMP"},
        "period": {"start": "2026-03-02T10:00:00Z", "end": "2026-03-05T09:00:00Z"},
        "hospitalization": {"dischargeDisposition": {"coding": [{"code": "01"}]}},
        "reasonCode": None,
        "diagnosis": [{"condition": {"reference": "Condition/c1"}, "use": {"coding": [{"code": "DD"}]}, "rank": 1}],
    }

    known = await coded_case(coding_svc, a_bundle(uncertain, a_coverage(), encounter=stay))

    (diagnosis,) = known["outcome"]["diagnoses"]
    assert (diagnosis["code"], diagnosis["is_uncertain"]) == ("J189", True)


async def test_resolved_alone_and_an_end_on_the_day_exclude_nothing(coding_svc):
    resolved = {"clinicalStatus": {"coding": [{"code": "resolved"}]}}
    sore_throat = a_condition("c1", "J02.9", **resolved, abatementDateTime="2026-03-02")

    known = await coded_case(coding_svc, a_bundle(sore_throat, a_coverage()))

    assert "J029" in codes(known)


async def test_an_end_in_a_year_alone_excludes_only_what_surely_was_over(coding_svc):
    this_year = a_condition("c1", "J02.9", abatementDateTime="2026")
    long_ago = a_condition("c2", "E11.9", abatementDateTime="2020")

    known = await coded_case(coding_svc, a_bundle(this_year, long_ago, a_coverage()))

    assert ("J029" in codes(known), "E119" in codes(known)) == (True, False)


@pytest.mark.parametrize("kind", ["encounter", "condition", "procedure", "patient"])
async def test_a_modifier_that_nobody_knows_is_a_question_and_no_fact(coding_svc, kind):
    modifier = {"modifierExtension": [{"url": "urn:not-really", "valueBoolean": True}]}
    condition = a_condition("c1", "I10", **(modifier if kind == "condition" else {}))
    done = {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "completed",
        "encounter": {"reference": "urn:uuid:e1"},
        "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "96127"}]},
        **(modifier if kind == "procedure" else {}),
    }
    bundle = a_bundle(
        condition,
        done,
        a_coverage(),
        encounter=modifier if kind == "encounter" else None,
        patient=modifier if kind == "patient" else None,
    )

    known = await coded_case(coding_svc, bundle)

    assert asked(known) == {"record"}
    assert ("I10" in codes(known)) == (kind != "condition")
    assert ("96127" in [line["procedure"] for line in known["outcome"]["lines"]]) == (kind != "procedure")


async def test_a_versioned_reference_leads_to_its_resource(coding_svc):
    bundle = a_bundle(a_coverage(beneficiary={"reference": "Patient/p1/_history/7"}))

    known = await coded_case(coding_svc, bundle)

    assert (known["report"]["dangling"], known["state"]) == ([], "coded")


async def test_an_entry_without_a_resource_is_told_of(coding_svc):
    bundle = a_bundle(a_coverage())
    bundle["entry"].insert(1, {"request": {"method": "DELETE", "url": "Condition/9"}})

    known = await coded_case(coding_svc, bundle)

    assert known["report"]["notes"] == ["/entry/1: holds no resource, nothing is done with it"]


async def test_what_names_no_encounter_is_told_of(coding_svc):
    done = {"resourceType": "Procedure", "id": "x1", "status": "completed", "code": {"text": "Suture"}}

    known = await coded_case(coding_svc, a_bundle(done, a_coverage()))

    assert known["report"]["notes"] == ["/entry/2/resource: names no encounter, it is not charged"]


async def test_a_period_that_ends_before_it_begins_is_refused_with_its_place(coding_svc):
    period = {"start": "2026-03-02", "end": "2026-03-01"}

    answer = await post(coding_svc, a_bundle(encounter={"period": period}), kind=FHIR)

    assert (answer.status_code, answer.json()["place"]) == (422, "/entry/1/resource/period/end")


@pytest.mark.parametrize("born", ["1990", "1990-02"])
async def test_a_birth_date_that_is_no_day_is_refused_with_its_place(coding_svc, born):
    answer = await post(coding_svc, a_bundle(patient={"birthDate": born}), kind=FHIR)

    assert (answer.status_code, answer.json()["place"]) == (422, "/entry/0/resource/birthDate")


async def test_a_service_whose_day_is_not_told_is_asked_and_not_charged(coding_svc):
    done = {
        "resourceType": "Procedure",
        "id": "x1",
        "status": "completed",
        "encounter": {"reference": "urn:uuid:e1"},
        "performedDateTime": "2026-03",
        "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": "96127"}]},
    }

    known = await coded_case(coding_svc, a_bundle(done, a_coverage()))

    assert asked(known) == {"procedure"}
    assert [line["procedure"] for line in known["outcome"]["lines"]] == ["99213"]


@pytest.mark.parametrize(
    ("encounter", "location", "place"),
    [
        ({"class": {"code": "EMER"}}, {}, "23"),
        ({"class": {"code": "OBSENC"}}, {}, "22"),
        ({"class": {"code": "HH"}}, {}, "12"),
        ({"class": {"code": "AMB"}}, {"type": [{"coding": [{"code": "HOSP"}]}]}, "22"),
        ({"class": {"code": "AMB"}}, {"type": [{"coding": [{"code": "SNF"}]}]}, "32"),
        ({"class": {"code": "AMB"}}, {}, None),
        ({"class": {"code": "VR"}}, {"physicalType": {"coding": [{"code": "ho"}]}}, "10"),
        ({"class": {"code": "VR"}}, {"physicalType": {"coding": [{"code": "bu"}]}}, "02"),
        ({"class": {"code": "VR"}}, {}, None),
    ],
)
async def test_the_place_of_service_is_known_or_asked(coding_svc, encounter, location, place):
    where = {"resourceType": "Location", "id": "l1", "name": "Somewhere", **location}
    visit = {**encounter, "serviceProvider": None, "location": [{"location": {"reference": "Location/l1"}}]}

    known = await coded_case(coding_svc, a_bundle(where, a_coverage(), encounter=visit))

    assert known["outcome"]["place_of_service"] == place
    assert asked(known) == (set() if place else {"place_of_service"})


async def test_a_foreign_address_is_read_with_its_country(coding_svc):
    home = {"line": ["5 Rue X"], "city": "Montreal", "state": "Quebec", "postalCode": "H2X 1Y4", "country": "CAN"}

    known = await coded_case(coding_svc, a_bundle(a_coverage(), patient={"address": [home]}))

    address = known["visit"]["patient"]["address"]
    assert (address["country"], address["state"], address["postal_code"]) == ("CA", "QC", "H2X 1Y4")


async def test_a_group_of_a_coverage_travels(coding_svc):
    group = {"type": {"coding": [{"code": "group"}]}, "value": "G-77", "name": "Harbor Works"}

    await coded_case(coding_svc, a_bundle(a_coverage(**{"class": [group]})))

    (coded,) = await coding_svc.told(EncounterCoded)
    (subscriber,) = coded.person.subscribers
    assert (subscriber.group_number, subscriber.group_name) == ("G-77", "Harbor Works")
