"""A rule of the payer that comes next keeps the claim from it alone: the first payer has it, and a person sees why it goes no further."""

import pytest
from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.encounter import Coverage

from ..builders import an_adjudication, an_encounter_coded, claim_of

SILENT = (Coverage(payer_id="blue"), Coverage(payer_id="medicare"))


@pytest.fixture
async def stopped(claim_svc):
    """Blue Cross has paid; why Medicare is second nobody told."""
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare"), coverages=SILENT))
    await claim_svc.hears(an_adjudication(claim_of()))
    return claim_svc


async def shown(claim_svc) -> dict:
    return (await claim_svc.client.get(f"/claims/{claim_of()}", headers=claim_svc.as_("biller"))).json()


async def sequences(claim_svc) -> list[str]:
    return [told.payer_sequence for told in await claim_svc.told(ClaimSubmitted)]


async def test_the_first_payer_is_billed_and_the_second_waits_for_what_it_asks(stopped):
    claim = await shown(stopped)

    assert await sequences(stopped) == ["P"]
    assert (claim["state"], claim["headline"]) == ("released", "held")
    listed = await stopped.client.get("/claims?rule=why-medicare-is-second", headers=stopped.as_("biller"))
    assert [each["claim_id"] for each in listed.json()["claims"]] == [claim["claim_id"]]
    assert [(each["rule"], each["severity"], each["place"]) for each in claim["warnings"]] == [
        ("why-medicare-is-second", "hold", "coverages/2/insurance_type")
    ]


async def test_the_reason_given_at_its_place_lets_the_claim_go_on(stopped):
    changes = {"changes": [{"place": "coverages/2/insurance_type", "value": "12"}]}

    answer = await stopped.client.post(f"/claims/{claim_of()}/corrections", json=changes, headers=stopped.as_("biller"))

    assert answer.status_code == 200
    assert await sequences(stopped) == ["P", "S"]
    assert (await stopped.told(ClaimSubmitted))[-1].payer.insurance_type == "12"
    assert (await shown(stopped))["warnings"] == []


async def test_another_correction_does_not_let_it_slip_through(stopped):
    changes = {"changes": [{"place": "facts/note", "value": "seen again"}]}

    await stopped.client.post(f"/claims/{claim_of()}/corrections", json=changes, headers=stopped.as_("biller"))

    assert await sequences(stopped) == ["P"]
    assert [each["rule"] for each in (await shown(stopped))["warnings"]] == ["why-medicare-is-second"]


async def test_a_person_may_let_it_pass_with_a_reason(stopped):
    passed = {"rule": "why-medicare-is-second", "reason": "the contractor told us to"}

    await stopped.client.post(f"/claims/{claim_of()}/overrides", json=passed, headers=stopped.as_("biller"))

    assert await sequences(stopped) == ["P", "S"]


async def test_who_pays_is_not_corrected_here(stopped):
    changes = {"changes": [{"place": "coverages/2/payer_id", "value": "blue"}]}

    answer = await stopped.client.post(f"/claims/{claim_of()}/corrections", json=changes, headers=stopped.as_("biller"))

    assert (answer.status_code, answer.json()["place"]) == (422, "coverages/2/payer_id")
