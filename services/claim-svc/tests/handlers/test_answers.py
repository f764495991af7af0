"""What payers answer: acceptance, rejection, a decision, and the next payer."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from claimstream_schemas import ClaimReleased, ClaimSubmitted
from claimstream_schemas.values.encounter import Diagnosis

from ..builders import (
    PRACTICE,
    a_contract_changed,
    a_line,
    a_practice_changed,
    an_adjudication,
    an_answer,
    an_encounter_coded,
    an_inpatient_encounter,
    claim_of,
)


async def submission_states(claim_svc) -> list[str]:
    rows = await claim_svc.database.fetch("SELECT state FROM submissions ORDER BY ordinal")
    return [row["state"] for row in rows]


async def test_the_secondary_is_billed_for_what_the_primary_left_with_its_adjustments(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))

    await claim_svc.hears(an_adjudication(claim_of()))

    first, second = await claim_svc.told(ClaimSubmitted)
    assert (first.control_number, first.next_payers) == (second.control_number, ("medicare",))
    assert (second.payer_sequence, second.submission_ordinal, second.payer.payer_id) == ("S", 2, "medicare")
    (other,) = second.other_coverages
    assert (other.payer.payer_id, other.decision.paid) == ("blue", Decimal("64.00"))
    assert [(each.group, each.amount) for each in other.decision.lines[0].adjustments] == [
        ("CO", Decimal("40.00")),
        ("PR", Decimal("16.00")),
    ]
    assert second.person.subscriber.member_id == "1EG4TE5MK73"


async def test_the_same_decision_twice_bills_the_next_payer_once(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))

    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.database.fetch("DELETE FROM inbox")
    await claim_svc.hears(an_adjudication(claim_of()), an_adjudication(claim_of()))

    assert len(await claim_svc.told(ClaimSubmitted)) == 2


async def test_no_next_payer_is_billed_without_a_share_or_after_a_crossover(claim_svc):
    await claim_svc.hears(
        an_encounter_coded("E1", payers=("blue", "medicare")),
        an_encounter_coded("E2", payers=("blue", "medicare"), lines=(a_line(encounter="E2", procedure="99214"),)),
    )

    await claim_svc.hears(
        an_adjudication(claim_of("E1"), paid="80.00", patient="0.00"),
        an_adjudication(claim_of("E2"), outcome="forwarded", status="19"),
    )

    assert len(await claim_svc.told(ClaimSubmitted)) == 2


async def test_a_rejected_submission_is_not_live_and_a_correction_sends_it_again(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_answer(claim_of(), accepted=False))
    assert await submission_states(claim_svc) == ["rejected"]

    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "subscribers/1/member_id", "value": "W999"}]},
        headers=claim_svc.as_("biller"),
    )

    assert answer.status_code == 200
    second = (await claim_svc.told(ClaimSubmitted))[1]
    assert (second.submission_ordinal, second.frequency_code, second.person.subscriber.member_id) == (2, "1", "W999")


async def test_only_the_payers_own_acceptance_counts(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_answer(claim_of(), accepted=True, payer_level=False))
    assert await submission_states(claim_svc) == ["queued"]
    await claim_svc.hears(an_answer(claim_of(), accepted=True, file_digest="b"))

    assert await submission_states(claim_svc) == ["payer_accepted"]


async def test_an_answer_before_the_submission_waits_for_it(new_claim_svc):
    await new_claim_svc.hears(an_answer(claim_of(), accepted=True), an_encounter_coded())
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed())

    assert await submission_states(new_claim_svc) == ["payer_accepted"]


async def test_a_held_claim_is_mended_at_the_place_that_its_finding_names(claim_svc):
    await claim_svc.hears(an_encounter_coded(lines=(a_line(diagnosis_pointers=(2,)),)))
    headers = claim_svc.as_("biller")
    page = (await claim_svc.client.get("/claims?state=held", headers=headers)).json()
    (finding,) = page["claims"][0]["findings"]

    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": finding["place"], "value": [1]}]},
        headers=headers | {"Idempotency-Key": "one"},
    )
    again = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": finding["place"], "value": [1]}]},
        headers=headers | {"Idempotency-Key": "one"},
    )

    assert (answer.json()["state"], answer.json()["findings"]) == ("released", [])
    assert again.json() == answer.json()
    (released,) = await claim_svc.told(ClaimReleased)
    assert (released.rules, released.actor) == (("diagnosis-pointers",), "someone")
    assert len(await claim_svc.told(ClaimSubmitted)) == 1


async def test_a_stay_that_lacks_its_admitting_diagnosis_leaves_when_it_is_added(claim_svc):
    principal = Diagnosis(code="E119", kind="principal", present_on_admission="Y")
    await claim_svc.hears(an_inpatient_encounter(diagnoses=(principal,)))
    headers = claim_svc.as_("biller")
    page = (await claim_svc.client.get("/claims?state=held", headers=headers)).json()
    (finding,) = page["claims"][0]["findings"]
    with_it = [principal.model_dump(), {"code": "R0602", "kind": "admitting"}]

    answer = await claim_svc.client.post(
        f"/claims/{claim_of(kind='institutional')}/corrections",
        json={"changes": [{"place": finding["place"], "value": with_it}]},
        headers=headers,
    )

    assert (finding["rule"], answer.json()["state"]) == ("inpatient-admission", "released")
    (told,) = await claim_svc.told(ClaimSubmitted)
    assert [(one.kind, one.code) for one in told.diagnoses] == [("principal", "E119"), ("admitting", "R0602")]


async def test_a_wrong_place_or_value_is_refused_with_the_place(claim_svc):
    await claim_svc.hears(an_encounter_coded(diagnoses=("ZZZZ",)))

    answers = [
        await claim_svc.client.post(
            f"/claims/{claim_of()}/corrections", json={"changes": [change]}, headers=claim_svc.as_("biller")
        )
        for change in (
            {"place": "diagnoses/9/code", "value": "E119"},
            {"place": "payers/1/name", "value": "x"},
            {"place": "lines/1/charge", "value": "1.234"},
            {"place": "lines/²/charge", "value": "1.00"},
        )
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422]
    assert [answer.json()["place"] for answer in answers] == [
        "diagnoses/9/code",
        "payers/1/name",
        "lines/1/charge",
        "lines/²/charge",
    ]


async def test_a_line_of_an_encounters_second_claim_is_mended_at_the_place_that_its_finding_names(claim_svc):
    wrong = a_line(51, diagnosis_pointers=(9,))
    await claim_svc.hears(an_encounter_coded(lines=(*(a_line(n) for n in range(1, 51)), wrong)))
    changes = f"/claims/{claim_of(part=2)}/corrections"
    place = "lines/51/diagnosis_pointers"

    refused = await claim_svc.client.post(
        changes, json={"changes": [{"place": place, "value": ["x"]}]}, headers=claim_svc.as_("biller")
    )
    mended = await claim_svc.client.post(
        changes, json={"changes": [{"place": place, "value": [1]}]}, headers=claim_svc.as_("biller")
    )

    assert (refused.status_code, refused.json()["place"]) == (422, f"{place}/1")
    assert "diagnosis-pointers" not in {finding["rule"] for finding in mended.json()["findings"]}


async def test_charges_that_add_up_to_more_than_an_amount_can_be_are_refused(claim_svc):
    lines = (a_line(1), a_line(2))
    await claim_svc.hears(an_encounter_coded(diagnoses=("ZZZZ",), lines=lines))

    answer = await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "lines/1/charge", "value": "99999999.99"}]},
        headers=claim_svc.as_("biller"),
    )

    assert (answer.status_code, answer.json()["place"]) == (422, "lines")


async def test_a_service_at_the_end_of_time_is_judged_like_any_other(claim_svc):
    last = date(9999, 12, 31)
    await claim_svc.hears(an_encounter_coded(started_on=last, ended_on=last, lines=(a_line(service_from=last),)))

    assert await claim_svc.database.value("SELECT count(*) FROM dead_letters") == 0
    assert await claim_svc.database.value("SELECT count(*) FROM claims") == 1


async def test_a_finding_is_overridden_with_a_reason_and_the_claim_leaves(claim_svc):
    await claim_svc.hears(an_encounter_coded("E1"), an_encounter_coded("E2"))

    answer = await claim_svc.client.post(
        f"/claims/{claim_of('E2')}/overrides",
        json={"rule": "duplicate", "reason": "two visits that day, see notes"},
        headers=claim_svc.as_("biller"),
    )

    assert answer.json()["state"] == "released"
    row = await claim_svc.database.fetch_one("SELECT actor, subject FROM audit_entries WHERE kind = 'act'")
    assert (row["actor"], "override duplicate" in row["subject"]) == ("someone", True)


async def test_a_look_at_a_claim_is_audited_and_bound_to_the_practice(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    seen = await claim_svc.client.get(f"/claims/{claim_of()}", headers=claim_svc.as_("biller"))
    foreign = await claim_svc.client.get(f"/claims/{claim_of()}", headers=claim_svc.as_("biller", practice="other"))

    assert (seen.status_code, foreign.status_code) == (200, 404)
    assert (
        await claim_svc.database.value(
            "SELECT count(*) FROM audit_entries WHERE kind = 'read' AND practice = $1", PRACTICE
        )
        == 1
    )


async def test_counts_tell_where_claims_stand(claim_svc):
    await claim_svc.hears(an_encounter_coded("E1"), an_encounter_coded("E2", diagnoses=("ZZZZ",)))

    counts = (await claim_svc.client.get("/counts", headers=claim_svc.as_("biller"))).json()

    assert counts["claims"] == {"held": 1, "released": 1}


async def test_the_next_payer_is_billed_when_the_one_before_has_answered_all_lines(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))

    await claim_svc.hears(an_adjudication(claim_of(), outcome="partial", unanswered="30.00"))
    assert len(await claim_svc.told(ClaimSubmitted)) == 1

    await claim_svc.hears(an_adjudication(claim_of(), remittance_id=UUID(int=2), unanswered="0.00", lines=()))

    assert [each.payer_sequence for each in await claim_svc.told(ClaimSubmitted)] == ["P", "S"]


async def test_what_a_payer_calls_a_duplicate_takes_no_decisions_place(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(
        an_adjudication(claim_of(), paid="0.00", patient="0.00", remittance_id=UUID(int=2), outcome="duplicate")
    )

    headline = await claim_svc.database.value("SELECT headline FROM claims")
    assert (headline, len(await claim_svc.told(ClaimSubmitted))) == ("unanswered", 2)


async def headline(claim_svc) -> str:
    return await claim_svc.database.value("SELECT headline FROM claims")


@pytest.mark.parametrize("outcome", ["duplicate", "undecided"])
async def test_a_claim_of_which_a_payer_decided_nothing_is_unanswered(claim_svc, outcome):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_adjudication(claim_of(), paid="0.00", patient="0.00", outcome=outcome))

    assert await headline(claim_svc) == "unanswered"


async def test_a_claim_is_taken_back_by_its_payer_and_not_by_a_person_who_had_matched_a_payment_to_it(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    matched = an_adjudication(claim_of(), payment_ordinal=1_000_001)
    await claim_svc.hears(matched)
    back = {"reverses_remittance_id": matched.remittance_id, "outcome": "reversed"}

    await claim_svc.hears(
        an_adjudication(claim_of(), payment_ordinal=2_000_001, reverses_payment_ordinal=1_000_001, **back)
    )
    assert await headline(claim_svc) == "unanswered"

    again = an_adjudication(claim_of(), remittance_id=UUID(int=3))
    await claim_svc.hears(again)
    await claim_svc.hears(
        an_adjudication(
            claim_of(),
            remittance_id=UUID(int=4),
            outcome="reversed",
            reverses_remittance_id=again.remittance_id,
            reverses_payment_ordinal=1,
        )
    )
    assert await headline(claim_svc) == "taken_back"


async def test_a_claim_that_the_payer_behind_refuses_is_paid_in_part(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(
        an_adjudication(claim_of(), paid="0.00", patient="0.00", sequence="S", ordinal=2, outcome="denied", lines=())
    )

    assert await headline(claim_svc) == "partly_paid"
