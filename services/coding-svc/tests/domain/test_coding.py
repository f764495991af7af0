"""What a coder would do, told as examples."""

from datetime import date
from uuid import UUID

import pytest
from claimstream_codesets import open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.domain.visit import Condition, Service, StatedCode, Visit
from coding_svc.domain.visit_reasons import general_examination, preventive_band

from ..builders import PRACTICE

BAY_STATE = PracticeDocument.model_validate(PRACTICE)
VISIT = StatedCode(system="snomed", code="185347001")


def a_visit(**changes) -> Visit:
    facts = {
        "source_system": "ehr",
        "ehr_encounter_id": "1",
        "format": "fhir",
        "setting": "professional",
        "encounter_class": "AMB",
        "location_ids": ("main",),
        "started_on": date(2026, 3, 2),
        "ended_on": date(2026, 3, 2),
        "types": [Condition(text="Encounter for problem", codes=(VISIT,))],
        "patient": {"name": {"last": "Sample"}, "birth_date": date(1990, 2, 1), "sex": "F"},
        **changes,
    }
    return Visit.model_validate(facts)


def coded(**changes):
    return code_visit(a_visit(**changes), BAY_STATE, open_code_sets(), UUID(int=1))


def codes(outcome) -> list[str]:
    return [diagnosis.code for diagnosis in outcome.diagnoses]


def of_kind(text: str, **changes):
    return {"types": [Condition(text=text, codes=(VISIT,))], **changes}


def test_an_unsure_finding_beside_a_sure_reason_is_kept_uncoded():
    outcome = coded(
        conditions=[Condition(text="Asthma", is_reason=True), Condition(text="Full-time employment (finding)")]
    )

    assert (outcome.state, codes(outcome)) == ("coded", ["J45909"])
    assert [item.kind for item in outcome.uncoded] == ["condition"]


def test_a_finding_alone_is_no_reason():
    outcome = coded(conditions=[Condition(text="Social isolation (finding)")])

    assert outcome.state == "awaiting_coder"
    assert outcome.asked[0].question == "diagnosis"


def test_an_unsure_reason_is_asked_even_beside_a_sure_finding():
    outcome = coded(
        conditions=[Condition(text="Viral sinusitis", is_reason=True), Condition(text="Social isolation (finding)")]
    )

    assert outcome.state == "awaiting_coder"


@pytest.mark.parametrize(
    ("first", "state"),
    [("Full-time employment (finding)", "coded"), ("Viral sinusitis", "awaiting_coder")],
    ids=["a finding", "an unsure disorder"],
)
def test_the_first_of_a_list_that_is_more_than_a_finding_is_what_a_native_visit_was_for(first, state):
    outcome = coded(format="native", conditions=[Condition(text=first), Condition(text="Asthma")])

    assert (outcome.state, codes(outcome)[:1]) == (state, ["J45909"] if state == "coded" else [])


def test_findings_hold_up_no_check_up_of_a_native_visit():
    kind = of_kind("General examination of patient", conditions=[Condition(text="Medication review due (situation)")])

    assert codes(coded(format="native", **kind)) == ["Z0000"]


def test_a_check_up_with_a_new_disorder_has_abnormal_findings():
    outcome = coded(**of_kind("General examination of patient", conditions=[Condition(text="Anemia (disorder)")]))

    assert codes(outcome) == ["Z0001", "D649"]


def test_a_check_up_with_a_reason_is_coded_by_its_reason():
    outcome = coded(**of_kind("Encounter for check up", conditions=[Condition(text="Sprain of ankle", is_reason=True)]))

    assert codes(outcome) == ["S93409D"]


def test_a_birth_is_not_called_supervision_of_a_pregnancy():
    birth = Service(name="b", service_from=date(2026, 3, 2), text="Childbirth")
    reason = [Condition(text="Normal pregnancy", is_reason=True)]

    assert coded(conditions=reason).state == "coded"
    assert coded(conditions=reason, services=[birth]).state == "awaiting_coder"


def test_a_given_code_goes_before_a_text_of_the_same_visit():
    outcome = coded(conditions=[Condition(text="Stress"), Condition(icd10="E119")])

    assert codes(outcome)[0] == "E119"


