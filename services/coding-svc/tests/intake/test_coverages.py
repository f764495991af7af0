"""Who pays, as a bundle tells it: no subscriber is made up, and no coverage of the patient is passed over in silence."""

import pytest
from coding_svc.domain.answers import Answers, Settled

from ..builders import a_bundle, a_coverage, look_at


def coded(code: str) -> dict:
    return {"coding": [{"code": code}]}


def a_relative(**changes: object) -> dict:
    return {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "patient": {"reference": "urn:uuid:p1"},
        "name": [{"family": "Elder", "given": ["Ann"]}],
        "birthDate": "1960-01-01",
        **changes,
    }


@pytest.mark.parametrize("more", [(), (a_relative(name=[{"text": "Ann Elder"}]),)])
def test_a_dependent_without_a_subscriber_is_asked_and_is_not_her_own(more):
    coverage = a_coverage(relationship=coded("child"), subscriber={"reference": "RelatedPerson/r1"})

    seen = look_at(a_bundle(*more, coverage))

    assert seen.asked == {"coverage"}
    assert "who holds it" in seen.details("coverage")
    assert seen.outcome.subscribers == ()


def test_a_dependents_subscriber_is_the_relative():
    coverage = a_coverage(relationship=coded("child"), subscriber={"reference": "RelatedPerson/r1"})

    (subscriber,) = look_at(a_bundle(a_relative(), coverage)).outcome.subscribers

    assert (subscriber.name.last, subscriber.relationship) == ("Elder", "19")


@pytest.mark.parametrize("relationship", [coded("self"), {"text": "Self"}, None])
def test_another_subscriber_beside_self_or_nothing_contradicts(relationship):
    coverage = a_coverage(relationship=relationship, subscriber={"reference": "RelatedPerson/r1"})

    seen = look_at(a_bundle(a_relative(), coverage))

    assert (seen.asked, seen.outcome.coverages) == ({"coverage"}, ())


def test_the_patient_as_subscriber_beside_child_contradicts():
    coverage = a_coverage(relationship=coded("child"), subscriber={"reference": "urn:uuid:p1"})

    assert look_at(a_bundle(coverage)).asked == {"coverage"}


def test_a_relative_who_is_the_patient_herself_contradicts_nothing():
    herself = a_relative(name=[{"family": "Sample", "given": ["Robin"]}], birthDate="1990-02-01")
    coverage = a_coverage(subscriber={"reference": "RelatedPerson/r1"})

    assert look_at(a_bundle(herself, coverage)).asked == set()


@pytest.mark.parametrize("relationship", [{"text": "Child"}, coded("CHILD"), coded("child")])
def test_a_relationship_is_known_by_code_or_word_in_any_case(relationship):
    coverage = a_coverage(relationship=relationship, subscriber={"reference": "RelatedPerson/r1"})

    (subscriber,) = look_at(a_bundle(a_relative(), coverage)).outcome.subscribers

    assert subscriber.relationship == "19"


def test_a_member_number_among_the_identifiers_is_used():
    number = {"type": coded("MB"), "system": "urn:plan", "value": "AET-77"}

    (subscriber,) = look_at(a_bundle(a_coverage(subscriberId=None, identifier=[number]))).outcome.subscribers

    assert subscriber.member_id == "AET-77"


def test_an_active_coverage_without_a_number_is_asked_and_no_order_of_payers_answers_it():
    bundle = a_bundle(a_coverage(subscriberId=None))
    settled = Answers(settled=(Settled(question="coverage", reason="she pays herself"),))

    assert look_at(bundle).asked == {"coverage"}
    assert look_at(bundle, answers=Answers(payers=("blue-cross",))).asked == {"coverage"}
    assert look_at(bundle, answers=settled).asked == set()


def test_a_coverage_without_a_number_that_ended_before_the_visit_is_no_question():
    ended = a_coverage(subscriberId=None, period={"end": "2020-12-31"})

    assert look_at(a_bundle(ended)).asked == set()


def test_what_the_patient_pays_is_told_and_not_asked():
    seen = look_at(a_bundle(a_coverage(subscriberId=None, payor=[{"reference": "urn:uuid:p1"}])))

    assert (seen.asked, seen.outcome.is_self_pay) == (set(), True)
    assert "the patient pays" in " ".join(seen.report.notes)


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error", "draft"])
def test_a_coverage_that_does_not_hold_is_told(status):
    seen = look_at(a_bundle(a_coverage(id="k1", status=status)))

    assert (seen.asked, seen.outcome.is_self_pay) == (set(), True)
    assert f"Coverage/k1 is {status}" in " ".join(seen.report.notes)


def test_a_span_that_ends_before_it_begins_is_asked():
    seen = look_at(a_bundle(a_coverage(period={"start": "2026-12-31", "end": "2026-01-01"})))

    assert "ends before it begins" in seen.details("coverage")


