"""A claim is priced by the revision that its practice names, and by no other."""

from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from claim_svc import practice_store
from claimstream_schemas import ClaimSubmitted, ContractChanged

from ..builders import (
    BLUE_CONTRACT,
    PRACTICE,
    a_contract_changed,
    a_patient,
    a_practice,
    a_practice_changed,
    a_whole_practice_changed,
    an_encounter_coded,
    claim_of,
    contract_chunks,
)

ANOTHER = a_patient(birth_date=date(1990, 1, 1))


async def priced(service) -> list[tuple[str | None, Decimal | None]]:
    """Each submission's contract, and what it allows for the first line."""
    return [(each.contract_version, each.lines[0].expected.allowed) for each in await service.told(ClaimSubmitted)]


async def waiting(service) -> list[str]:
    return [row["fact"] for row in await service.database.fetch("SELECT fact FROM waiting ORDER BY id")]


async def revisions(service) -> list[tuple[int, bool]]:
    rows = await service.database.fetch("SELECT revision, is_complete FROM contracts ORDER BY revision")
    return [(row["revision"], row["is_complete"]) for row in rows]


async def test_a_claim_whose_contract_comes_after_it_waits_and_is_then_priced(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), an_encounter_coded())
    waited = await waiting(new_claim_svc)
    await new_claim_svc.hears(a_contract_changed())

    assert waited == ["contract/bay-state/blue-2026/1"]
    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00"))]
    assert await waiting(new_claim_svc) == []


async def test_a_claim_that_waits_for_its_contract_leaves_no_trace(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), an_encounter_coded())

    assert await new_claim_svc.told_topics() == []
    for table in ("claims", "billings", "charge_lines", "billed_services", "submissions"):
        assert await new_claim_svc.database.value(f"SELECT count(*) FROM {table}") == 0  # noqa: S608  a name above


async def test_practice_contract_and_claim_may_come_in_one_batch_in_any_order(new_claim_svc):
    await new_claim_svc.hears(an_encounter_coded("E1"), a_contract_changed(), a_practice_changed())

    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00"))]


async def test_a_claim_waits_for_the_contracts_of_its_own_payers_alone(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), an_encounter_coded(payers=("medicare",)))

    assert await priced(new_claim_svc) == [(None, None)]


