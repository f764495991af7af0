"""Contracts by code and by day of service."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from claim_svc.domain.contracts import Contract, ContractRevision
from claim_svc.domain.pricing import contract_version, expected_for
from claim_svc.practice_store import ContractCache
from claimstream_schemas.values.contract import terms_of

from ..builders import a_fee_schedule, a_line

FEES = (
    {"procedure": "99213", "allowed": "80.00"},
    {"procedure": "99213", "modifier": "25", "allowed": "70.00"},
    {"procedure": "99213", "modifier": "95", "allowed": "60.00"},
    {"procedure": "99213", "allowed": "1.00"},
)


def a_contract(*schedules) -> Contract:
    made = schedules or (a_fee_schedule(fees=FEES),)
    return ContractRevision("bay-state", "blue-2026", 1, chunks=1).with_chunk(1, terms_of(made)).contract


@pytest.mark.parametrize(
    ("modifiers", "allowed"),
    [((), "80.00"), (("25",), "70.00"), (("95", "25"), "70.00"), (("59",), "80.00"), (("59", "95"), "60.00")],
)
def test_a_fee_is_found_by_procedure_and_modifier_the_first_that_is_listed(modifiers, allowed):
    terms = a_contract().on(date(2026, 3, 2))

    assert expected_for(a_line(modifiers=modifiers), terms).allowed == Decimal(allowed)


def test_without_a_fee_a_percentage_of_the_charge_is_allowed_and_without_one_nothing_is_known():
    percent = a_contract(a_fee_schedule(percent_of_charge="40")).on(date(2026, 3, 2))
    plain = a_contract().on(date(2026, 3, 2))

    assert expected_for(a_line(procedure="80048"), percent).allowed == Decimal("48.00")
    assert expected_for(a_line(procedure="80048"), plain).allowed is None
    assert expected_for(a_line(), None).allowed is None


def test_the_latest_terms_in_force_hold():
    contract = a_contract(
        a_fee_schedule(version="old", effective_to="2026-12-31"),
        a_fee_schedule(version="new", effective_from="2026-03-02"),
    )

    versions = {day: contract_version(contract.on(day)) for day in (date(2026, 3, 1), date(2026, 3, 2))}

    assert versions == {date(2026, 3, 1): "blue-2026 old", date(2026, 3, 2): "blue-2026 new"}
    assert contract.on(date(2024, 12, 31)) is None


def test_terms_whose_fees_are_in_several_chunks_are_one_in_the_order_of_the_chunks():
    (whole,) = terms_of([a_fee_schedule(fees=FEES)])
    first, second = (whole.model_copy(update={"fees": whole.fees[place::2]}) for place in (0, 1))
    coming = ContractRevision("bay-state", "blue-2026", 1, chunks=2)

    contract = coming.with_chunk(2, (second,)).with_chunk(1, (first,)).contract

    assert [len(each.fees) for each in contract.terms] == [3]
    assert contract.terms[0].fee_for("99213", ()) == Decimal("80.00")


def test_only_so_many_fees_are_remembered_and_the_least_used_go_first():
    cache, contract = ContractCache(most_fees=3 * a_contract().size), a_contract()
    for revision in (1, 2, 3):
        cache.keep(replace(contract, revision=revision))
    cache.get(("bay-state", "blue-2026", 1))

    cache.keep(replace(contract, revision=4))

    there = [revision for revision in range(1, 5) if cache.get(("bay-state", "blue-2026", revision))]
    assert there == [1, 3, 4]
