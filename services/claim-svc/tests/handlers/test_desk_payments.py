"""What a patient paid at the desk is on the books once, as the newest version says, while something of the visit is billed."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimSubmitted
from claimstream_schemas.values.encounter import VisitFacts

from ..builders import a_line, an_adjudication, an_encounter_coded, an_inpatient_encounter, claim_of, desk_money

HELD = {"diagnoses": ("ZZZZ",)}
E1 = an_encounter_coded().encounter_id


def paid(amount: str | None) -> dict:
    return {"facts": VisitFacts(patient_paid=amount)}


def many_lines(*numbers):
    return tuple(a_line(number, charge="1.00", procedure="J1885", units=str(number)) for number in numbers)


async def test_a_copay_is_told_with_the_claim(claim_svc):
    await claim_svc.hears(an_encounter_coded(**paid("20.00")))

    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}


@pytest.mark.parametrize("amount", [None, "0.00"])
async def test_nothing_paid_is_nothing_told(claim_svc, amount):
    await claim_svc.hears(an_encounter_coded(**paid(amount)))

    assert await desk_money(claim_svc) == {}


async def test_of_a_visit_on_two_claims_the_first_has_it_for_the_books_and_for_the_payer(claim_svc):
    await claim_svc.hears(an_encounter_coded(lines=many_lines(*range(1, 53)), **paid("20.00")))

    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}
    said = {told.claim_id: told.facts.patient_paid for told in await claim_svc.told(ClaimSubmitted)}
    assert said == {claim_of(): Decimal("20.00"), claim_of(part=2): None}


async def test_a_self_pay_visit_has_it_and_hands_it_on_when_it_turns_out_to_be_insured(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=(), **paid("20.00")))
    assert await desk_money(claim_svc) == {E1: Decimal("20.00")}

    await claim_svc.hears(an_encounter_coded(version=2, **paid("20.00")))
    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}


@pytest.mark.parametrize(
    ("second", "account"),
    [
        (an_encounter_coded(version=2, payers=(), **paid("25.00")), E1),
        (an_encounter_coded(version=2, **HELD, **paid("25.00")), claim_of()),
        (an_inpatient_encounter(version=2, **paid("25.00")), claim_of(kind="institutional")),
    ],
)
async def test_a_claim_that_is_replaced_gives_it_up_to_what_replaces_it(claim_svc, second, account):
    await claim_svc.hears(an_encounter_coded(**HELD, **paid("20.00")))

    await claim_svc.hears(second)

    assert await desk_money(claim_svc) == {account: Decimal("25.00")}


BILLED_TO = [((), E1), (("blue",), claim_of())]


@pytest.mark.parametrize(("payers", "account"), BILLED_TO)
@pytest.mark.parametrize("said", [None, "20.00"])
async def test_what_was_paid_for_a_visit_that_was_called_off_stays_until_it_is_given_back(
    claim_svc, payers, account, said
):
    await claim_svc.hears(an_encounter_coded(payers=payers, **HELD, **paid("20.00")))

    await claim_svc.hears(an_encounter_coded(version=2, payers=(), lines=(), ended="cancelled", **paid(said)))
    assert await desk_money(claim_svc) == {account: Decimal("20.00")}

    await claim_svc.hears(an_encounter_coded(version=3, payers=(), lines=(), ended="cancelled", **paid("0.00")))
    assert await desk_money(claim_svc) == {}


@pytest.mark.parametrize(("payers", "account"), BILLED_TO)
@pytest.mark.parametrize(("later", "its_account"), BILLED_TO)
async def test_what_was_paid_goes_along_when_the_visit_takes_place_after_all(
    claim_svc, payers, account, later, its_account
):
    await claim_svc.hears(an_encounter_coded(payers=payers, **HELD, **paid("20.00")))
    await claim_svc.hears(an_encounter_coded(version=2, payers=(), lines=(), ended="reopened"))

    await claim_svc.hears(an_encounter_coded(version=3, payers=later, **paid("20.00")))

    assert await desk_money(claim_svc) == {its_account: Decimal("20.00")}


@pytest.mark.parametrize(
    "second",
    [
        an_encounter_coded(version=2, charge="150.00", **paid("35.00")),
        an_encounter_coded(version=2, payers=(), **paid("35.00")),
        an_inpatient_encounter(version=2, **paid("35.00")),
    ],
)
async def test_a_copay_that_is_told_after_the_claim_left_is_on_the_books_though_the_rest_waits(claim_svc, second):
    await claim_svc.hears(an_encounter_coded(**paid("20.00")))

    await claim_svc.hears(second)

    assert await desk_money(claim_svc) == {claim_of(): Decimal("35.00")}
    assert len(await claim_svc.told(ClaimSubmitted)) == 1


async def test_a_version_that_waits_and_changes_nothing_at_the_desk_tells_nothing(claim_svc):
    await claim_svc.hears(an_encounter_coded(**paid("20.00")))
    before = len(await claim_svc.told(ClaimAssembled))

    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00", **paid("20.00")))

    assert len(await claim_svc.told(ClaimAssembled)) == before


async def test_the_next_payer_is_told_what_was_paid_at_the_desk_by_then(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare"), **paid(None)))
    await claim_svc.hears(an_encounter_coded(version=2, payers=("blue", "medicare"), **paid("20.00")))

    await claim_svc.hears(an_adjudication(claim_of()))

    assert [told.facts.patient_paid for told in await claim_svc.told(ClaimSubmitted)] == [None, Decimal("20.00")]


async def test_a_reopened_visit_keeps_what_was_paid_for_what_was_submitted(claim_svc):
    await claim_svc.hears(an_encounter_coded(**paid("20.00")))

    await claim_svc.hears(an_encounter_coded(version=2, payers=(), lines=(), ended="reopened"))
    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}

    await claim_svc.hears(an_encounter_coded(version=3, **paid("30.00")))
    assert await desk_money(claim_svc) == {claim_of(): Decimal("30.00")}
    claim = (await claim_svc.client.get(f"/claims/{claim_of()}", headers=claim_svc.as_("biller"))).json()
    assert claim["visit_ended"] is None


async def test_what_was_paid_for_a_visit_that_was_called_off_at_once_is_desk_money(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=(), lines=(), ended="cancelled", **paid("25.00")))

    assert await desk_money(claim_svc) == {E1: Decimal("25.00")}
