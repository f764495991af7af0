"""What was done: on which day, and by which of its codes it is charged."""

import pytest

from ..builders import PRACTICE, a_bundle, a_coverage, a_procedure, a_stay, look_at

PRINCIPAL = [{"condition": {"reference": "Condition/c1"}, "rank": 1}]
SNOMED = "http://snomed.info/sct"


def charged(seen) -> list[str | None]:
    return [line.procedure for line in seen.outcome.lines]


def with_prices(*procedures: str) -> dict:
    items = [
        {
            "sources": [{"system": "own", "code": code}],
            "procedure": code,
            "price": "40.00",
            "label": code,
            "revenue_code": "0450",
        }
        for code in procedures
    ]
    return {**PRACTICE, "charge_master": [*PRACTICE["charge_master"], *items]}


@pytest.mark.parametrize("when", [{}, {"performedString": "on the second day"}, {"performedAge": {"value": 36}}])
def test_in_a_visit_of_several_days_a_service_without_its_day_is_asked(when):
    seen = look_at(a_bundle(a_procedure("x1", **when), a_coverage(), encounter=a_stay()))

    assert "on which day" in seen.details("procedure")
    assert "96127" not in charged(seen)


@pytest.mark.parametrize(
    "when", [{}, {"performedString": "this morning"}, {"performedPeriod": {"start": "2026-03-02"}}]
)
def test_in_a_visit_of_one_day_that_is_its_day(when):
    seen = look_at(a_bundle(a_procedure("x1", **when), a_coverage()))

    assert [str(line.service_from) for line in seen.outcome.lines if line.procedure == "96127"] == ["2026-03-02"]


def test_a_report_over_a_period_has_its_day():
    report = a_procedure("x1", resourceType="DiagnosticReport", status="final", effectivePeriod={"start": "2026-03-03"})

    seen = look_at(a_bundle(report, a_coverage(), encounter=a_stay()))

    assert [str(service.service_from) for service in seen.visit.services] == ["2026-03-03"]


@pytest.mark.parametrize(
    "system",
    ["http://www.ama-assn.org/go/cpt", "https://www.ama-assn.org/go/cpt/", "urn:oid:2.16.840.1.113883.6.12",
     "https://bluebutton.cms.gov/resources/codesystem/hcpcs", "http://terminology.hl7.org/CodeSystem/HCPCS",
     "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
     "urn:oid:2.16.840.1.113883.6.285", "urn:oid:2.16.840.1.113883.6.14"],
)  # fmt: skip
def test_a_procedure_is_known_by_any_address_of_its_code_system(system):
    done = a_procedure("x1", code={"coding": [{"system": system, "code": "96127"}]})

    assert "96127" in charged(look_at(a_bundle(done, a_coverage())))


@pytest.mark.parametrize("system", ["urn:oid:2.16.840.1.113883.6.96", "https://snomed.info/sct"])
def test_snomed_is_known_by_its_oid(system):
    done = a_procedure("x1", code={"coding": [{"system": system, "code": "454711000124102"}]})

    assert "96127" in charged(look_at(a_bundle(done, a_coverage())))


def test_a_code_that_the_charge_master_prices_goes_before_one_that_it_does_not_know():
    codings = [
        {"system": SNOMED, "code": "29303009"},
        {"system": "http://www.ama-assn.org/go/cpt", "code": "93000"},
        {"system": "http://www.ama-assn.org/go/cpt", "code": "93005"},
    ]

    seen = look_at(a_bundle(a_procedure("x1", code={"coding": codings}), a_coverage()), practice=with_prices("93005"))

    assert charged(seen)[-1:] == ["93005"] or "93005" in charged(seen)


def test_an_unpriced_procedure_goes_by_the_code_that_the_charge_master_knows():
    codings = [
        {"system": SNOMED, "code": "454711000124102"},
        {"system": "http://www.ama-assn.org/go/cpt", "code": "99999"},
    ]

    assert "96127" in charged(look_at(a_bundle(a_procedure("x1", code={"coding": codings}), a_coverage())))


def test_what_is_not_charged_is_named_by_each_of_its_codes():
    codings = [{"system": SNOMED, "code": "29303009"}, {"system": "http://loinc.org", "code": "11524-6"}]

    (item,) = look_at(a_bundle(a_procedure("x1", code={"coding": codings}), a_coverage())).outcome.uncoded

    assert (item.system, item.code) == ("snomed", "29303009")
    assert "loinc 11524-6" in item.reason
