"""A case is closed by the money that came, whichever is heard first, and opened again when that money is taken back."""

import asyncio
from uuid import UUID

import pytest
from claimstream_schemas import DenialChanged

from ..builders import (
    LAST,
    LATER,
    REMITTANCE,
    a_decision,
    a_denial,
    a_part_payment,
    a_payment,
    a_payment_taken_back,
    a_practice_changed,
    a_refusal,
    a_reversal,
    the_refusal,
)


async def states(denial_svc) -> list[str]:
    return [case.state for case in await denial_svc.told(DenialChanged)]


async def cases(denial_svc, **query) -> list[dict]:
    answer = await denial_svc.client.get("/cases", params=query, headers=denial_svc.as_("biller"))
    return answer.json()["cases"]


@pytest.mark.parametrize("why", ["paid", "decided_anew"])
async def test_a_refusal_that_a_later_remittance_settles_is_closed_by_it(denial_svc, why):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_payment(why))

    opened, closed = await denial_svc.told(DenialChanged)
    assert (opened.state, opened.closed_because) == ("open", None)
    assert (closed.state, closed.closed_because, closed.case_id) == ("closed", why, opened.case_id)
    (case,) = await cases(denial_svc)
    assert (case["state"], case["closed_because"], case["closed_by"]) == ("closed", why, str(LATER))


async def test_a_refusal_that_is_heard_after_its_money_is_opened_closed(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_payment())
    assert await denial_svc.told(DenialChanged) == []

    await denial_svc.hears(a_denial())

    (case,) = await denial_svc.told(DenialChanged)
    assert (case.state, case.closed_because) == ("closed", "paid")


async def test_in_one_batch_the_money_closes_what_was_refused_before_it(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_payment(), a_payment_taken_back())

    assert await states(denial_svc) == ["open", "closed", "open"]


async def test_a_refusal_that_waits_for_its_practice_is_closed_by_what_came_meanwhile(denial_svc):
    await denial_svc.hears(a_denial(), a_payment())

    await denial_svc.hears(a_practice_changed())

    assert await states(denial_svc) == ["closed"]


async def test_only_the_refusal_that_is_settled_is_closed(denial_svc):
    refusals = (a_refusal("197"), a_refusal("50"), a_refusal("197", line=2), a_refusal("197", group="PI"))
    await denial_svc.hears(a_practice_changed(), a_denial(*refusals))

    await denial_svc.hears(a_payment())

    (closed,) = await cases(denial_svc, state="closed")
    assert (closed["line_id"], closed["adjustment_group"], closed["carc"]) == (str(UUID(int=1)), "CO", "197")
    assert len(await cases(denial_svc, state="open")) == 3


async def test_a_refusal_of_the_whole_claim_is_closed_as_well(denial_svc):
    whole = a_refusal().model_copy(update={"line_id": None})
    await denial_svc.hears(a_practice_changed(), a_denial(whole))

    await denial_svc.hears(a_decision(settles=[the_refusal(line_id=None)]))

    assert await states(denial_svc) == ["open", "closed"]


async def test_money_that_is_told_again_closes_nothing_again(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_payment())
    await denial_svc.database.fetch("DELETE FROM inbox")

    await denial_svc.hears(a_payment(), a_denial(), a_payment())

    assert await states(denial_svc) == ["open", "closed"]


async def test_when_the_settling_decision_is_reversed_the_case_is_open_again(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_payment())

    await denial_svc.hears(a_payment_taken_back())

    assert await states(denial_svc) == ["open", "closed", "open"]
    (case,) = await cases(denial_svc)
    assert (case["state"], case["closed_because"], case["closed_by"]) == ("open", None, None)


async def test_money_that_was_taken_back_closes_nothing_when_it_is_told_again(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_payment(), a_payment_taken_back())
    await denial_svc.database.fetch("DELETE FROM inbox")

    await denial_svc.hears(a_payment(), a_payment_taken_back())

    assert await states(denial_svc) == ["open", "closed", "open"]


async def test_a_case_that_stands_again_may_be_paid_again(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_payment(), a_payment_taken_back())

    await denial_svc.hears(a_payment(remittance_id=UUID(int=10)))

    (case,) = await cases(denial_svc)
    assert (case["state"], case["closed_by"]) == ("closed", str(UUID(int=10)))