def test_coverages_come_in_the_order_of_the_account():
    account = {
        "resourceType": "Account",
        "id": "a1",
        "coverage": [
            {"coverage": {"reference": "Coverage/k1"}, "priority": 2},
            {"coverage": {"reference": "Coverage/k2"}, "priority": 1},
        ],
    }
    first, second = a_coverage(id="k1", subscriberId="M1"), a_coverage(id="k2", subscriberId="M2")

    seen = look_at(a_bundle(account, first, second, encounter={"account": [{"reference": "Account/a1"}]}))

    assert [subscriber.member_id for subscriber in seen.outcome.subscribers] == ["M2", "M1"]
    assert seen.asked == set()


@pytest.mark.parametrize("beneficiary", [{"reference": "urn:uuid:p1"}, None])
def test_a_coverage_contained_in_the_encounter_is_read(beneficiary):
    coverage = a_coverage(id="k", beneficiary=beneficiary, payor=[{"reference": "#payer"}])
    payer = {"resourceType": "Organization", "id": "payer", "name": "Blue Cross"}
    account = {"resourceType": "Account", "id": "a", "coverage": [{"coverage": {"reference": "#k"}, "priority": 1}]}
    contained = [account, {name: value for name, value in coverage.items() if value}, payer]

    seen = look_at(a_bundle(encounter={"contained": contained, "account": [{"reference": "#a"}]}))

    assert [coverage.payer_id for coverage in seen.outcome.coverages] == ["blue-cross"]


def test_an_account_that_names_what_is_not_there_is_asked():
    account = {"resourceType": "Account", "id": "a1", "coverage": [{"coverage": {"reference": "Coverage/lost"}}]}

    seen = look_at(a_bundle(account, encounter={"account": [{"reference": "Account/a1"}]}))

    assert "Coverage/lost" in seen.details("coverage")


def test_a_coverage_of_somebody_who_is_not_there_is_told():
    seen = look_at(a_bundle(a_coverage(id="k1", beneficiary={"reference": "Patient/other"})))

    assert "Coverage/k1" in " ".join(seen.report.notes)


def test_a_span_ends_on_the_local_day():
    period = {"start": "2026-01-01T05:00:00Z", "end": "2026-03-02T04:59:00Z"}
    bundle = a_bundle(a_coverage(period=period))

    assert look_at(bundle, zone="America/New_York").outcome.is_self_pay
    assert not look_at(bundle).outcome.is_self_pay


def test_a_cancelled_visit_asks_nothing_about_its_coverage():
    seen = look_at(a_bundle(a_coverage(subscriberId=None), encounter={"status": "cancelled"}))

    assert (seen.outcome.state, seen.asked) == ("not_billable", set())


def test_a_coverage_that_names_no_beneficiary_is_the_accounts():
    account = {"resourceType": "Account", "id": "a1", "coverage": [{"coverage": {"reference": "Coverage/k1"}}]}
    bundle = a_bundle(
        account, a_coverage(id="k1", beneficiary=None), encounter={"account": [{"reference": "Account/a1"}]}
    )

    assert len(look_at(bundle).outcome.coverages) == 1


def test_an_account_that_names_anothers_coverage_is_asked():
    account = {"resourceType": "Account", "id": "a1", "coverage": [{"coverage": {"reference": "Coverage/k1"}}]}
    other = {"resourceType": "Patient", "id": "p2"}
    anothers = a_coverage(id="k1", beneficiary={"reference": "Patient/p2"})
    bundle = a_bundle(account, other, anothers, encounter={"account": [{"reference": "Account/a1"}]})

    assert "another patient" in look_at(bundle).details("coverage")


@pytest.mark.parametrize("holder", ["Claim", "ExplanationOfBenefit", "Observation"])
def test_what_others_contain_is_read_unless_it_is_an_outcome(holder):
    resource = {
        "resourceType": holder,
        "subject": {"reference": "urn:uuid:p1"},
        "contained": [{**a_coverage(id="k", subscriberId=None), "beneficiary": {"reference": "urn:uuid:p1"}}],
    }
    del resource["contained"][0]["subscriberId"]

    assert look_at(a_bundle(resource)).asked == ({"coverage"} if holder == "Observation" else set())


@pytest.mark.parametrize("member", ["  ", ""])
def test_a_member_id_of_blanks_is_none(member):
    assert look_at(a_bundle(a_coverage(subscriberId=member))).asked == {"coverage"}


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Guam"])
def test_a_span_for_ever_has_the_days_that_are_written(zone):
    period = {"start": "0001-01-01T00:00:00Z", "end": "9999-12-31T23:59:59Z"}
    encounter = {"meta": {"lastUpdated": "9999-12-31T23:59:59-14:00"}}

    assert len(look_at(a_bundle(a_coverage(period=period), encounter=encounter), zone=zone).outcome.coverages) == 1
