"""What no replacement can say: another payer, another patient, a whole stay instead of its parts; and payers that take no void."""

from datetime import date
from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimSubmitted
from claimstream_schemas.values.people import PersonName

from ..builders import (
    a_patient,
    a_practice,
    a_practice_changed,
    an_adjudication,
    an_answer,
    an_encounter_coded,
    an_inpatient_encounter,
    claim_of,
)
from .test_interim_bills import APRIL, MARCH, MAY, a_bill


async def ask(service, method: str, path: str, **body):
    return await service.client.request(method, path, json=body or None, headers=service.as_("biller"))


async def sent(service) -> list[tuple]:
    return [
        (told.payer.payer_id, told.payer_sequence, told.frequency_code, told.original_payer_claim_number)
        for told in await service.told(ClaimSubmitted)
    ]


async def open_corrections(service) -> list[dict]:
    return (await ask(service, "GET", "/corrections")).json()["corrections"]


async def send_all(service) -> None:
    for each in await open_corrections(service):
        answer = await ask(service, "POST", f"/corrections/{each['correction_id']}/send")
        assert answer.status_code == 200, answer.text


async def headline(service) -> str:
    return (await ask(service, "GET", f"/claims/{claim_of()}")).json()["headline"]


def reversed_by(payer: str = "blue", sequence: str = "P", **changes):
    return an_adjudication(
        claim_of(), outcome="reversed", paid="-64.00", patient="-16.00", payer_id=payer, sequence=sequence, **changes
    )


OTHERS = {
    "another payer": an_encounter_coded(version=2, payers=("medicare",)),
    "another patient": an_encounter_coded(
        version=2, patient=a_patient(name=PersonName(last="Okonkwo", first="Ben"), birth_date=date(1951, 1, 9), sex="M")
    ),
}


@pytest.mark.parametrize("other", OTHERS)
async def test_it_is_voided_and_billed_anew_when_the_void_is_answered(claim_svc, other):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(OTHERS[other])
    (waiting,) = await open_corrections(claim_svc)
    assert (waiting["kind"], waiting["places"] != []) == ("rebill", True)
    await send_all(claim_svc)
    assert (await sent(claim_svc))[-1] == ("blue", "P", "8", "ICN1")
    assert await headline(claim_svc) == "voiding"
    await claim_svc.hears(reversed_by(ordinal=2))

    payer = "medicare" if other == "another payer" else "blue"
    assert (await sent(claim_svc))[-1] == (payer, "P", "1", None)
    assert (await headline(claim_svc), await open_corrections(claim_svc)) == ("unanswered", [])
    assert (await claim_svc.told(ClaimAssembled))[-1].payers == (payer,)


async def test_the_same_person_whose_name_was_mended_is_replaced(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(
        an_encounter_coded(version=2, patient=a_patient(name=PersonName(last="Castelan", first="Mira")))
    )

    assert [each["kind"] for each in await open_corrections(claim_svc)] == ["replacement"]


async def test_what_rules_find_in_the_claim_to_come_keeps_the_void_back(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, payers=("medicare",), diagnoses=("ZZZZ",)))

    await send_all(claim_svc)

    (waiting,) = await open_corrections(claim_svc)
    assert (waiting["state"], bool(waiting["findings"]), len(await sent(claim_svc))) == ("waiting", True, 1)