async def test_what_stands_again_without_having_been_settled_stays_open(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_payment_taken_back())

    assert await states(denial_svc) == ["open"]


@pytest.mark.parametrize("when", range(5))
async def test_wherever_the_refusal_comes_among_the_decisions_its_case_ends_where_they_leave_it(denial_svc, when):
    decisions = [
        a_payment("decided_anew"),
        a_payment_taken_back(),
        a_payment(remittance_id=UUID(int=10)),
        a_payment("decided_anew", remittance_id=UUID(int=11)),
    ]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)

    (case,) = await cases(denial_svc)
    assert (case["state"], case["closed_because"], case["closed_by"]) == ("closed", "decided_anew", str(UUID(int=11)))


@pytest.mark.parametrize("when", range(4))
async def test_a_refusal_that_was_taken_back_itself_is_withdrawn_whatever_else_came(denial_svc, when):
    decisions = [
        a_payment(),
        a_reversal(remittance_id=LAST),
        a_decision(reopens=[the_refusal()], remittance_id=UUID(int=10)),
    ]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)

    (case,) = await cases(denial_svc)
    assert (case["state"], case["closed_because"], case["closed_by"]) == ("withdrawn", None, None)
    assert (await states(denial_svc))[-1] == "withdrawn"


async def test_money_does_not_close_what_was_withdrawn_before_it(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_reversal(remittance_id=LAST))

    await denial_svc.hears(a_payment(), a_decision(reopens=[the_refusal()], remittance_id=UUID(int=10)))

    assert await states(denial_svc) == ["open", "withdrawn"]


async def test_a_reversal_that_also_names_the_refusals_it_takes_back_withdraws_each_once(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_reversal(settles=[the_refusal("taken_back")]))

    assert await states(denial_svc) == ["open", "withdrawn"]


@pytest.mark.parametrize("when", range(3))
async def test_a_refusal_that_is_named_as_taken_back_is_withdrawn_and_never_stands_again(denial_svc, when):
    decisions = [a_payment("taken_back"), a_decision(reopens=[the_refusal()], remittance_id=LAST)]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)

    assert [case["state"] for case in await cases(denial_svc)] == ["withdrawn"]


async def test_money_of_another_practice_or_claim_closes_nothing(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_payment(practice_id="other"), a_payment(claim_id=UUID(int=99)))

    assert await states(denial_svc) == ["open"]


async def test_two_practices_with_the_same_numbers_have_cases_of_their_own(denial_svc):
    ours = a_practice_changed()
    theirs = ours.model_copy(
        update={"practice_id": "other", "practice": ours.practice.model_copy(update={"id": "other"})}
    )
    await denial_svc.hears(ours, theirs, a_denial(), a_denial(practice_id="other"))

    await denial_svc.hears(a_payment(practice_id="other"))

    assert [case["state"] for case in await cases(denial_svc)] == ["open"]
    rows = await denial_svc.database.fetch("SELECT practice, state FROM cases ORDER BY practice")
    assert [tuple(row.values()) for row in rows] == [("bay-state", "open"), ("other", "closed")]


async def test_refusals_and_their_money_that_are_heard_at_the_same_moment_miss_each_other_never(denial_svc):
    await denial_svc.hears(a_practice_changed())
    claims = [UUID(int=100 + each) for each in range(40)]

    await asyncio.gather(
        denial_svc.hears(*(a_denial(claim_id=claim) for claim in claims)),
        denial_svc.hears(*(a_payment(claim_id=claim) for claim in claims)),
    )

    assert await denial_svc.database.value("SELECT count(*) FROM cases WHERE state = 'closed'") == len(claims)


async def test_closed_cases_are_listed_and_counted_apart(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("197"), a_refusal("50"), a_refusal("29", line=2)))
    await denial_svc.hears(a_payment(), a_decision(settles=[the_refusal("taken_back", carc="50")], remittance_id=LAST))

    counts = (await denial_svc.client.get("/counts", headers=denial_svc.as_("biller"))).json()["cases"]

    assert {each["state"]: each["n"] for each in counts} == {"open": 1, "closed": 1, "withdrawn": 1}
    listed = {state: [case["carc"] for case in await cases(denial_svc, state=state)] for state in ("open", "closed")}
    assert listed == {"open": ["29"], "closed": ["197"]}