async def test_a_claim_waits_for_the_contract_of_its_second_payer_too(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), an_encounter_coded(payers=("medicare", "blue")))

    assert await waiting(new_claim_svc) == ["contract/bay-state/blue-2026/1"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_chunks_come_in_any_order_and_twice(new_claim_svc, order):
    chunks = contract_chunks()
    await new_claim_svc.hears(a_practice_changed(), an_encounter_coded())

    for place in order[:2]:
        await new_claim_svc.hears(chunks[place], chunks[place])
    before = await revisions(new_claim_svc), await priced(new_claim_svc)
    await new_claim_svc.hears(*(chunks[place] for place in order))

    assert before == ([(1, False)], [])
    assert await revisions(new_claim_svc) == [(1, True)]
    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00"))]


async def test_a_part_of_a_contract_prices_nothing_in_its_own_batch_and_in_the_next(new_claim_svc):
    first, second, third = contract_chunks()

    await new_claim_svc.hears(a_practice_changed(), third, an_encounter_coded("E1"))
    await new_claim_svc.hears(second, an_encounter_coded("E2", patient=ANOTHER))
    before = await priced(new_claim_svc)
    await new_claim_svc.hears(first)

    assert before == []
    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00"))] * 2


async def test_a_new_revision_prices_new_claims_only(new_claim_svc):
    first = a_contract_changed(1), a_practice_changed(1, contract=1)
    second = a_practice_changed(2, contract=2), a_contract_changed(2, allowed="90.00")

    await new_claim_svc.hears(*first, an_encounter_coded("E1"))
    frozen = await new_claim_svc.told(ClaimSubmitted)
    await new_claim_svc.hears(*second, an_encounter_coded("E2", patient=ANOTHER))

    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00")), ("blue-2026 2", Decimal("90.00"))]
    assert (await new_claim_svc.told(ClaimSubmitted))[:1] == frozen


async def test_a_revision_that_the_practice_does_not_name_yet_prices_nothing(claim_svc):
    await claim_svc.hears(a_contract_changed(2, allowed="90.00"), an_encounter_coded())

    assert await priced(claim_svc) == [("blue-2026 1", Decimal("80.00"))]


async def test_a_contract_that_was_removed_leaves_the_expectation_unknown(claim_svc):
    removed = ContractChanged(practice_id=PRACTICE, contract_id=BLUE_CONTRACT, revision=2, removed=True)

    await claim_svc.hears(removed, a_practice_changed(2, contract=None), an_encounter_coded())
    await claim_svc.hears(a_practice_changed(3, contract=2), an_encounter_coded("E2", patient=ANOTHER))

    assert await priced(claim_svc) == [(None, None), (None, None)]


async def test_a_revision_that_comes_again_or_late_changes_nothing(claim_svc):
    await claim_svc.hears(a_contract_changed(3))
    await claim_svc.hears(a_contract_changed(2), a_contract_changed(3, allowed="1.00"), a_contract_changed(1))

    assert await revisions(claim_svc) == [(1, True), (3, True)]
    await claim_svc.hears(a_practice_changed(2, contract=3), an_encounter_coded())
    assert await priced(claim_svc) == [("blue-2026 3", Decimal("80.00"))]


async def test_a_practice_told_in_its_first_version_brings_its_contracts_with_it(new_claim_svc):
    await new_claim_svc.hears(a_whole_practice_changed(4), an_encounter_coded())

    assert await priced(new_claim_svc) == [("blue-2026 1", Decimal("80.00"))]
    assert await revisions(new_claim_svc) == [(4, True)]


async def test_an_old_practice_that_is_told_again_brings_nothing(claim_svc):
    await claim_svc.hears(a_practice_changed(5), a_whole_practice_changed(4, allowed="1.00"), an_encounter_coded())

    assert await priced(claim_svc) == [("blue-2026 1", Decimal("80.00"))]
    assert await revisions(claim_svc) == [(1, True)]


async def test_a_contract_is_read_once_and_a_batchs_in_one_statement(new_claim_svc, monkeypatch):
    payers = [
        {**a_practice().payers[0].model_dump(mode="json"), "id": name, "x12_id": name.upper(), "fee_schedule": name}
        for name in ("one", "two")
    ]
    practice = a_practice_changed(payers=payers)
    named = tuple(practice.contracts[0].model_copy(update={"id": name}) for name in ("one", "two"))
    contracts = [a_contract_changed().model_copy(update={"contract_id": name}) for name in ("one", "two")]
    await new_claim_svc.hears(practice.model_copy(update={"contracts": named}), *contracts)
    read = []

    async def counted(connection, table, keys, *, lock):
        read.append(sorted(keys))
        return await original(connection, table, keys, lock=lock)

    original = practice_store.select_by_key
    monkeypatch.setattr(practice_store, "select_by_key", counted)
    for number in range(2):
        await new_claim_svc.hears(
            an_encounter_coded(f"A{number}", payers=("one",)), an_encounter_coded(f"B{number}", payers=("two",))
        )

    assert [each for each in read if each] == [[(PRACTICE, "one", 1), (PRACTICE, "two", 1)]]


async def test_a_claim_is_not_mended_before_the_contract_that_the_practice_names(claim_svc):
    await claim_svc.hears(an_encounter_coded(diagnoses=("NONE",)), a_practice_changed(2, contract=2))
    change = {"changes": [{"place": "diagnoses/1/code", "value": "E119"}]}
    address = f"/claims/{claim_of()}/corrections"

    early = await claim_svc.client.post(address, json=change, headers=claim_svc.as_("biller"))
    await claim_svc.hears(a_contract_changed(2, allowed="90.00"))
    late = await claim_svc.client.post(address, json=change, headers=claim_svc.as_("biller"))

    assert (early.status_code, early.json()["type"].rsplit("/", 1)[-1]) == (409, "contract-on-its-way")
    assert late.status_code == 200
    assert await priced(claim_svc) == [("blue-2026 2", Decimal("90.00"))]
