"""A stay that is billed in parts: each bill is a claim of its own, under the encounter that goes on."""

from datetime import date

import pytest
from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.identifiers import encounter_id, line_id

from ..builders import PRACTICE, a_line, an_inpatient_encounter


def a_bill(version: int, type_of_bill: str, first: date, last: date, **changes):
    whole = an_inpatient_encounter()
    status = "01" if type_of_bill.endswith("4") else "30"
    stay = whole.stay.model_copy(
        update={
            "type_of_bill": type_of_bill,
            "patient_status": status,
            "admitted_on": date(2026, 3, 2),
            "discharged_hour": 11 if status == "01" else None,
        }
    )
    line = a_line(
        procedure=None,
        revenue_code="0120",
        charge="4000.00",
        units=str((last - first).days + (status == "30")),
        service_from=first,
        line_id=line_id(encounter_id(PRACTICE, "ehr", "E1"), PRACTICE, f"{first}/1"),
    )
    return an_inpatient_encounter(version=version, stay=stay, started_on=first, ended_on=last, lines=(line,), **changes)


MARCH = a_bill(1, "112", date(2026, 3, 2), date(2026, 3, 31))
APRIL = a_bill(2, "113", date(2026, 4, 1), date(2026, 4, 30))
MAY = a_bill(3, "114", date(2026, 5, 1), date(2026, 5, 9))


async def sent(service) -> list:
    return await service.told(ClaimSubmitted)


async def test_the_bills_of_one_stay_are_claims_of_their_own_with_their_own_frequency(claim_svc):
    await claim_svc.hears(MARCH, APRIL, MAY)

    told = await sent(claim_svc)
    assert [(each.frequency_code, each.statement_from.month) for each in told] == [("2", 3), ("3", 4), ("4", 5)]
    assert len({each.control_number for each in told}) == 3
    answer = await claim_svc.client.get("/corrections", headers=claim_svc.as_("biller"))
    assert answer.json()["corrections"] == []


async def test_a_newer_version_of_one_bill_corrects_that_bill_alone(claim_svc):
    await claim_svc.hears(MARCH, APRIL)

    await claim_svc.hears(a_bill(3, "113", date(2026, 4, 1), date(2026, 4, 29)))

    (correction,) = (await claim_svc.client.get("/corrections", headers=claim_svc.as_("biller"))).json()["corrections"]
    april = (await sent(claim_svc))[1].claim_id
    assert (correction["claim_id"], correction["places"]) == (str(april), ["ended_on", "lines/1/units"])


@pytest.mark.parametrize("again", [1, 2])
async def test_a_bill_that_comes_again_is_the_same_claim(claim_svc, again):
    await claim_svc.hears(*[MARCH] * again, MARCH, APRIL)

    assert len(await sent(claim_svc)) == 2
