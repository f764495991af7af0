"""What has left is corrected as its payer takes it: seen, sent after the decision, dropped with a reason, or refused with what to do."""

from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimSubmitted
from claimstream_schemas.values.encounter import VisitFacts

from ..builders import (
    a_contract_changed,
    a_practice_changed,
    an_adjudication,
    an_answer,
    an_encounter_coded,
    claim_of,
    desk_money,
)

E1 = an_encounter_coded().encounter_id


async def ask(service, method: str, path: str, **body):
    return await service.client.request(method, path, json=body or None, headers=service.as_("biller", subject="kim"))


async def corrections(service, state: str | None = None) -> list[dict]:
    path = "/corrections" + (f"?state={state}" if state else "")
    return (await ask(service, "GET", path)).json()["corrections"]


async def claim(service) -> dict:
    return (await ask(service, "GET", f"/claims/{claim_of()}")).json()


async def sent(service) -> list[tuple]:
    return [
        (told.payer_sequence, told.frequency_code, told.original_payer_claim_number, str(told.total_charge))
        for told in await service.told(ClaimSubmitted)
    ]


def a_reversal(**changes):
    return an_adjudication(
        claim_of(), outcome="reversed", paid="-64.00", patient="-16.00", payer_claim_number="ICN1", **changes
    )


async def changed_after_leaving(service, charge: str = "150.00") -> dict:
    await service.hears(an_encounter_coded())
    await service.hears(an_encounter_coded(version=2, charge=charge))
    (correction,) = await corrections(service)
    return correction


async def test_a_newer_version_of_what_has_left_is_seen_with_what_would_change(claim_svc):
    correction = await changed_after_leaving(claim_svc)

    assert (correction["kind"], correction["origin"], correction["state"]) == ("replacement", "encounter", "waiting")
    assert correction["places"] == ["lines/1/charge"]
    whole = (await ask(claim_svc, "GET", f"/corrections/{correction['correction_id']}")).json()
    assert whole["differences"] == [{"place": "lines/1/charge", "now": "120.00", "then": "150.00"}]
    assert (await claim(claim_svc))["headline"] == "correction_waiting"


async def test_what_is_sent_before_the_decision_leaves_after_it_with_the_payers_number(claim_svc):
    correction = await changed_after_leaving(claim_svc)

    answer = await ask(claim_svc, "POST", f"/corrections/{correction['correction_id']}/send")
    assert (answer.json()["state"], len(await sent(claim_svc))) == ("sending", 1)
    await claim_svc.hears(an_adjudication(claim_of()))

    assert await sent(claim_svc) == [("P", "1", None, "120.00"), ("P", "7", "ICN1", "150.00")]
    (done,) = await corrections(claim_svc, "sent")
    assert done["submission_ordinal"] == 2
    assert (await claim_svc.told(ClaimAssembled))[-1].total_charge == Decimal("150.00")
    assert (await claim(claim_svc))["headline"] == "unanswered"


async def test_what_is_sent_after_the_decision_leaves_at_once_and_one_submission_is_live(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))
    (correction,) = await corrections(claim_svc)

    answer = await ask(claim_svc, "POST", f"/corrections/{correction['correction_id']}/send")

    assert answer.json()["state"] == "sent"
    assert [(each["frequency_code"], each["is_live"]) for each in (await claim(claim_svc))["submissions_sent"]] == [
        ("1", False),
        ("7", True),
    ]


async def test_a_decided_claim_is_corrected_by_a_person_as_a_replacement(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of(), outcome="denied", paid="0.00", patient="0.00"))

    answer = await ask(
        claim_svc,
        "POST",
        f"/claims/{claim_of()}/corrections",
        changes=[{"place": "lines/1/modifiers", "value": ["25"]}],
    )

    assert answer.status_code == 200
    assert (await sent(claim_svc))[-1] == ("P", "7", "ICN1", "120.00")
    assert (await claim_svc.told(ClaimSubmitted))[-1].lines[0].modifiers == ("25",)


