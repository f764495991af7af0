"""References within a bundle: what they lead to, and what they must not."""

from ..builders import a_bundle, a_condition, a_coverage, look_at


def of_server(bundle: dict, base: str) -> dict:
    """The bundle with full URLs of one server."""
    for entry in bundle["entry"]:
        resource = entry["resource"]
        entry["fullUrl"] = f"{base}/{resource['resourceType']}/{resource.get('id', 'x')}"
    return bundle


def a_served_bundle(condition: str) -> dict:
    named = {"subject": {"reference": "Patient/p1"}, "reasonCode": None, "serviceProvider": None}
    bundle = a_bundle(
        a_condition("c1", "C50.911", encounter=None, subject={"reference": "Patient/p1"}),
        a_coverage(id="k1", beneficiary={"reference": "Patient/p1"}),
        encounter={**named, "diagnosis": [{"condition": {"reference": condition}}]},
    )
    return of_server(bundle, "https://ehr.example/fhir")


def test_another_servers_resource_is_not_the_one_of_that_id_here():
    seen = look_at(a_served_bundle("https://other.example/fhir/Condition/c1"))

    assert seen.codes == []
    assert "record" in seen.asked
    assert [lost.reference for lost in seen.report.dangling] == ["https://other.example/fhir/Condition/c1"]


def test_the_same_servers_resource_is_found_by_its_address_and_by_type_and_id():
    for reference in ("https://ehr.example/fhir/Condition/c1", "Condition/c1", "Condition/c1/_history/3"):
        assert look_at(a_served_bundle(reference)).codes == ["C50911"]


def test_a_relative_reference_leads_to_the_server_of_its_own_entry():
    bundle = a_served_bundle("Condition/c1")
    foreign = {**a_condition("c1", "I10", encounter=None)}
    bundle["entry"].insert(0, {"fullUrl": "https://other.example/fhir/Condition/c1", "resource": foreign})

    assert look_at(bundle).codes == ["C50911"]


def test_an_address_leads_by_type_and_id_where_the_bundle_has_no_addresses_of_its_own():
    named = {"reasonCode": None, "diagnosis": [{"condition": {"reference": "https://ehr.example/fhir/Condition/c1"}}]}

    seen = look_at(a_bundle(a_condition("c1", "I10", encounter=None), a_coverage(), encounter=named))

    assert seen.codes == ["I10"]
