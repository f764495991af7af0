"""A visit that ended is not billed: what was not submitted is withdrawn, for what was a void waits for a person."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimSubmitted

from ..builders import a_line, an_adjudication, an_answer, an_encounter_coded, claim_of

HELD = {"diagnoses": ("ZZZZ",)}
E1 = an_encounter_coded().encounter_id
ENDINGS = ("cancelled", "entered_in_error", "reopened")


def an_ended(ending: str = "cancelled", version: int = 2, **changes):
    return an_encounter_coded(version=version, payers=(), lines=(), ended=ending, **changes)


def many_lines(*numbers):
    return tuple(a_line(number, charge="1.00", procedure="J1885", units=str(number)) for number in numbers)


async def charged(claim_svc) -> dict:
    return {told.account_id: told.total_charge for told in await claim_svc.told(ClaimAssembled)}


async def states(claim_svc) -> dict:
    return {row["id"]: row["state"] for row in await claim_svc.database.fetch("SELECT id, state FROM claims")}


async def live_lines(claim_svc) -> list:
    rows = await claim_svc.database.fetch("SELECT line_id FROM charge_lines WHERE is_live")
    return [row["line_id"] for row in rows]


async def waiting(claim_svc) -> dict:
    rows = await claim_svc.database.fetch(
        "SELECT claim_id, encounter_version, content AS document FROM corrections WHERE state = 'waiting'"
    )
    return {(row["claim_id"], row["encounter_version"]): row["document"].get("lines", []) for row in rows}


async def visits(claim_svc) -> list:
    return await claim_svc.database.fetch("SELECT total_charge_cents, is_live FROM self_pay_visits")


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_claim_that_was_not_submitted_is_withdrawn_and_off_the_books(claim_svc, ending):
    await claim_svc.hears(an_encounter_coded(**HELD))

    await claim_svc.hears(an_ended(ending))

    assert await charged(claim_svc) == {claim_of(): Decimal("0.00")}
    assert await states(claim_svc) == {claim_of(): "withdrawn"}
    assert (await live_lines(claim_svc), await waiting(claim_svc), await visits(claim_svc)) == ([], {}, [])


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_self_pay_visit_ends_and_nobody_owes_it(claim_svc, ending):
    await claim_svc.hears(an_encounter_coded(payers=()))

    await claim_svc.hears(an_ended(ending))

    assert await charged(claim_svc) == {E1: Decimal("0.00")}
    assert await visits(claim_svc) == [{"total_charge_cents": 0, "is_live": False}]


@pytest.mark.parametrize("ending", ["cancelled", "entered_in_error"])
async def test_a_void_of_what_was_submitted_waits_for_a_person(claim_svc, ending):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_ended(ending))

    assert await waiting(claim_svc) == {(claim_of(), 2): []}
    assert await charged(claim_svc) == {claim_of(): Decimal("120.00")}
    assert (await states(claim_svc), await visits(claim_svc)) == ({claim_of(): "released"}, [])


async def test_nothing_waits_for_a_submitted_visit_that_is_open_again_but_its_next_version(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_ended("reopened"))
    assert await waiting(claim_svc) == {}

    await claim_svc.hears(an_encounter_coded(version=3, charge="150.00"))
    assert {place: [line["charge"] for line in lines] for place, lines in (await waiting(claim_svc)).items()} == {
        (claim_of(), 3): ["150.00"]
    }


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_encounter_that_ended_before_it_was_billed_is_nowhere(claim_svc, ending):
    await claim_svc.hears(an_ended(ending, version=1))

    assert (await charged(claim_svc), await states(claim_svc), await visits(claim_svc)) == ({}, {}, [])


@pytest.mark.parametrize("ending", ENDINGS)
async def test_a_version_that_is_finished_again_is_billed_as_usual(claim_svc, ending):
    await claim_svc.hears(an_encounter_coded(**HELD), an_ended(ending))

    await claim_svc.hears(an_encounter_coded(version=3))

    assert await charged(claim_svc) == {claim_of(): Decimal("120.00")}
    assert [told.encounter_id for told in await claim_svc.told(ClaimSubmitted)] == [E1]
    assert (await states(claim_svc), await visits(claim_svc)) == ({claim_of(): "released"}, [])


async def test_an_insured_version_after_an_ended_one_was_never_self_pay(claim_svc):
    await claim_svc.hears(an_ended("reopened", version=1))

    await claim_svc.hears(an_encounter_coded(version=2))

    assert await charged(claim_svc) == {claim_of(): Decimal("120.00")}
    assert await visits(claim_svc) == []


async def test_a_self_pay_version_after_an_ended_one_is_owed(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=()), an_ended("reopened"))

    await claim_svc.hears(an_encounter_coded(version=3, payers=(), charge="90.00"))

    assert await charged(claim_svc) == {E1: Decimal("90.00")}
    assert await visits(claim_svc) == [{"total_charge_cents": 9000, "is_live": True}]


@pytest.mark.parametrize("first", [an_encounter_coded(**HELD), an_encounter_coded(payers=())])
async def test_an_ended_version_that_comes_again_or_an_older_one_late_changes_nothing(claim_svc, first):
    await claim_svc.hears(first, an_ended())
    before = (await claim_svc.told_topics(), await states(claim_svc), await visits(claim_svc))

    await claim_svc.hears(first, an_ended(), an_encounter_coded(version=1))

    assert (await claim_svc.told_topics(), await states(claim_svc), await visits(claim_svc)) == before


async def test_a_part_that_was_held_is_withdrawn_beside_one_that_was_submitted_and_comes_back(claim_svc):
    first, second = many_lines(*range(1, 51)), many_lines(51, 52)
    held = (second[0].model_copy(update={"diagnosis_pointers": ()}), second[1])
    await claim_svc.hears(an_encounter_coded(lines=first + held))

    await claim_svc.hears(an_ended("reopened"))
    assert await states(claim_svc) == {claim_of(): "released", claim_of(part=2): "withdrawn"}
    assert await waiting(claim_svc) == {}

    await claim_svc.hears(an_encounter_coded(version=3, lines=first + second))
    assert await states(claim_svc) == {claim_of(): "released", claim_of(part=2): "released"}
    assert await waiting(claim_svc) == {}
    assert await charged(claim_svc) == {claim_of(): Decimal("50.00"), claim_of(part=2): Decimal("2.00")}


async def test_a_withdrawn_part_does_not_come_back_with_a_line_of_the_submitted_one(claim_svc):
    first, second = many_lines(*range(1, 51)), many_lines(51, 52)
    held = (second[0].model_copy(update={"diagnosis_pointers": ()}), second[1])
    await claim_svc.hears(an_encounter_coded(lines=first + held), an_ended("reopened"))

    await claim_svc.hears(an_encounter_coded(version=3, lines=many_lines(53) + first + second))

    assert (await states(claim_svc))[claim_of(part=2)] == "withdrawn"
    assert set(await waiting(claim_svc)) == {
        (claim_of(), 3),
        (claim_of(part=2), 3),
    }  # the first changes, the second is new


async def test_a_cancelled_visit_is_not_billed_to_the_next_payer(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")), an_ended())

    await claim_svc.hears(an_adjudication(claim_of()))

    assert [told.payer_sequence for told in await claim_svc.told(ClaimSubmitted)] == ["P"]


async def test_the_next_payer_whose_turn_came_while_the_visit_was_open_is_billed_once_it_is_finished(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")), an_ended("reopened"))
    await claim_svc.hears(an_adjudication(claim_of()))
    assert [told.payer_sequence for told in await claim_svc.told(ClaimSubmitted)] == ["P"]

    await claim_svc.hears(an_encounter_coded(version=3, payers=("blue", "medicare")))
    assert [told.payer_sequence for told in await claim_svc.told(ClaimSubmitted)] == ["P", "S"]


async def test_a_rejected_claim_of_a_cancelled_visit_cannot_be_sent_again(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_answer(claim_of(), accepted=False), an_ended())

    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "diagnoses/1/code", "value": "E119"}]},
        headers=claim_svc.as_("biller"),
    )

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "claim-not-open")
    assert "cancelled" in answer.json()["detail"]