async def test_the_payers_new_decision_stands_and_is_corrected_by_its_own_number(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)
    await claim_svc.hears(a_reversal(ordinal=2))
    await claim_svc.hears(an_adjudication(claim_of(), ordinal=3, submission_ordinal=2, payer_claim_number="ICN2"))
    assert (await claim(claim_svc))["headline"] == "paid"

    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=[{**change[0], "value": []}])

    assert [(code, number) for _, code, number, _ in await sent(claim_svc)] == [
        ("1", None),
        ("7", "ICN1"),
        ("7", "ICN2"),
    ]


async def test_a_void_leaves_after_the_decision_and_is_done_with_the_reversal(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")
    assert (answer.status_code, len(await sent(claim_svc))) == (200, 1)

    await claim_svc.hears(an_adjudication(claim_of()))
    assert (await sent(claim_svc))[-1] == ("P", "8", "ICN1", "120.00")
    assert (await claim(claim_svc))["headline"] == "voiding"
    await claim_svc.hears(a_reversal(ordinal=2))

    assert (await claim(claim_svc))["headline"] == "voided"
    assert (await claim_svc.told(ClaimAssembled))[-1].total_charge == Decimal(0)
    assert await claim_svc.database.value("SELECT count(*) FROM charge_lines WHERE is_live") == 0


async def test_a_claim_that_never_left_is_voided_at_once(claim_svc):
    await claim_svc.hears(an_encounter_coded(diagnoses=("ZZZZ",)))

    answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="the visit did not take place")

    assert answer.json()["state"] == "voided"
    assert await sent(claim_svc) == []


async def left_and_was_voided(claim_svc, **visit):
    await claim_svc.hears(an_encounter_coded(**visit))
    await claim_svc.hears(an_adjudication(claim_of()))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")
    await claim_svc.hears(a_reversal(ordinal=2))


async def never_left_and_was_voided(claim_svc, **visit):
    await claim_svc.hears(an_encounter_coded(diagnoses=("ZZZZ",), **visit))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")


TAKEN_BACK = pytest.mark.parametrize("taken_back", [left_and_was_voided, never_left_and_was_voided])


@TAKEN_BACK
async def test_what_a_person_took_back_is_billed_again_by_a_person_alone(claim_svc, taken_back):
    await taken_back(claim_svc)
    before = len(await sent(claim_svc))

    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))

    assert ((await claim(claim_svc))["headline"], len(await sent(claim_svc))) == ("correction_waiting", before)
    (waiting,) = await corrections(claim_svc)
    assert (waiting["kind"], waiting["state"]) == ("new_claim", "waiting")
    await ask(claim_svc, "POST", f"/corrections/{waiting['correction_id']}/send")
    assert (await sent(claim_svc))[-1] == ("P", "1", None, "150.00")
    assert (await claim(claim_svc))["headline"] == "unanswered"


@TAKEN_BACK
async def test_a_visit_that_was_taken_back_and_has_no_payer_now_is_the_patients_when_a_person_says_so(
    claim_svc, taken_back
):
    await taken_back(claim_svc, facts=VisitFacts(patient_paid="20.00"))

    await claim_svc.hears(an_encounter_coded(version=2, payers=(), facts=VisitFacts(patient_paid="20.00")))

    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}
    (waiting,) = await corrections(claim_svc)
    await ask(claim_svc, "POST", f"/corrections/{waiting['correction_id']}/send")
    assert await desk_money(claim_svc) == {an_encounter_coded().encounter_id: Decimal("20.00")}


@TAKEN_BACK
async def test_what_was_paid_at_the_desk_stays_on_a_claim_that_was_taken_back_until_it_is_given_back(
    claim_svc, taken_back
):
    await taken_back(claim_svc, facts=VisitFacts(patient_paid="20.00"))
    assert await desk_money(claim_svc) == {claim_of(): Decimal("20.00")}

    await claim_svc.hears(an_encounter_coded(version=2, facts=VisitFacts(patient_paid="0.00")))

    assert await desk_money(claim_svc) == {}


async def test_a_visit_that_was_called_off_after_it_was_billed_is_voided_when_a_person_sends_it(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, payers=(), lines=(), ended="cancelled"))
    (correction,) = await corrections(claim_svc)
    assert correction["kind"] == "void"

    await ask(claim_svc, "POST", f"/corrections/{correction['correction_id']}/send")

    assert (await sent(claim_svc))[-1] == ("P", "8", "ICN1", "120.00")