async def standing(denial_svc) -> tuple[str, str, str]:
    (case,) = await cases(denial_svc)
    return case["state"], case["amount"], case["standing"]


async def test_a_case_stands_with_its_amount_until_money_comes(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())
    assert await standing(denial_svc) == ("open", "120.00", "120.00")

    await denial_svc.hears(a_payment())

    assert await standing(denial_svc) == ("closed", "120.00", "0.00")


async def test_a_refusal_that_is_partly_paid_stays_open_and_less_of_it_stands(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_part_payment("45.00"))

    assert await standing(denial_svc) == ("open", "120.00", "45.00")


async def test_what_only_makes_less_stand_is_not_told_for_the_event_would_say_the_same(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_part_payment())

    assert await states(denial_svc) == ["open"]


@pytest.mark.parametrize("when", range(3))
async def test_wherever_the_refusal_comes_among_part_payments_the_last_one_holds(denial_svc, when):
    decisions = [a_part_payment("80.00"), a_part_payment("45.00", remittance_id=LAST)]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)

    assert await standing(denial_svc) == ("open", "120.00", "45.00")


async def test_part_payments_that_are_told_again_change_nothing(denial_svc):
    told = [a_practice_changed(), a_denial(), a_part_payment("80.00"), a_part_payment("45.00", remittance_id=LAST)]
    await denial_svc.hears(*told)
    await denial_svc.database.fetch("DELETE FROM inbox")

    await denial_svc.hears(*told)

    assert await standing(denial_svc) == ("open", "120.00", "45.00")


@pytest.mark.parametrize("when", range(3))
async def test_a_decision_may_say_how_much_of_its_own_refusal_stands(denial_svc, when):
    own = a_part_payment("90.00", remittance_id=REMITTANCE)
    decisions = [own, own]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)
        await denial_svc.database.fetch("DELETE FROM inbox")

    assert await standing(denial_svc) == ("open", "120.00", "90.00")


@pytest.mark.parametrize("when", range(4))
@pytest.mark.parametrize(("told", "stands"), [("0.00", "120.00"), ("30.00", "30.00")])
async def test_what_stands_again_stands_as_it_is_told_and_in_full_where_nothing_is(denial_svc, when, told, stands):
    again = a_payment_taken_back(reopens=[the_refusal(standing=told)], remittance_id=UUID(int=10))
    decisions = [a_part_payment("80.00", remittance_id=LAST), a_payment(), again]
    await denial_svc.hears(a_practice_changed())

    for event in (*decisions[:when], a_denial(), *decisions[when:]):
        await denial_svc.hears(event)

    assert await standing(denial_svc) == ("open", "120.00", stands)


async def test_nothing_stands_of_a_case_that_is_withdrawn(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(), a_part_payment())

    await denial_svc.hears(a_reversal(remittance_id=LAST), a_part_payment("80.00", remittance_id=UUID(int=10)))

    assert await standing(denial_svc) == ("withdrawn", "120.00", "0.00")


async def test_the_counts_tell_amounts_and_what_of_them_stands(denial_svc):
    refusals = (a_refusal("197"), a_refusal("50"), a_refusal("29", line=2))
    await denial_svc.hears(a_practice_changed(), a_denial(*refusals))
    await denial_svc.hears(a_part_payment("45.00"), a_decision(settles=[the_refusal(carc="50")], remittance_id=LAST))
    await denial_svc.database.fetch("UPDATE cases SET standing_cents = NULL WHERE carc = '29'")  # as an earlier release

    counts = (await denial_svc.client.get("/counts", headers=denial_svc.as_("biller"))).json()["cases"]

    by_state_and_route = {(each["state"], each["route"]): (each["cents"], each["standing_cents"]) for each in counts}
    assert by_state_and_route == {
        ("open", "C"): (12000, 4500),
        ("closed", "A"): (12000, 0),
        ("open", "A"): (12000, 12000),
    }
