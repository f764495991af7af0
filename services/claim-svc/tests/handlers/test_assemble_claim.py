"""A coded encounter becomes a claim."""

from datetime import date
from decimal import Decimal

import pytest
from claimstream_schemas import ClaimAssembled, ClaimHeld, ClaimSubmitted
from claimstream_schemas.values.encounter import Coverage, Diagnosis, VisitFacts
from claimstream_schemas.values.people import Address, PersonName

from ..builders import (
    DELAYED,
    PRACTICE,
    a_contract_changed,
    a_line,
    a_patient,
    a_practice,
    a_practice_changed,
    an_encounter_coded,
    an_inpatient_encounter,
    claim_of,
)


async def rules_against(claim_svc) -> list[str]:
    return [finding.rule for held in await claim_svc.told(ClaimHeld) for finding in held.findings]


async def test_an_encounter_delivered_twice_makes_one_claim(claim_svc):
    event = an_encounter_coded(charge="120.00")

    await claim_svc.hears(event, event)

    assert [told.total_charge for told in await claim_svc.told(ClaimSubmitted)] == [Decimal("120.00")]


async def test_a_clean_claim_leaves_at_once_and_its_charges_are_told(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    assert await claim_svc.told_topics() == ["claim.assembled", "claim.submitted"]
    (assembled,) = await claim_svc.told(ClaimAssembled)
    assert (assembled.state, assembled.total_charge) == ("released", Decimal("120.00"))


async def test_a_submission_carries_what_the_gateway_and_the_ledger_need(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    (told,) = await claim_svc.told(ClaimSubmitted)

    assert len(told.control_number) == 16
    assert told.lines[0].line_control_number == f"{told.control_number}01001"
    assert (told.lines[0].expected.allowed, told.lines[0].expected.paid) == (Decimal("80.00"), Decimal("64.00"))
    assert (told.payer_sequence, told.frequency_code, told.contract_version) == ("P", "1", "blue-2026 1")
    assert told.timely_filing_limit == date(2027, 3, 2)


async def test_a_payer_without_contract_has_an_unknown_expectation_never_zero(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=("medicare",)))

    (told,) = await claim_svc.told(ClaimSubmitted)

    assert (told.lines[0].expected.allowed, told.contract_version) == (None, None)


async def test_an_encounter_before_its_practice_waits_for_it(new_claim_svc):
    await new_claim_svc.hears(an_encounter_coded())
    assert await new_claim_svc.told_topics() == []

    await new_claim_svc.hears(a_practice_changed(), a_contract_changed())

    assert await new_claim_svc.told_topics() == ["claim.assembled", "claim.submitted"]


async def test_a_visit_without_coverage_is_self_pay_and_has_no_claim(claim_svc):
    await claim_svc.hears(an_encounter_coded(payers=()))

    (told,) = await claim_svc.told(ClaimAssembled)

    assert (told.state, told.claim_id, told.account_id) == ("self_pay", None, an_encounter_coded().encounter_id)
    assert await claim_svc.database.value("SELECT count(*) FROM claims") == 0


async def test_more_than_fifty_lines_make_two_professional_claims(claim_svc):
    lines = tuple(a_line(number, charge="1.00", procedure="J1885", units=str(number)) for number in range(1, 52))

    await claim_svc.hears(an_encounter_coded(lines=lines))

    assert [len(told.lines) for told in await claim_svc.told(ClaimSubmitted)] == [50, 1]
    assert {told.claim_id for told in await claim_svc.told(ClaimSubmitted)} == {claim_of(part=1), claim_of(part=2)}


@pytest.mark.parametrize(
    ("encounter", "rule"),
    [
        (an_encounter_coded(place_of_service=None), "required-fields"),
        (an_encounter_coded(diagnoses=("ZZZZ",)), "codes-at-service-date"),
        (
            an_encounter_coded(
                payers=("medicare",),
                diagnoses=("S93401A",),
                lines=(a_line(procedure="82947"),),
                facts=VisitFacts(clia_number="22D0987654"),
            ),
            "medical-necessity",
        ),
        (an_encounter_coded(lines=(a_line(diagnosis_pointers=(2,)),)), "diagnosis-pointers"),
        (an_encounter_coded(charge="0.00"), "totals"),
        (
            an_encounter_coded(started_on=date(2025, 9, 1), lines=(a_line(service_from=date(2025, 9, 1)),)),
            "timely-filing",
        ),
        (an_encounter_coded(lines=(a_line(service_from=date(2026, 9, 17)),)), "dates"),
        (an_inpatient_encounter(poa=None), "present-on-admission"),
        (an_encounter_coded(payers=("unheard-of",)), "payer-known"),
    ],
)
async def test_a_claim_is_held_with_its_reason_and_remedy(claim_svc, encounter, rule):
    await claim_svc.hears(encounter)

    assert await rules_against(claim_svc) == [rule]
    assert await claim_svc.told(ClaimSubmitted) == []
    (held,) = await claim_svc.told(ClaimHeld)
    assert all(finding.remedy and finding.message for finding in held.findings)


async def test_service_before_icd10_is_refused_by_a_rule_of_its_own(claim_svc):
    day = date(2015, 9, 30)
    event = an_encounter_coded(
        started_on=day, ended_on=day, lines=(a_line(service_from=day),), facts=DELAYED, patient=a_patient()
    )

    await claim_svc.hears(event)

    assert await rules_against(claim_svc) == ["before-icd10"]


async def test_a_wrong_check_digit_is_found_wherever_the_npi_stands(claim_svc):
    event = an_encounter_coded()
    rendering = event.providers.rendering.model_copy(update={"npi": "1234567890"})

    await claim_svc.hears(
        event.model_copy(update={"providers": event.providers.model_copy(update={"rendering": rendering})})
    )

    assert await rules_against(claim_svc) == ["npi-check-digit"]


async def test_glucose_with_diabetes_passes_medical_necessity(claim_svc):
    await claim_svc.hears(an_encounter_coded(diagnoses=("E119",), lines=(a_line(procedure="82947"),)))

    assert len(await claim_svc.told(ClaimSubmitted)) == 1


async def test_an_inpatient_claim_with_poa_leaves(claim_svc):
    await claim_svc.hears(an_inpatient_encounter(poa="Y"))

    (told,) = await claim_svc.told(ClaimSubmitted)
    assert told.diagnoses == (
        Diagnosis(code="E119", kind="principal", present_on_admission="Y"),
        Diagnosis(code="E119", kind="admitting"),
    )


async def test_the_same_service_on_another_encounter_is_held_as_duplicate(claim_svc):
    await claim_svc.hears(an_encounter_coded("E1"), an_encounter_coded("E2"))

    assert await rules_against(claim_svc) == ["duplicate"]
    assert [told.claim_id for told in await claim_svc.told(ClaimSubmitted)] == [claim_of("E1")]


@pytest.mark.parametrize(
    "other",
    [
        an_encounter_coded("E2", patient=a_patient(name=PersonName(last="Vance", first="Oli"))),
        an_encounter_coded("E2", lines=(a_line(encounter="E2", modifiers=("76",)),)),
        an_encounter_coded("E2", lines=(a_line(encounter="E2", service_from=date(2026, 3, 3)),)),
    ],
)
async def test_another_patient_a_repeat_modifier_or_another_day_is_no_duplicate(claim_svc, other):
    await claim_svc.hears(an_encounter_coded("E1"), other)

    assert len(await claim_svc.told(ClaimSubmitted)) == 2


async def test_a_newer_version_replaces_a_held_claim_and_sends_it(claim_svc):
    await claim_svc.hears(an_encounter_coded(diagnoses=("ZZZZ",)))

    await claim_svc.hears(an_encounter_coded(version=2))

    assert [told.state for told in await claim_svc.told(ClaimAssembled)] == ["held", "released"]
    assert len(await claim_svc.told(ClaimSubmitted)) == 1


async def test_a_newer_version_of_a_submitted_claim_waits_as_a_correction(claim_svc):
    await claim_svc.hears(an_encounter_coded())

    await claim_svc.hears(an_encounter_coded(version=2, charge="150.00"))

    assert len(await claim_svc.told(ClaimSubmitted)) == 1
    assert await claim_svc.database.value("SELECT count(*) FROM corrections") == 1


async def test_a_pointer_that_points_before_the_first_diagnosis_holds_the_claim(claim_svc):
    line = a_line(procedure="82947", diagnosis_pointers=(-1,))

    await claim_svc.hears(an_encounter_coded(lines=(line,)))

    assert "diagnosis-pointers" in await rules_against(claim_svc)


async def test_a_replay_with_an_empty_inbox_changes_nothing(claim_svc):
    events = [
        an_encounter_coded("E1"),
        an_encounter_coded("E2", payers=()),
        an_encounter_coded("E3", diagnoses=("ZZZZ",)),
    ]
    await claim_svc.hears(*events)
    before = await claim_svc.told_topics()
    await claim_svc.database.fetch("DELETE FROM inbox")

    await claim_svc.hears(*events)

    assert await claim_svc.told_topics() == before


async def test_each_charge_line_is_on_exactly_one_live_claim(claim_svc):
    await claim_svc.hears(an_encounter_coded(lines=(a_line(1), a_line(2, procedure="82947"))))
    await claim_svc.hears(an_encounter_coded(version=2))

    rows = await claim_svc.database.fetch("SELECT claim_id, is_live FROM charge_lines WHERE practice = $1", PRACTICE)
    assert rows == [{"claim_id": claim_of(), "is_live": True}] * 2


async def test_what_a_payer_needs_of_a_coverage_travels_with_each_submission(claim_svc):
    coverages = (
        Coverage(payer_id="blue", filing_code="12"),
        Coverage(payer_id="medicare", insurance_type="12"),
    )
    await claim_svc.hears(an_encounter_coded(payers=("blue", "medicare"), coverages=coverages))

    (told,) = await claim_svc.told(ClaimSubmitted)
    assert (told.payer.claim_filing_indicator, told.payer.insurance_type) == ("12", None)
    other = told.other_coverages[0].payer
    assert (other.claim_filing_indicator, other.insurance_type) == ("MB", "12")


@pytest.mark.parametrize(
    ("payer", "filing_code", "reports"),
    [("blue", None, True), ("medicare", None, False), ("blue", "16", False), ("medicare", "CI", True)],
)
async def test_medicare_alone_is_not_told_what_the_patient_paid(claim_svc, payer, filing_code, reports):
    await claim_svc.hears(
        an_encounter_coded(payers=(payer,), coverages=(Coverage(payer_id=payer, filing_code=filing_code),))
    )

    assert [told.payer.reports_patient_paid for told in await claim_svc.told(ClaimSubmitted)] == [reports]


@pytest.mark.parametrize(("payer", "reports"), [("blue", False), ("medicare", True)])
async def test_a_payers_own_policy_decides_whether_it_is_told_what_the_patient_paid(new_claim_svc, payer, reports):
    payers = [one.model_dump(mode="json") | {"reports_patient_paid": reports} for one in a_practice().payers]
    await new_claim_svc.hears(a_practice_changed(payers=payers), a_contract_changed())

    await new_claim_svc.hears(an_encounter_coded(payers=(payer,)))

    assert [told.payer.reports_patient_paid for told in await new_claim_svc.told(ClaimSubmitted)] == [reports]


async def test_a_patient_who_lives_abroad_needs_no_state_and_no_zip_code(claim_svc):
    home = Address(line1="12 Queen's Road", city="Hong Kong", country="HK")

    await claim_svc.hears(an_encounter_coded(patient=a_patient(address=home)))

    assert [told.person.patient.address for told in await claim_svc.told(ClaimSubmitted)] == [home]