async def test_part_b_takes_no_replacement_and_says_what_to_do(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed(), an_encounter_coded(payers=("medicare",)))
    await new_claim_svc.hears(an_adjudication(claim_of(), payer_id="medicare"))

    answer = await ask(
        new_claim_svc,
        "POST",
        f"/claims/{claim_of()}/corrections",
        changes=[{"place": "lines/1/modifiers", "value": ["25"]}],
    )

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (409, "correction-refused")
    assert "reopening" in answer.json()["remedy"]
    assert len(await sent(new_claim_svc)) == 1


def without_payers(*gone: str):
    practice = a_practice_changed(2)
    left = tuple(payer for payer in practice.practice.payers if payer.id not in gone)
    return practice.model_copy(update={"practice": practice.practice.model_copy(update={"payers": left})})


VOID = ("void", {"reason": "billed in error"})
REPLACEMENT = ("corrections", {"changes": [{"place": "lines/1/modifiers", "value": ["25"]}]})


@pytest.mark.parametrize(("act", "body"), [VOID, REPLACEMENT])
async def test_what_would_go_to_a_payer_that_the_practice_knows_no_more_is_refused_and_goes_when_it_is_back(
    new_claim_svc, act, body
):
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed(), an_encounter_coded())
    await new_claim_svc.hears(an_adjudication(claim_of()), without_payers("blue"))

    refused = await ask(new_claim_svc, "POST", f"/claims/{claim_of()}/{act}", **body)
    await new_claim_svc.hears(a_practice_changed(3))
    answer = await ask(new_claim_svc, "POST", f"/claims/{claim_of()}/{act}", **body)

    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "correction-refused")
    assert "blue" in refused.json()["detail"]
    assert answer.status_code == 200
    assert len(await sent(new_claim_svc)) == 2


