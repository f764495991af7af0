"""Who took part: by the practice's roster, also where the bundle tells the NPI alone."""

import pytest

from ..builders import a_bundle, a_coverage, look_at

NPI = "http://hl7.org/fhir/sid/us-npi"


@pytest.mark.parametrize(
    "who",
    [{"identifier": {"system": NPI, "value": "1710000013"}},
     {"identifier": {"system": "urn:oid:2.16.840.1.113883.4.6", "value": "1710000013"}},
     {"reference": f"Practitioner?identifier={NPI}|1710000013"},
     {"reference": "Practitioner/dr-okafor"}],
)  # fmt: skip
def test_a_clinician_is_found_on_the_roster_by_number_or_id(who):
    seen = look_at(a_bundle(a_coverage(), encounter={"participant": [{"individual": who}]}))

    assert seen.outcome.providers.rendering.last_name == "Okafor"


def test_a_role_leads_to_its_clinician():
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"identifier": {"system": NPI, "value": "1710000013"}},
    }

    seen = look_at(
        a_bundle(
            role, a_coverage(), encounter={"participant": [{"individual": {"reference": "PractitionerRole/role"}}]}
        )
    )

    assert seen.outcome.providers.rendering.last_name == "Okafor"