async def test_a_void_that_is_refused_waits_for_a_person_again(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(OTHERS["another payer"])
    await send_all(claim_svc)

    await claim_svc.hears(an_answer(claim_of(), accepted=False, ordinal=2))

    assert [each["state"] for each in await open_corrections(claim_svc)] == ["waiting"]
    assert (await headline(claim_svc), len(await sent(claim_svc))) == ("correction_waiting", 2)


async def test_a_claim_that_was_refused_is_mended_at_once_by_a_newer_version(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    await claim_svc.hears(an_encounter_coded(version=2, payers=("medicare",), charge="150.00"))

    assert (await sent(claim_svc))[-1] == ("medicare", "P", "1", None)
    assert (await headline(claim_svc), await open_corrections(claim_svc)) == ("unanswered", [])


async def test_a_version_that_waited_when_the_claim_was_refused_gives_way_to_the_next(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))
    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    await claim_svc.hears(an_encounter_coded(version=3, charge="160.00"))

    assert [str(told.total_charge) for told in await claim_svc.told(ClaimSubmitted)] == ["120.00", "160.00"]
    assert await open_corrections(claim_svc) == []


async def test_what_a_person_mends_of_a_refused_claim_goes_on_from_the_version_that_waited(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))
    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    change = [{"place": "lines/1/units", "value": "2"}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    told = (await claim_svc.told(ClaimSubmitted))[-1]
    assert (told.total_charge, told.lines[0].units, told.frequency_code) == (Decimal("150.00"), Decimal(2), "1")
    assert await open_corrections(claim_svc) == []


async def test_a_replacement_that_was_refused_and_dropped_leaves_what_was_decided(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, charge="220.00"))
    await send_all(claim_svc)
    assert (await claim_svc.told(ClaimAssembled))[-1].total_charge == Decimal("220.00")

    await claim_svc.hears(an_answer(claim_of(), accepted=False, ordinal=2))

    assert (await claim_svc.told(ClaimAssembled))[-1].total_charge == Decimal("120.00")
    (waiting,) = await open_corrections(claim_svc)
    assert (waiting["state"], waiting["places"]) == ("waiting", ["lines/1/charge"])
    dropped = await ask(
        claim_svc, "POST", f"/corrections/{waiting['correction_id']}/drop", reason="the payer refuses it"
    )
    assert (dropped.status_code, await headline(claim_svc)) == (200, "paid")
    assert await claim_svc.database.value("SELECT count(*) FROM charge_lines WHERE is_live") == 1


