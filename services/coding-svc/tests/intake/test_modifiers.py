"""A modifier that nobody knows is a question wherever the visit is read from, and nowhere else."""

import pytest

from ..builders import a_bundle, a_coverage, look_at

MODIFIER = {"modifierExtension": [{"url": "urn:not-really", "valueBoolean": True}]}


def a_bundle_with(modified: str) -> dict:
    def of(kind: str) -> dict:
        return MODIFIER if kind == modified else {}

    def coded(code: str) -> dict:
        return {"coding": [{"code": code}]}

    relative = {
        "resourceType": "RelatedPerson",
        "id": "r1",
        "name": [{"family": "Elder", "given": ["Ann"]}],
        **of("RelatedPerson"),
    }
    payer = {"resourceType": "Organization", "id": "payer", "name": "Blue Cross", **of("payer")}
    place = {"resourceType": "Location", "id": "l1", "name": "Main", **of("Location")}
    doctor = {"resourceType": "Practitioner", "id": "dr-okafor", **of("Practitioner")}
    role = {
        "resourceType": "PractitionerRole",
        "practitioner": {"reference": "Practitioner/dr-okafor"},
        **of("PractitionerRole"),
    }
    coverage = a_coverage(
        relationship=coded("child"),
        subscriber={"reference": "RelatedPerson/r1"},
        payor=[{"reference": "Organization/payer"}],
        **{"class": [{"type": coded("group"), "value": "G-1", **of("class")}]},
        **of("Coverage"),
    )
    encounter = {
        "location": [{"location": {"reference": "Location/l1"}}],
        "participant": [{"individual": {"reference": "Practitioner/dr-okafor"}}],
    }
    bundle = a_bundle(relative, payer, place, doctor, role, coverage, encounter=encounter)
    bundle["entry"][-1]["resource"].update(of("Organization"))
    return bundle


@pytest.mark.parametrize(
    "kind",
    ["Coverage", "class", "RelatedPerson", "payer", "Location", "Practitioner", "PractitionerRole", "Organization"],
)
def test_a_modifier_of_what_is_used_is_asked(kind):
    assert look_at(a_bundle_with(kind)).asked == {"record"}


def test_without_one_nothing_is_asked():
    assert look_at(a_bundle_with("none")).asked == set()


def test_a_modifier_of_what_is_not_used_is_no_question():
    other = {"resourceType": "Location", "id": "elsewhere", **MODIFIER}
    past = a_coverage(id="k0", period={"end": "2020-01-01"}, **MODIFIER)

    assert look_at(a_bundle(other, past, a_coverage())).asked == set()


def test_a_modified_patient_is_asked_once():
    seen = look_at(a_bundle(a_coverage(subscriber={"reference": "urn:uuid:p1"}), patient=MODIFIER))

    assert [each.about for each in seen.outcome.asked] == ["Patient/p1"]


def test_a_cancelled_visit_is_taken_back_whatever_its_place_carries():
    place = {"resourceType": "Location", "id": "l1", **MODIFIER}
    encounter = {"status": "cancelled", "location": [{"location": {"reference": "Location/l1"}}]}

    assert look_at(a_bundle(place, a_coverage(), encounter=encounter)).outcome.state == "not_billable"
