"""A refusal is a case with a cause and a deadline."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from claimstream_schemas import DenialChanged, PracticeChanged, PracticeChangedV1

from ..builders import a_denial, a_practice_changed, a_refusal, a_reversal


async def test_a_refusal_opens_a_case_with_cause_route_and_deadline(denial_svc):
    await denial_svc.hears(a_practice_changed(appeal_days=90), a_denial(a_refusal("197", remarks=("N54",))))

    (case,) = await denial_svc.told(DenialChanged)

    assert (case.group, case.carc, case.remarks, case.amount) == ("CO", "197", ("N54",), Decimal("120.00"))
    assert (case.route, case.state, case.answer_by) == ("C", "open", date(2026, 6, 30))
    assert "authorisation" in case.cause


async def test_a_payment_at_the_end_of_time_opens_a_case_like_any_other(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(paid_on=date(9999, 12, 31)))

    (case,) = await denial_svc.told(DenialChanged)
    assert case.answer_by == date(9999, 12, 31)


async def test_the_same_denial_again_opens_nothing(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())
    await denial_svc.database.fetch("DELETE FROM inbox")

    await denial_svc.hears(a_denial(), a_denial())

    assert len(await denial_svc.told(DenialChanged)) == 1


async def test_each_line_and_reason_has_its_own_case_and_the_same_reason_twice_is_added_up(denial_svc):
    refusals = (a_refusal("197"), a_refusal("197", amount="5.00"), a_refusal("50"), a_refusal("197", line=2))

    await denial_svc.hears(a_practice_changed(), a_denial(*refusals))

    amounts = sorted(case.amount for case in await denial_svc.told(DenialChanged))
    assert amounts == [Decimal("120.00"), Decimal("120.00"), Decimal("125.00")]


@pytest.mark.parametrize(
    ("carc", "remarks", "route"),
    [("16", ("MA130",), "R"), ("16", (), "C"), ("50", ("N211",), "W"), ("29", (), "A"), ("9999", (), "A")],
)
async def test_a_deciding_remark_goes_before_the_reason(denial_svc, carc, remarks, route):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal(carc, remarks=remarks)))

    assert [case.route for case in await denial_svc.told(DenialChanged)] == [route]


async def test_a_case_says_what_to_do_first_and_that_it_may_be_appealed(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("50")))

    (told,) = await denial_svc.told(DenialChanged)
    (case,) = (await denial_svc.client.get("/cases", headers=denial_svc.as_("biller"))).json()["cases"]
    assert (told.may_appeal, told.hard_stop) == (case["may_appeal"], case["hard_stop"]) == (True, None)
    assert (case["kind"], "records" in case["remedy"]) == ("refusal", True)


@pytest.mark.parametrize(("filing_indicator", "route"), [("MB", "W"), ("MA", "W"), ("CI", "A"), (None, "A")])
async def test_a_late_claim_is_no_case_for_an_appeal_to_original_medicare(denial_svc, filing_indicator, route):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("29"), claim_filing_indicator=filing_indicator))

    (told,) = await denial_svc.told(DenialChanged)
    (case,) = (await denial_svc.client.get("/cases", headers=denial_svc.as_("biller"))).json()["cases"]
    assert (told.route, told.may_appeal) == (route, route == "A")
    assert (case["route"], case["may_appeal"], case["hard_stop"]) == (route, route == "A", told.hard_stop)
    assert (told.hard_stop is None) == (route == "A")


async def test_a_remark_of_the_whole_claim_stops_the_appeal_of_each_line(denial_svc):
    refusals = (a_refusal("50"), a_refusal("197", line=2))

    await denial_svc.hears(a_practice_changed(), a_denial(*refusals, claim_remarks=("N211",)))

    assert [(case.route, case.may_appeal) for case in await denial_svc.told(DenialChanged)] == [
        ("W", False),
        ("C", False),
    ]


async def test_an_underpayment_opens_a_case_of_its_own_kind(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("45", kind="underpayment")))

    (case,) = (await denial_svc.client.get("/cases", headers=denial_svc.as_("biller"))).json()["cases"]
    assert (case["kind"], case["cause"], case["route"]) == ("underpayment", "allowed less than our contract says", "A")


async def test_a_denial_before_its_practice_waits_for_it(denial_svc):
    await denial_svc.hears(a_denial())
    assert await denial_svc.told(DenialChanged) == []

    await denial_svc.hears(a_practice_changed())

    assert len(await denial_svc.told(DenialChanged)) == 1


@pytest.mark.parametrize("kind", [PracticeChangedV1, PracticeChanged])
async def test_either_version_of_a_practice_tells_the_days_to_answer_and_the_newer_document_holds(denial_svc, kind):
    await denial_svc.hears(a_practice_changed(kind, appeal_days=60, version=2))
    await denial_svc.hears(a_practice_changed(PracticeChangedV1, appeal_days=10), a_denial())

    assert [case.answer_by for case in await denial_svc.told(DenialChanged)] == [date(2026, 5, 31)]


@pytest.mark.parametrize("kind", [PracticeChangedV1, PracticeChanged])
@pytest.mark.parametrize(
    ("remark", "filing_indicator", "last_day"),
    [
        ("MA130", "CI", date(2026, 5, 31)),
        ("MA130", "MB", date(2027, 3, 2)),
        ("N830", "CI", date(2026, 5, 13)),
        ("N54", "CI", date(2026, 6, 30)),
    ],
)
async def test_a_case_is_answered_by_the_day_of_its_route_and_remark(
    denial_svc, kind, remark, filing_indicator, last_day
):
    refusal = a_refusal("16", remarks=(remark,))
    await denial_svc.hears(a_practice_changed(kind, appeal_days=90, filing_days=90))

    await denial_svc.hears(a_denial(refusal, claim_filing_indicator=filing_indicator))

    assert [case.answer_by for case in await denial_svc.told(DenialChanged)] == [last_day]


async def test_a_practice_that_an_earlier_release_kept_has_its_appeal_days_until_it_is_told_again(denial_svc):
    await denial_svc.hears(a_practice_changed(appeal_days=90, filing_days=90))
    await denial_svc.database.fetch("UPDATE payers SET filing_days = DEFAULT")

    await denial_svc.hears(a_denial(a_refusal("16", remarks=("MA130",))))
    await denial_svc.hears(a_practice_changed(appeal_days=90, filing_days=90, version=2))
    await denial_svc.hears(a_denial(a_refusal("16", remarks=("MA130",)), remittance_id=UUID(int=70)))

    deadlines = [case.answer_by for case in await denial_svc.told(DenialChanged)]
    assert deadlines == [date(2026, 6, 30), date(2026, 5, 31)]


async def test_what_a_payer_that_nobody_lists_refuses_as_unprocessable_has_the_usual_days(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("16", remarks=("MA130",)), payer_id="nobody"))

    assert [case.answer_by for case in await denial_svc.told(DenialChanged)] == [date(2026, 7, 30)]


@pytest.mark.parametrize("order", [(a_denial, a_reversal), (a_reversal, a_denial)])
async def test_a_reversal_withdraws_the_case_whichever_comes_first(denial_svc, order):
    await denial_svc.hears(a_practice_changed())

    for event in order:
        await denial_svc.hears(event())

    assert (await denial_svc.told(DenialChanged))[-1].state == "withdrawn"
    assert await denial_svc.database.value("SELECT string_agg(state, ',') FROM cases") == "withdrawn"


async def test_a_decision_that_reverses_nothing_changes_nothing(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial())

    await denial_svc.hears(a_reversal(outcome="paid", reverses_remittance_id=None, reverses_payment_ordinal=None))

    assert [case.state for case in await denial_svc.told(DenialChanged)] == ["open"]


async def test_cases_are_listed_by_deadline_and_bound_to_the_practice(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("197"), a_refusal("50")))

    page = (await denial_svc.client.get("/cases?limit=1", headers=denial_svc.as_("biller"))).json()
    following = page["next"]
    rest = (
        await denial_svc.client.get(
            f"/cases?after_day={following['after_day']}&after={following['after']}", headers=denial_svc.as_("biller")
        )
    ).json()
    foreign = (await denial_svc.client.get("/cases", headers=denial_svc.as_("biller", practice="other"))).json()

    assert (len(page["cases"]), len(rest["cases"]), foreign["cases"]) == (1, 1, [])
    assert page["cases"][0]["amount"] == "120.00"


async def test_one_case_and_the_counts_are_the_practices_own(denial_svc):
    await denial_svc.hears(a_practice_changed(), a_denial(a_refusal("197"), a_refusal("50")))
    biller, stranger = denial_svc.as_("biller"), denial_svc.as_("biller", practice="other")
    first = (await denial_svc.client.get("/cases?limit=1", headers=biller)).json()["cases"][0]

    one = await denial_svc.client.get(f"/cases/{first['id']}", headers=biller)
    foreign = await denial_svc.client.get(f"/cases/{first['id']}", headers=stranger)
    counts = (await denial_svc.client.get("/counts", headers=biller)).json()["cases"]

    assert one.json() == first
    assert foreign.status_code == 404
    assert (sum(each["n"] for each in counts), sum(each["cents"] for each in counts)) == (2, 24000)
    assert {each["state"] for each in counts} == {"open"}


@pytest.mark.parametrize("day", ["0", "1754179200", "2026-08-03T00:00:00"])
async def test_a_number_is_no_day_to_go_on_from(denial_svc, day):
    answer = await denial_svc.client.get("/cases", params={"after_day": day}, headers=denial_svc.as_("biller"))

    assert (answer.status_code, answer.json()["place"]) == (422, "/after_day")


async def test_half_of_where_a_page_goes_on_is_refused(denial_svc):
    answer = await denial_svc.client.get(f"/cases?after={UUID(int=7)}", headers=denial_svc.as_("biller"))

    assert (answer.status_code, answer.json()["place"]) == (422, "/after_day")