async def test_a_void_goes_to_all_payers_that_decided_or_to_none(new_claim_svc):
    await new_claim_svc.hears(
        a_practice_changed(), a_contract_changed(), an_encounter_coded(payers=("blue", "medicare"))
    )
    await new_claim_svc.hears(an_adjudication(claim_of()))
    await new_claim_svc.hears(
        an_adjudication(claim_of(), payer_id="medicare", sequence="S", ordinal=2), without_payers("medicare")
    )
    before = await sent(new_claim_svc)

    answer = await ask(new_claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed in error")

    assert (answer.status_code, await sent(new_claim_svc)) == (409, before)


async def test_a_payer_that_is_no_longer_the_next_one_and_that_the_practice_knows_no_more_is_refused_its_void(
    new_claim_svc,
):
    await new_claim_svc.hears(
        a_practice_changed(), a_contract_changed(), an_encounter_coded(payers=("blue", "medicare"))
    )
    await new_claim_svc.hears(an_adjudication(claim_of()))
    await new_claim_svc.hears(
        an_adjudication(claim_of(), payer_id="medicare", sequence="S", ordinal=2), without_payers("medicare")
    )
    await new_claim_svc.hears(an_encounter_coded(version=2, payers=("blue",)))
    (correction,) = await corrections(new_claim_svc)

    answer = await ask(new_claim_svc, "POST", f"/corrections/{correction['correction_id']}/send")

    assert (correction["kind"], answer.status_code) == ("next_payers", 409)
    assert "medicare" in answer.json()["detail"]


async def test_a_payer_that_comes_next_and_that_the_practice_knows_no_more_holds_the_claim(new_claim_svc):
    await new_claim_svc.hears(
        a_practice_changed(), a_contract_changed(), an_encounter_coded(payers=("blue", "medicare"))
    )
    await new_claim_svc.hears(without_payers("medicare"))

    await new_claim_svc.hears(an_adjudication(claim_of()))

    stands = await claim(new_claim_svc)
    assert (stands["headline"], [each["rule"] for each in stands["findings"]]) == ("held", ["payer-known"])
    assert len(await sent(new_claim_svc)) == 1


async def test_a_claim_is_not_released_to_a_payer_that_the_practice_knows_no_more(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed(), an_encounter_coded(diagnoses=("ZZZZ",)))
    await new_claim_svc.hears(without_payers("blue"))
    why = {"rule": "codes-at-service-date", "reason": "the payer asked for it"}

    answer = await ask(new_claim_svc, "POST", f"/claims/{claim_of()}/overrides", **why)

    assert answer.status_code == 200
    assert [each["rule"] for each in answer.json()["findings"]] == ["payer-known"]


async def test_what_a_payer_could_not_process_goes_as_a_new_claim(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed(), an_encounter_coded(payers=("medicare",)))
    unprocessable = {"outcome": "denied", "paid": "0.00", "patient": "0.00", "remarks": ("MA130",)}
    await new_claim_svc.hears(an_adjudication(claim_of(), payer_id="medicare", **unprocessable))

    await ask(
        new_claim_svc,
        "POST",
        f"/claims/{claim_of()}/corrections",
        changes=[{"place": "lines/1/modifiers", "value": ["25"]}],
    )

    assert (await sent(new_claim_svc))[-1] == ("P", "1", None, "120.00")


@pytest.mark.parametrize(("policy", "frequency"), [("replacement", "7"), ("new_claim", "1")])
async def test_a_payers_policy_is_data(new_claim_svc, policy, frequency):
    practice = a_practice_changed()
    payers = [payer.model_copy(update={"corrections": {"professional": policy}}) for payer in practice.practice.payers]
    changed = practice.practice.model_copy(update={"payers": tuple(payers)})
    await new_claim_svc.hears(
        practice.model_copy(update={"practice": changed}), a_contract_changed(), an_encounter_coded()
    )
    await new_claim_svc.hears(an_adjudication(claim_of()))

    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(new_claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    assert (await sent(new_claim_svc))[-1][1] == frequency


async def test_a_correction_is_dropped_with_a_reason_and_the_claim_stays(claim_svc):
    correction = await changed_after_leaving(claim_svc)
    path = f"/corrections/{correction['correction_id']}"

    dropped = await ask(claim_svc, "POST", f"{path}/drop", reason="the EHR was wrong")
    again = await ask(claim_svc, "POST", f"{path}/send")

    assert (dropped.json()["state"], dropped.json()["actor"]) == ("dropped", "kim")
    assert (again.status_code, again.json()["type"].rsplit("/", 1)[-1]) == (409, "correction-not-waiting")
    assert (await claim(claim_svc))["headline"] == "unanswered"


async def test_a_newer_correction_takes_the_place_of_an_older_one(claim_svc):
    await changed_after_leaving(claim_svc)

    await claim_svc.hears(an_encounter_coded(version=3, charge="160.00"))

    assert [each["encounter_version"] for each in await corrections(claim_svc)] == [3]
    assert [each["encounter_version"] for each in await corrections(claim_svc, "superseded")] == [2]


async def test_a_version_that_says_the_same_to_a_payer_is_no_correction(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_encounter_coded(version=2))

    assert await corrections(claim_svc) == []
    assert (await claim(claim_svc))["content"]["encounter_version"] == 2


async def test_a_correction_that_rules_hold_waits_with_their_findings_and_the_claim_stands(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, diagnoses=("ZZZZ",)))
    (correction,) = await corrections(claim_svc)

    answer = await ask(claim_svc, "POST", f"/corrections/{correction['correction_id']}/send")

    assert answer.json()["state"] == "waiting"
    assert {finding["rule"] for finding in answer.json()["findings"]} == {"codes-at-service-date"}
    assert (len(await sent(claim_svc)), (await claim(claim_svc))["state"]) == (1, "released")
    override = await ask(
        claim_svc,
        "POST",
        f"/claims/{claim_of()}/overrides",
        rule="codes-at-service-date",
        reason="the payer asked for it",
    )
    assert override.status_code == 200
    assert (await sent(claim_svc))[-1][1] == "7"


async def test_a_refused_replacement_was_never_filed_and_goes_again_as_one(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    await claim_svc.hears(an_answer(claim_of(), accepted=False, ordinal=2))
    (back,) = await corrections(claim_svc)
    assert back["state"] == "waiting"
    await ask(claim_svc, "POST", f"/corrections/{back['correction_id']}/send")

    assert [(code, number) for _, code, number, _ in await sent(claim_svc)] == [
        ("1", None),
        ("7", "ICN1"),
        ("7", "ICN1"),
    ]


async def test_what_may_not_be_appealed_was_decided_all_the_same_and_is_replaced(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    refused = {"outcome": "denied", "paid": "0.00", "patient": "0.00", "remarks": ("N211",)}
    await claim_svc.hears(an_adjudication(claim_of(), **refused))

    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    assert (await sent(claim_svc))[-1] == ("P", "7", "ICN1", "120.00")


@pytest.mark.parametrize(
    ("second", "last", "open_ones"),
    [("blue", [("P", "7"), ("S", "7")], []), ("medicare", [("S", "1"), ("P", "7")], ["payer"])],
)
async def test_a_payer_behind_the_corrected_one_is_told_as_it_takes_it(claim_svc, second, last, open_ones):
    await claim_svc.hears(an_encounter_coded(payers=("blue", second)))
    await claim_svc.hears(an_adjudication(claim_of()))
    theirs = {"sequence": "S", "payer_id": second, "payer_claim_number": "MCN1"}
    await claim_svc.hears(an_adjudication(claim_of(), ordinal=2, paid="16.00", patient="0.00", **theirs))
    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)
    await claim_svc.hears(a_reversal(ordinal=3))

    await claim_svc.hears(an_adjudication(claim_of(), ordinal=4, submission_ordinal=3, payer_claim_number="ICN2"))

    assert [(sequence, code) for sequence, code, _, _ in await sent(claim_svc)][-2:] == last
    assert [each["origin"] for each in await corrections(claim_svc)] == open_ones
    assert await claim_svc.database.value("SELECT count(*) FROM dead_letters") == 0


async def test_a_visit_of_another_kind_waits_until_its_claim_is_voided(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, payers=()))
    by_kind = {each["kind"]: each for each in await corrections(claim_svc)}
    assert set(by_kind) == {"void", "self_pay"}
    path = f"/corrections/{by_kind['self_pay']['correction_id']}/send"

    too_early = await ask(claim_svc, "POST", path)
    await ask(claim_svc, "POST", f"/corrections/{by_kind['void']['correction_id']}/send")
    await claim_svc.hears(a_reversal(ordinal=2))
    now = await ask(claim_svc, "POST", path)

    assert (too_early.status_code, "void" in too_early.json()["remedy"]) == (409, True)
    assert now.json()["state"] == "sent"
    last = (await claim_svc.told(ClaimAssembled))[-1]
    assert (last.state, last.account_id, str(last.total_charge)) == ("self_pay", E1, "120.00")


async def test_a_correction_that_comes_twice_is_one(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    newer = an_encounter_coded(version=2, charge="150.00")

    await claim_svc.hears(newer, newer)

    assert len(await corrections(claim_svc)) == 1


THEIRS = {"sequence": "S", "payer_id": "medicare", "payer_claim_number": "MCN1"}


async def test_nobody_behind_a_payer_is_billed_for_what_is_being_voided(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    await claim_svc.hears(an_adjudication(claim_of()))

    assert [each[:2] for each in await sent(claim_svc)] == [("P", "1"), ("P", "8")]


async def test_a_void_waits_until_no_payer_has_anything_undecided(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "blue")))
    await claim_svc.hears(an_adjudication(claim_of()))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")
    assert [each[:2] for each in await sent(claim_svc)] == [("P", "1"), ("S", "1")]

    theirs = {**THEIRS, "payer_id": "blue", "ordinal": 2, "submission_ordinal": 2}
    await claim_svc.hears(an_adjudication(claim_of(), paid="16.00", patient="0.00", **theirs))

    assert [each[:3] for each in await sent(claim_svc)][2:] == [("P", "8", "ICN1"), ("S", "8", "MCN1")]


async def test_what_a_rule_holds_of_a_correction_keeps_nobody_behind_its_payer_waiting(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    change = [{"place": "lines/1/diagnosis_pointers", "value": [9]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    await claim_svc.hears(an_adjudication(claim_of()))

    assert [each[:2] for each in await sent(claim_svc)] == [("P", "1"), ("S", "1")]
    assert [each["state"] for each in await corrections(claim_svc)] == ["waiting"]


@pytest.mark.parametrize("by", ["the claim", "the visit"])
async def test_a_rejected_claim_is_voided_at_once_for_no_payer_has_it(claim_svc, by):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    if by == "the claim":
        await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")
    else:
        await claim_svc.hears(an_encounter_coded(version=2, payers=(), lines=(), ended="cancelled"))
        for each in await corrections(claim_svc):
            await ask(claim_svc, "POST", f"/corrections/{each['correction_id']}/send")

    assert (await claim(claim_svc))["headline"] == "voided"
    assert await corrections(claim_svc) == []
    assert len(await sent(claim_svc)) == 1
    assert (await claim_svc.told(ClaimAssembled))[-1].total_charge == Decimal(0)


async def test_what_a_payer_behind_must_be_told_is_seen_beside_a_newer_version_that_waits(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_adjudication(claim_of(), ordinal=2, paid="16.00", patient="0.00", **THEIRS))
    change = [{"place": "lines/1/modifiers", "value": ["25"]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)
    await claim_svc.hears(a_reversal(ordinal=3))
    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00", payers=("blue", "medicare")))

    await claim_svc.hears(an_adjudication(claim_of(), ordinal=4, submission_ordinal=3, payer_claim_number="ICN2"))

    (open_one,) = await corrections(claim_svc)
    assert (open_one["origin"], "medicare" in open_one["reason"]) == ("encounter", True)
    assert await claim_svc.database.value("SELECT count(*) FROM dead_letters") == 0


@pytest.mark.parametrize("act", ["corrections", "void"])
async def test_a_decision_without_the_payers_number_cannot_be_named_and_nothing_goes_as_an_original(claim_svc, act):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of(), payer_claim_number=None))
    body = {
        "corrections": {"changes": [{"place": "lines/1/modifiers", "value": ["25"]}]},
        "void": {"reason": "billed to the wrong patient"},
    }[act]

    answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/{act}", **body)

    assert (answer.status_code, "CLP07" in answer.json()["detail"]) == (409, True)
    assert len(await sent(claim_svc)) == 1


def a_charge(amount: str) -> list[dict]:
    return [{"place": "lines/1/charge", "value": amount}]


async def test_a_correction_that_waits_for_the_decision_leaves_as_an_original_when_the_claim_is_refused(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=a_charge("150.00"))

    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    assert (await sent(claim_svc))[-1] == ("P", "1", None, "150.00")
    assert ((await claim(claim_svc))["headline"], await corrections(claim_svc)) == ("unanswered", [])


async def test_a_void_that_waits_for_the_decision_is_done_when_the_claim_is_refused(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    assert ((await claim(claim_svc))["headline"], await corrections(claim_svc)) == ("voided", [])
    assert len(await sent(claim_svc)) == 1


async def test_what_a_rule_holds_of_it_keeps_it_waiting_for_a_person_when_the_claim_is_refused(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    change = [{"place": "lines/1/diagnosis_pointers", "value": [9]}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    (waiting,) = await corrections(claim_svc)
    assert (waiting["state"], bool(waiting["findings"])) == ("waiting", True)


async def test_a_replacement_that_was_refused_gives_way_to_the_newer_one_that_waited_for_its_answer(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=a_charge("150.00"))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=a_charge("160.00"))

    await claim_svc.hears(an_answer(claim_of(), accepted=False, ordinal=2))

    assert await sent(claim_svc) == [
        ("P", "1", None, "120.00"), ("P", "7", "ICN1", "150.00"), ("P", "7", "ICN1", "160.00"),
    ]  # fmt: skip
    states = [(await corrections(claim_svc, state)) for state in ("superseded", "sent")]
    assert [len(each) for each in states] == [1, 1]


async def test_between_the_reversal_and_the_correction_of_a_replacement_the_claim_is_unanswered(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=a_charge("150.00"))

    await claim_svc.hears(a_reversal(ordinal=2))

    assert (await claim(claim_svc))["headline"] == "unanswered"


async def test_a_payer_that_takes_its_decision_back_and_says_nothing_new_is_seen(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(a_reversal(ordinal=2))

    assert (await claim(claim_svc))["headline"] == "taken_back"
