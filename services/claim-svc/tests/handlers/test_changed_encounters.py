"""An encounter is billed in one version: to payers or to the patient, in one shape, each charge line on one claim."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimSubmitted

from ..builders import (
    PRACTICE,
    a_contract_changed,
    a_line,
    a_practice_changed,
    an_encounter_coded,
    an_inpatient_encounter,
    claim_of,
)

HELD = {"diagnoses": ("ZZZZ",)}
E1 = an_encounter_coded().encounter_id


def many_lines(*numbers):
    return tuple(a_line(number, charge="1.00", procedure="J1885", units=str(number)) for number in numbers)


async def charged(claim_svc) -> dict:
    """What is on the books after all that was told, by account; nothing is left out."""
    return {told.account_id: told.total_charge for told in await claim_svc.told(ClaimAssembled)}


async def live_lines(claim_svc) -> dict:
    rows = await claim_svc.database.fetch("SELECT line_id, claim_id FROM charge_lines WHERE is_live")
    return {row["line_id"]: row["claim_id"] for row in rows}


async def on_claims(claim_svc) -> list:
    rows = await claim_svc.database.fetch(
        "SELECT (line->>'line_id')::uuid AS line, id FROM claims, jsonb_array_elements(document->'content'->'lines') AS line"
    )
    return [(row["line"], row["id"]) for row in rows]


async def visit(claim_svc) -> dict:
    return await claim_svc.database.fetch_one("SELECT total_charge_cents, is_live FROM self_pay_visits")


async def waiting(claim_svc) -> dict:
    rows = await claim_svc.database.fetch(
        "SELECT claim_id, encounter_version, content AS document FROM corrections WHERE state = 'waiting'"
    )
    return {(row["claim_id"], row["encounter_version"]): row["document"] for row in rows}


async def states(claim_svc) -> dict:
    return {row["id"]: row["state"] for row in await claim_svc.database.fetch("SELECT id, state FROM claims")}


async def test_a_held_claim_that_turns_out_to_be_self_pay_is_withdrawn_and_the_patient_owes_it(claim_svc):
    await claim_svc.hears(an_encounter_coded(**HELD))

    await claim_svc.hears(an_encounter_coded(version=2, payers=()))

    assert await charged(claim_svc) == {claim_of(): Decimal("0.00"), E1: Decimal("120.00")}
    assert await states(claim_svc) == {claim_of(): "withdrawn"}
    assert (await live_lines(claim_svc), await on_claims(claim_svc)) == ({}, [])
    assert await visit(claim_svc) == {"total_charge_cents": 12000, "is_live": True}


async def test_a_self_pay_visit_that_turns_out_to_be_insured_is_taken_back_from_the_patient_and_claimed(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=()))

    await claim_svc.hears(an_encounter_coded(version=2))

    assert await charged(claim_svc) == {E1: Decimal("0.00"), claim_of(): Decimal("120.00")}
    assert await visit(claim_svc) == {"total_charge_cents": 0, "is_live": False}
    assert [told.claim_id for told in await claim_svc.told(ClaimSubmitted)] == [claim_of()]


async def test_a_submitted_claim_that_turns_out_to_be_self_pay_waits_and_the_patient_owes_nothing(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_encounter_coded(version=2, payers=(), charge="150.00"))

    assert await charged(claim_svc) == {claim_of(): Decimal("120.00")}
    assert await visit(claim_svc) is None
    kept = await waiting(claim_svc)
    assert {place: [line["charge"] for line in kept[place].get("lines", [])] for place in kept} == {
        (claim_of(), 2): [],
        (E1, 2): ["150.00"],
    }


async def test_an_encounter_that_changes_again_and_again_is_billed_as_it_was_said_last(claim_svc):
    for version, payers in enumerate(((), ("blue",), (), ("blue",)), start=1):
        await claim_svc.hears(an_encounter_coded(version=version, payers=payers, **HELD))

    assert await charged(claim_svc) == {E1: Decimal("0.00"), claim_of(): Decimal("120.00")}
    assert await states(claim_svc) == {claim_of(): "held"}
    assert await live_lines(claim_svc) == {a_line().line_id: claim_of()}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (an_encounter_coded(**HELD), an_encounter_coded(version=2, payers=())),
        (an_encounter_coded(payers=()), an_encounter_coded(version=2)),
        (an_encounter_coded(**HELD), an_inpatient_encounter(version=2)),
    ],
)
async def test_an_older_version_that_comes_late_changes_nothing(claim_svc, first, second):
    await claim_svc.hears(second)
    before = (await charged(claim_svc), await states(claim_svc), await visit(claim_svc))

    await claim_svc.hears(first)

    assert (await charged(claim_svc), await states(claim_svc), await visit(claim_svc)) == before


async def test_two_versions_in_one_batch_are_billed_once(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=()), an_encounter_coded(version=2), an_encounter_coded(version=3))

    assert await charged(claim_svc) == {E1: Decimal("0.00"), claim_of(): Decimal("120.00")}
    assert len(await claim_svc.told(ClaimSubmitted)) == 1


async def test_a_held_professional_claim_that_turns_out_to_be_institutional_is_replaced(claim_svc):
    await claim_svc.hears(an_encounter_coded(**HELD))

    await claim_svc.hears(an_inpatient_encounter(version=2))

    hospital = claim_of(kind="institutional")
    assert await charged(claim_svc) == {claim_of(): Decimal("0.00"), hospital: Decimal("4000.00")}
    assert await states(claim_svc) == {claim_of(): "withdrawn", hospital: "released"}
    assert await on_claims(claim_svc) == list((await live_lines(claim_svc)).items()) == [(a_line().line_id, hospital)]


async def test_a_submitted_professional_claim_that_turns_out_to_be_institutional_waits(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_inpatient_encounter(version=2))

    hospital = claim_of(kind="institutional")
    assert [told.claim_id for told in await claim_svc.told(ClaimSubmitted)] == [claim_of()]
    assert set(await waiting(claim_svc)) == {(claim_of(), 2), (hospital, 2)}
    assert await live_lines(claim_svc) == {a_line().line_id: claim_of()}


async def test_a_held_encounter_that_needs_fewer_claims_leaves_none_of_the_old_ones(claim_svc):
    await claim_svc.hears(an_encounter_coded(lines=many_lines(*range(1, 52)), **HELD))

    await claim_svc.hears(an_encounter_coded(version=2, lines=many_lines(*range(2, 52))))

    assert await charged(claim_svc) == {claim_of(): Decimal("50.00"), claim_of(part=2): Decimal("0.00")}
    assert await states(claim_svc) == {claim_of(): "released", claim_of(part=2): "withdrawn"}
    assert set((await live_lines(claim_svc)).values()) == {claim_of()}
    assert sorted(await on_claims(claim_svc)) == sorted((await live_lines(claim_svc)).items())


async def test_a_line_that_moves_to_another_claim_of_a_held_encounter_is_live_there(claim_svc):
    await claim_svc.hears(an_encounter_coded(lines=many_lines(*range(1, 103)), **HELD))

    await claim_svc.hears(an_encounter_coded(version=2, lines=many_lines(*range(2, 104))))

    assert sorted(await on_claims(claim_svc)) == sorted((await live_lines(claim_svc)).items())
    assert len(await live_lines(claim_svc)) == 102


async def part_one_leaves_and_part_two_is_held(claim_svc):
    """Two claims, of which the second has a service without a charge."""
    lines = (*many_lines(*range(1, 51)), a_line(51, charge="0.00", procedure="J1885", units="51"))
    await claim_svc.hears(an_encounter_coded(lines=lines))
    assert await states(claim_svc) == {claim_of(): "released", claim_of(part=2): "held"}


async def test_a_claim_that_is_held_beside_a_submitted_one_is_mended_by_a_newer_version(claim_svc):
    await part_one_leaves_and_part_two_is_held(claim_svc)

    await claim_svc.hears(an_encounter_coded(version=2, lines=many_lines(*range(1, 52))))

    assert [told.claim_id for told in await claim_svc.told(ClaimSubmitted)] == [claim_of(), claim_of(part=2)]
    assert await waiting(claim_svc) == {}


@pytest.mark.parametrize("numbers", [range(2, 53), range(1, 51), range(1, 103)])
async def test_no_line_moves_once_one_of_the_claims_was_submitted(claim_svc, numbers):
    await part_one_leaves_and_part_two_is_held(claim_svc)
    before = await live_lines(claim_svc)

    await claim_svc.hears(an_encounter_coded(version=2, lines=many_lines(*numbers)))

    assert (await live_lines(claim_svc), len(await claim_svc.told(ClaimSubmitted))) == (before, 1)
    kept = await waiting(claim_svc)
    changed = {claim_of(): numbers[0] != 1, claim_of(part=2): True, claim_of(part=3): len(numbers) > 100}
    assert set(kept) == {(claim, 2) for claim, is_changed in changed.items() if is_changed}
    unchanged = 0 if changed[claim_of()] else 50
    assert sum(len(document.get("lines", [])) for document in kept.values()) == len(numbers) - unchanged


async def test_a_replay_of_changed_encounters_with_an_empty_inbox_changes_nothing(claim_svc):
    events = [
        an_encounter_coded("E1", payers=()),
        an_encounter_coded("E1", version=2),
        an_encounter_coded("E1", version=3, payers=()),
        an_encounter_coded("E2", charge="90.00", **HELD),
        an_inpatient_encounter(encounter="E2", version=2, lines=(a_line(encounter="E2", revenue_code="0120"),)),
    ]
    await claim_svc.hears(*events)
    before = (await claim_svc.told_topics(), await states(claim_svc), await waiting(claim_svc))
    await claim_svc.database.fetch("DELETE FROM inbox")

    await claim_svc.hears(*events)

    assert (await claim_svc.told_topics(), await states(claim_svc), await waiting(claim_svc)) == before


async def test_a_withdrawn_claim_cannot_be_corrected(claim_svc):
    await claim_svc.hears(an_encounter_coded(**HELD))
    await claim_svc.hears(an_encounter_coded(version=2, payers=()))

    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "diagnoses/1/code", "value": "E119"}]},
        headers=claim_svc.as_("biller"),
    )

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "claim-not-open")
    counts = (await claim_svc.client.get("/counts", headers=claim_svc.as_("biller"))).json()
    assert (counts["claims"], counts["self_pay_visits"]) == ({"withdrawn": 1}, 1)


async def test_a_practice_that_comes_late_bills_only_the_newest_version(new_claim_svc):
    await new_claim_svc.hears(an_encounter_coded(version=1))
    await new_claim_svc.hears(an_encounter_coded(version=2, payers=()))

    await new_claim_svc.hears(a_practice_changed(), a_contract_changed())

    told = {event.account_id: event.total_charge for event in await new_claim_svc.told(ClaimAssembled)}
    on_patient, on_payer = told.get(E1, Decimal(0)), told.get(claim_of(), Decimal(0))
    assert sorted((on_patient, on_payer)) == [Decimal(0), Decimal(120)]
    assert await new_claim_svc.database.value("SELECT count(*) FROM billings WHERE practice = $1", PRACTICE) == 1