async def decided_by_both(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await claim_svc.hears(an_adjudication(claim_of()))
    second = an_adjudication(
        claim_of(), sequence="S", ordinal=2, paid="16.00", patient="0.00", payer_id="medicare", payer_claim_number="M1"
    )
    await claim_svc.hears(second)


async def test_a_payer_is_told_what_those_before_it_decided_and_nothing_of_those_behind(claim_svc):
    await decided_by_both(claim_svc)

    await ask(
        claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=[{"place": "lines/1/units", "value": "2"}]
    )

    told = (await claim_svc.told(ClaimSubmitted))[-1]
    assert (told.payer.payer_id, told.frequency_code) == ("blue", "7")
    assert [(each.payer_sequence, each.decision) for each in told.other_coverages] == [("S", None)]


async def test_a_payer_behind_that_takes_no_void_is_sent_none_and_a_person_is_told(claim_svc):
    await decided_by_both(claim_svc)

    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    assert (await sent(claim_svc))[2:] == [("blue", "P", "8", "ICN1")]
    (told,) = (await ask(claim_svc, "GET", "/corrections?state=sent")).json()["corrections"]
    assert "medicare takes no void: send its money back" in told["reason"]
    await claim_svc.hears(reversed_by(ordinal=3))
    assert await headline(claim_svc) == "voiding"
    await claim_svc.hears(reversed_by("medicare", "S", ordinal=4))
    assert await headline(claim_svc) == "voided"


async def test_while_a_void_waits_the_claim_is_not_corrected(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    change = [{"place": "lines/1/units", "value": "2"}]
    answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    assert (answer.status_code, answer.json()["detail"]) == (409, "a void of the claim waits")


async def test_a_version_that_comes_while_a_void_waits_says_whose_place_it_takes(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))

    (waiting,) = await open_corrections(claim_svc)
    assert waiting["reason"].endswith("it takes the place of a void that waited: billed to the wrong patient")


@pytest.fixture
async def part_a(claim_svc):
    """A stay that Medicare's Part A has paid."""
    hospital = a_practice().payers[1].model_copy(update={"claim_filing_indicator": "MA"})
    await claim_svc.hears(a_practice_changed(2, payers=[a_practice().payers[0], hospital]))
    await claim_svc.hears(an_inpatient_encounter(payers=("medicare",)))
    await claim_svc.hears(an_adjudication(claim_of(kind="institutional"), payer_id="medicare"))
    return claim_svc


async def test_part_a_is_told_by_one_condition_code_why_a_bill_is_adjusted(part_a):
    path = f"/claims/{claim_of(kind='institutional')}/corrections"
    charge = {"place": "lines/1/charge", "value": "3900.00"}

    refused = await ask(part_a, "POST", path, changes=[charge])
    assert (refused.status_code, "D1 charges" in refused.json()["remedy"]) == (409, True)
    taken = await ask(part_a, "POST", path, changes=[charge, {"place": "stay/condition_codes", "value": ["D1"]}])

    assert taken.status_code == 200
    told = (await part_a.told(ClaimSubmitted))[-1]
    assert (told.frequency_code, told.stay.condition_codes) == ("7", ("D1",))


async def test_part_a_is_told_why_a_bill_is_cancelled(part_a):
    path = f"/claims/{claim_of(kind='institutional')}/void"

    refused = await ask(part_a, "POST", path, reason="billed twice")
    assert (refused.status_code, "D6" in refused.json()["remedy"]) == (409, True)
    taken = await ask(part_a, "POST", path, reason="billed twice", claim_change_reason="D6")

    assert taken.status_code == 200
    told = (await part_a.told(ClaimSubmitted))[-1]
    assert (told.frequency_code, told.stay.condition_codes) == ("8", ("D6",))


def the_whole_stay(version: int):
    last = a_bill(version, "114", date(2026, 3, 2), date(2026, 5, 9))
    return last.model_copy(update={"stay": last.stay.model_copy(update={"type_of_bill": "11"})})


async def test_the_whole_stay_replaces_its_first_interim_bill(claim_svc):
    await claim_svc.hears(MARCH)
    (first,) = await claim_svc.told(ClaimSubmitted)
    await claim_svc.hears(an_adjudication(first.claim_id))

    await claim_svc.hears(the_whole_stay(2))
    await send_all(claim_svc)

    told = (await claim_svc.told(ClaimSubmitted))[-1]
    assert (told.claim_id, told.frequency_code, told.original_payer_claim_number) == (first.claim_id, "7", "ICN1")
    assert told.statement_from == date(2026, 3, 2)


async def test_the_whole_stay_takes_the_place_of_its_later_interim_bills(claim_svc):
    await claim_svc.hears(MARCH, APRIL)
    first, second = await claim_svc.told(ClaimSubmitted)

    await claim_svc.hears(the_whole_stay(3))

    kinds = {each["claim_id"]: each["kind"] for each in await open_corrections(claim_svc)}
    assert kinds == {str(first.claim_id): "replacement", str(second.claim_id): "void"}


async def test_the_last_interim_bill_is_still_a_claim_of_its_own(claim_svc):
    await claim_svc.hears(MARCH, APRIL, MAY)

    assert len({told.claim_id for told in await claim_svc.told(ClaimSubmitted)}) == 3
    assert await open_corrections(claim_svc) == []


@pytest.fixture
async def taken_back_by_its_payer(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(reversed_by(ordinal=2))
    assert await headline(claim_svc) == "taken_back"
    return claim_svc


async def test_what_a_payer_took_back_and_said_nothing_new_of_goes_again_as_an_original(taken_back_by_its_payer):
    service = taken_back_by_its_payer

    change = [{"place": "lines/1/units", "value": "2"}]
    await ask(service, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    assert (await sent(service))[-1] == ("blue", "P", "1", None)
    assert (await headline(service), await open_corrections(service)) == ("unanswered", [])


async def test_what_a_payer_took_back_is_voided_at_once(taken_back_by_its_payer):
    service = taken_back_by_its_payer

    await ask(service, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")

    assert (await headline(service), len(await sent(service))) == ("voided", 1)
    assert await service.database.value("SELECT count(*) FROM submissions WHERE is_live") == 0


async def test_a_correction_that_waits_is_not_sent_between_the_reversal_and_the_payers_new_word(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    change = [{"place": "lines/1/units", "value": "2"}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)
    more = [{"place": "lines/1/units", "value": "3"}]
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=more)

    await claim_svc.hears(reversed_by(ordinal=2))
    assert len(await sent(claim_svc)) == 2
    await claim_svc.hears(an_adjudication(claim_of(), ordinal=3, payer_claim_number="ICN2"))

    assert (await sent(claim_svc))[-1] == ("blue", "P", "7", "ICN2")


async def test_a_first_payers_reversal_is_seen_though_the_second_has_paid(claim_svc):
    await decided_by_both(claim_svc)

    await claim_svc.hears(reversed_by(ordinal=3))

    assert await headline(claim_svc) == "taken_back"


def other_second(**changes):
    """Blue is still first, and its plan of another employer comes second."""
    return an_encounter_coded(version=2, payers=("blue", "other"), **changes)


@pytest.fixture
async def three_payers(claim_svc):
    other = a_practice().payers[1].model_copy(update={"id": "other", "x12_id": "OTH", "claim_filing_indicator": "CI"})
    await claim_svc.hears(a_practice_changed(2, payers=[*a_practice().payers, other]))
    return claim_svc


async def test_another_second_payer_leaves_the_first_alone_and_takes_the_place_of_the_second(three_payers):
    await decided_by_both(three_payers)

    await three_payers.hears(other_second())
    (waiting,) = await open_corrections(three_payers)
    assert waiting["kind"] == "next_payers"
    await send_all(three_payers)

    (told,) = await open_corrections(three_payers)  # Medicare's Part B takes no void: its money goes back
    assert "medicare takes no void" in told["reason"]
    await three_payers.hears(reversed_by("medicare", "S", ordinal=3))
    assert [each[:3] for each in await sent(three_payers)] == [
        ("blue", "P", "1"), ("medicare", "S", "1"), ("other", "S", "1"),
    ]  # fmt: skip
    assert await open_corrections(three_payers) == []


async def test_a_second_payer_that_nobody_has_billed_is_another_at_once(three_payers):
    await three_payers.hears(an_encounter_coded(payers=("blue", "medicare")))

    await three_payers.hears(other_second())
    await three_payers.hears(an_adjudication(claim_of()))

    assert [each[:3] for each in await sent(three_payers)] == [("blue", "P", "1"), ("other", "S", "1")]
    assert await open_corrections(three_payers) == []


async def test_a_second_payer_that_comes_after_the_first_has_paid_is_billed_at_once(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(an_encounter_coded(version=2, payers=("blue", "medicare")))

    assert [each[:3] for each in await sent(claim_svc)] == [("blue", "P", "1"), ("medicare", "S", "1")]
    assert await open_corrections(claim_svc) == []


async def test_a_second_payers_refusal_is_seen_and_mended_by_the_next_version(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare")))
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_answer(claim_of(), accepted=False, ordinal=2))
    assert await headline(claim_svc) == "rejected"

    members = an_encounter_coded(payers=("blue", "medicare")).person.subscribers
    mended = (members[0], members[1].model_copy(update={"member_id": "2EG4TE5MK73"}))
    person = an_encounter_coded(payers=("blue", "medicare")).person.model_copy(update={"subscribers": mended})
    await claim_svc.hears(an_encounter_coded(version=2, payers=("blue", "medicare"), person=person))

    assert [each[:3] for each in await sent(claim_svc)][2:] == [("medicare", "S", "1")]
    assert (await headline(claim_svc), await open_corrections(claim_svc)) == ("unanswered", [])


async def test_a_rebill_whose_void_has_left_is_not_dropped(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(OTHERS["another payer"])
    await send_all(claim_svc)
    (under_way,) = await open_corrections(claim_svc)

    answer = await ask(
        claim_svc, "POST", f"/corrections/{under_way['correction_id']}/drop", reason="the old payer was right"
    )

    assert (answer.status_code, answer.json()["detail"]) == (409, "its void has left")


async def test_a_visit_that_is_called_off_while_its_void_is_under_way_leaves_nothing_waiting(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(OTHERS["another payer"])
    await send_all(claim_svc)
    await claim_svc.hears(an_encounter_coded(version=3, payers=(), lines=(), ended="cancelled"))

    await claim_svc.hears(reversed_by(ordinal=2))

    assert (await headline(claim_svc), await open_corrections(claim_svc)) == ("voided", [])
    assert len(await sent(claim_svc)) == 2


async def test_a_version_that_calls_itself_a_replacement_is_one(claim_svc):
    await claim_svc.hears(MARCH)
    (first,) = await claim_svc.told(ClaimSubmitted)
    await claim_svc.hears(an_adjudication(first.claim_id))
    whole = the_whole_stay(2)

    await claim_svc.hears(whole.model_copy(update={"stay": whole.stay.model_copy(update={"type_of_bill": "117"})}))
    await send_all(claim_svc)

    told = (await claim_svc.told(ClaimSubmitted))[-1]
    assert (told.claim_id, told.frequency_code, told.stay.type_of_bill) == (first.claim_id, "7", "11")


async def test_no_submission_of_a_claim_that_was_voided_is_live(claim_svc):
    await decided_by_both(claim_svc)
    await ask(claim_svc, "POST", f"/claims/{claim_of()}/void", reason="billed to the wrong patient")
    await claim_svc.hears(reversed_by(ordinal=3), reversed_by("medicare", "S", ordinal=4))

    assert await claim_svc.database.value("SELECT count(*) FROM submissions WHERE is_live") == 0


def decided(payer: str, sequence: str, ordinal: int, number: str, **changes):
    return an_adjudication(
        claim_of(), payer_id=payer, sequence=sequence, ordinal=ordinal, payer_claim_number=number, **changes
    )


async def test_a_correction_goes_down_a_chain_of_three_payers_each_told_of_those_before_it(three_payers):
    practice = a_practice()
    third = practice.payers[0].model_copy(update={"id": "third", "x12_id": "THD"})
    other = practice.payers[1].model_copy(update={"id": "other", "x12_id": "OTH", "claim_filing_indicator": "CI"})
    await three_payers.hears(a_practice_changed(3, payers=[*practice.payers, other, third]))
    await three_payers.hears(an_encounter_coded(payers=("blue", "other", "third")))
    await three_payers.hears(decided("blue", "P", 1, "B1"))
    await three_payers.hears(decided("other", "S", 2, "O1", paid="8.00", patient="8.00"))
    await three_payers.hears(decided("third", "T", 3, "T1", paid="8.00", patient="0.00"))

    change = [{"place": "diagnoses/1/code", "value": "E1165"}]
    await ask(three_payers, "POST", f"/claims/{claim_of()}/corrections", changes=change)
    await three_payers.hears(decided("blue", "P", 4, "B2"))
    await three_payers.hears(decided("other", "S", 5, "O2", paid="8.00", patient="8.00"))
    await three_payers.hears(decided("third", "T", 6, "T2", paid="8.00", patient="0.00"))

    told = (await three_payers.told(ClaimSubmitted))[3:]
    assert [(each.payer.payer_id, each.frequency_code, each.original_payer_claim_number) for each in told] == [
        ("blue", "7", "B1"), ("other", "7", "O1"), ("third", "7", "T1"),
    ]  # fmt: skip
    known = [
        {each.payer.payer_id: each.decision.payer_claim_number for each in one.other_coverages if each.decision}
        for one in told
    ]
    assert known == [{}, {"blue": "B2"}, {"blue": "B2", "other": "O2"}]
    assert (await headline(three_payers), await open_corrections(three_payers)) == ("paid", [])


async def test_a_second_payer_that_the_practice_does_not_know_waits_for_a_person(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))

    await claim_svc.hears(an_encounter_coded(version=2, payers=("blue", "stranger")))

    (waiting,) = await open_corrections(claim_svc)
    assert (waiting["kind"], waiting["state"], waiting["findings"][0]["rule"]) == (
        "next_payers",
        "waiting",
        "payer-known",
    )
    assert len(await sent(claim_svc)) == 1
    assert await claim_svc.database.value("SELECT count(*) FROM dead_letters") == 0


async def test_what_a_person_mends_goes_to_the_payer_of_the_version_that_waited(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_encounter_coded(version=2, payers=("medicare",)))
    await claim_svc.hears(an_answer(claim_of(), accepted=False))

    change = [{"place": "lines/1/units", "value": "2"}]
    answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/corrections", changes=change)

    assert answer.status_code == 200
    assert (await sent(claim_svc))[-1] == ("medicare", "P", "1", None)


async def test_a_finding_that_is_let_pass_sends_the_claim_to_its_other_payer(claim_svc):
    await claim_svc.hears(an_encounter_coded())
    await claim_svc.hears(an_adjudication(claim_of()))
    await claim_svc.hears(an_encounter_coded(version=2, payers=("medicare",), diagnoses=("ZZZZ",)))
    await send_all(claim_svc)
    (held,) = await open_corrections(claim_svc)
    await claim_svc.hears(reversed_by(ordinal=2))

    for rule in {finding["rule"] for finding in held["findings"]}:
        answer = await ask(claim_svc, "POST", f"/claims/{claim_of()}/overrides", rule=rule, reason="the payer takes it")
        assert answer.status_code == 200, answer.text

    assert (await sent(claim_svc))[-1] == ("medicare", "P", "1", None)