def test_a_given_code_that_is_invalid_that_day_travels_on_with_its_check():
    outcome = coded(conditions=[Condition(icd10="S301XXA")])

    assert outcome.state == "coded"
    assert [(check.code, check.standing) for check in outcome.checks if check.code_set == "icd10cm"] == [
        ("S301XXA", "invalid")
    ]


@pytest.mark.parametrize(
    ("born", "code", "band"),
    [
        (date(2026, 2, 27), "Z00110", "under-1"),
        (date(2026, 2, 10), "Z00111", "under-1"),
        (date(2014, 1, 1), "Z00129", "12-17"),
        (date(2008, 3, 3), "Z00129", "12-17"),
        (date(2008, 3, 2), "Z0000", "18-39"),
        (date(1950, 1, 1), "Z0000", "65-up"),
    ],
)
def test_age_decides_the_general_examination(born, code, band):
    on = date(2026, 3, 2)

    assert general_examination(born, on, abnormal=False) == code
    assert preventive_band(a_visit(patient={"name": {"last": "S"}, "birth_date": born, "sex": "F"}).age()) == band


def test_nothing_to_charge_is_asked():
    outcome = coded(types=[], encounter_class=None, conditions=[Condition(icd10="E119")])

    assert [asked.question for asked in outcome.asked] == ["service"]


def test_a_kind_of_visit_that_is_not_in_the_charge_master_is_asked():
    unknown = [Condition(text="House call", codes=(StatedCode(system="snomed", code="1"),))]
    outcome = coded(types=unknown, encounter_class="HH", conditions=[Condition(icd10="E119")])

    assert [asked.question for asked in outcome.asked] == ["service"]


def test_a_line_keeps_its_id_when_the_visit_is_coded_again():
    one, two = (coded(conditions=[Condition(icd10=code)]) for code in ("E119", "E1165"))

    assert [line.line_id for line in one.lines] == [line.line_id for line in two.lines]


def test_an_admission_diagnosis_repeats_the_principal_one():
    outcome = coded(
        conditions=[Condition(icd10="J189", kind="principal"), Condition(icd10="J189", kind="admitting")],
    )

    assert [(diagnosis.code, diagnosis.kind) for diagnosis in outcome.diagnoses] == [
        ("J189", "principal"),
        ("J189", "admitting"),
    ]


STAY = {"setting": "institutional", "stay": {"type_of_bill": "11", "admitted_on": "2026-03-02"}}


def test_the_reason_for_a_stay_is_its_admitting_diagnosis():
    reason = [Condition(text="Anemia (disorder)"), Condition(text="Asthma", is_reason=True)]

    assert [(found.code, found.kind) for found in coded(conditions=reason, **STAY).diagnoses] == [
        ("J45909", "principal"),
        ("D649", "other"),
        ("J45909", "admitting"),
    ]
    assert "admitting" not in {found.kind for found in coded(conditions=reason).diagnoses}


def test_without_a_reason_nobody_guesses_the_admitting_diagnosis():
    outcome = coded(conditions=[Condition(icd10="J189"), Condition(text="Asthma")], **STAY)

    assert [found.kind for found in outcome.diagnoses] == ["principal", "other"]


def test_an_admitting_diagnosis_that_the_ehr_gives_stands():
    given = [Condition(text="Asthma", is_reason=True), Condition(icd10="R0602", kind="admitting")]

    assert [(found.code, found.kind) for found in coded(conditions=given, **STAY).diagnoses] == [
        ("J45909", "principal"),
        ("R0602", "admitting"),
    ]


def test_a_diagnosis_at_admission_alone_is_no_reason():
    assert coded(conditions=[Condition(text="Asthma", kind="admitting")], **STAY).state == "awaiting_coder"


def test_every_diagnosis_travels_on_for_the_claim_says_how_many_it_takes():
    many = [Condition(icd10=f"E{number}", is_reason=number == 100) for number in range(100, 130)]
    kinds = [found.kind for found in coded(conditions=many, **STAY).diagnoses]

    assert (kinds.count("principal"), kinds.count("other"), kinds.count("admitting")) == (1, 29, 1)
