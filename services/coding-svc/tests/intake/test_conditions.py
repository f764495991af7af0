"""What a bundle's conditions are: certain, current, of this visit, and which of them leads."""

import pytest

from ..builders import a_bundle, a_condition, a_coverage, a_procedure, a_stay, look_at

ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"
SURE = a_condition("c1", "J20.9")


def beside_a_sure_one(**more: object):
    return look_at(a_bundle(SURE, a_condition("c2", "E11.9", **more), a_coverage(), encounter={"reasonCode": None}))


@pytest.mark.parametrize(
    "status",
    [{"text": "suspected"}, {"text": "Rule out"}, {"text": "Probable"}, {"coding": [{"code": "Provisional"}]},
     {"coding": [{"system": "http://snomed.info/sct", "code": "415684004"}]},
     {"coding": [{"code": "4", "display": "Possible"}]}, {"text": "differential"}],
)  # fmt: skip
def test_words_that_mean_uncertain_count_like_their_codes(status):
    seen = beside_a_sure_one(verificationStatus=status)

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], ["E119"], set())


@pytest.mark.parametrize("word", ["Refuted", "ruled out", "Entered in error"])
def test_words_that_say_it_never_was_count_like_their_codes(word):
    seen = beside_a_sure_one(verificationStatus={"text": word})

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], [], set())


@pytest.mark.parametrize(
    "status",
    [{"text": "hmm"}, {"coding": [{"code": "maybe-so"}]}, {"coding": [{"code": "confirmed"}], "text": "suspected"}],
)
def test_a_verification_that_is_not_understood_is_asked(status):
    seen = beside_a_sure_one(verificationStatus=status)

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], ["E119"], {"record"})


@pytest.mark.parametrize(
    "status", [{"text": "Confirmed"}, {"coding": [{"code": "confirmed"}], "text": "by Dr. Okafor"}]
)
def test_a_confirmed_condition_is_coded(status):
    assert beside_a_sure_one(verificationStatus=status).codes == ["J209", "E119"]


def named(use: object, **more: object) -> dict:
    return {"condition": {"reference": "Condition/c2"}, "use": use, **more}


@pytest.mark.parametrize(
    "use",
    [
        {"text": "Principal diagnosis"},
        {"text": "DISCHARGE DIAGNOSIS"},
        {"text": "Billing"},
        {"coding": [{"code": "dd"}]},
    ],
)
def test_a_use_in_words_leads(use):
    diagnoses = [{"condition": {"reference": "Condition/c1"}, "use": {"text": "Secondary diagnosis"}}, named(use)]
    bundle = a_bundle(
        SURE, a_condition("c2", "E11.9"), a_coverage(), encounter={"reasonCode": None, "diagnosis": diagnoses}
    )

    seen = look_at(bundle)

    assert (seen.codes, seen.asked) == (["E119", "J209"], set())


def test_a_use_that_is_not_understood_is_asked():
    encounter = {"diagnosis": [named({"text": "third from the left"})]}

    seen = look_at(a_bundle(a_condition("c2", "E11.9"), a_coverage(), encounter=encounter))

    assert "third from the left" in seen.details("record")


@pytest.mark.parametrize(
    "over",
    [{"abatementAge": {"value": 12, "code": "a"}}, {"abatementAge": {"value": 300, "unit": "mo"}},
     {"abatementRange": {"low": {"value": 10}, "high": {"value": 12}}}],
)  # fmt: skip
def test_what_surely_was_over_at_an_age_is_not_current(over):
    seen = beside_a_sure_one(**over)

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], ["E119"], set())


@pytest.mark.parametrize(
    "over",
    [{"abatementAge": {"value": 36, "code": "a"}}, {"abatementString": "years ago"}, {"abatementRange": {"low": {"value": 10}}},
     {"abatementBoolean": True}],
)  # fmt: skip
def test_what_may_be_over_is_shown_and_asked(over):
    seen = beside_a_sure_one(**over)

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], ["E119"], {"record"})


def test_an_age_after_the_visit_excludes_nothing():
    assert beside_a_sure_one(abatementAge={"value": 40, "code": "a"}).codes == ["J209", "E119"]


@pytest.mark.parametrize(
    "begins", [{"onsetDateTime": "2026-03-03"}, {"onsetDateTime": "2026-04"}, {"onsetPeriod": {"start": "2026-05-01"}},
               {"onsetAge": {"value": 37, "code": "a"}}]
)  # fmt: skip
def test_what_begins_after_the_visit_is_shown(begins):
    seen = beside_a_sure_one(**begins)

    assert (seen.codes, seen.shown, seen.asked) == (["J209"], ["E119"], set())


@pytest.mark.parametrize(
    "begins", [{"onsetDateTime": "2026-03"}, {"onsetDateTime": "2026-03-02"}, {"onsetAge": {"value": 36}}]
)
def test_what_may_have_begun_by_the_visit_is_coded(begins):
    assert beside_a_sure_one(**begins).codes == ["J209", "E119"]


def test_of_a_stay_no_principal_diagnosis_is_guessed():
    diagnoses = [
        {"condition": {"reference": f"Condition/{name}"}, "use": {"coding": [{"code": use}]}}
        for name, use in (("c1", "AD"), ("c2", "CC"))
    ]
    conditions = (
        a_condition("c1", "R05.9"),
        a_condition("c2", "R07.9"),
        a_condition("c3", "J18.9"),
        a_condition("c4", "I10"),
    )

    seen = look_at(a_bundle(*conditions, a_coverage(), encounter=a_stay(diagnosis=diagnoses)))

    assert "principal" in seen.details("diagnosis")


def test_the_one_that_is_told_first_leads_a_stay():
    diagnoses = [
        {"condition": {"reference": "Condition/c1"}, "use": {"coding": [{"code": "CC"}]}},
        {"condition": {"reference": "Condition/c2"}, "rank": 1},
    ]
    conditions = (a_condition("c1", "R07.9"), a_condition("c2", "J18.9"))

    seen = look_at(a_bundle(*conditions, a_coverage(), encounter=a_stay(diagnosis=diagnoses)))

    assert (seen.codes[0], seen.asked) == ("J189", set())


def with_codings(*codings: tuple[str, bool | None]) -> dict:
    made = [{"system": ICD10CM, "code": code, **({"userSelected": True} if chosen else {})} for code, chosen in codings]
    return a_condition("c2", "X", code={"coding": made})


def test_of_several_codes_the_chosen_one_counts():
    condition = with_codings(("E11.9", None), ("E11.65", True))

    seen = look_at(a_bundle(SURE, condition, a_coverage(), encounter={"reasonCode": None}))

    assert (seen.codes, seen.asked) == (["J209", "E1165"], set())


@pytest.mark.parametrize("chosen", [None, True])
def test_of_several_codes_without_a_choice_none_is_taken_and_none_is_lost(chosen):
    condition = with_codings(("E11.9", chosen), ("E11.65", chosen))

    seen = look_at(a_bundle(SURE, condition, a_coverage(), encounter={"reasonCode": None}))

    assert seen.asked == {"diagnosis"}
    assert all(code in seen.details("diagnosis") for code in ("E119", "E1165"))
    assert (seen.codes, set(seen.shown)) == (["J209"], {"E119", "E1165"})


def test_a_reason_with_several_codes_is_asked():
    reason = {"coding": [{"system": ICD10CM, "code": "E11.9"}, {"system": ICD10CM, "code": "E11.65"}]}

    assert look_at(a_bundle(a_coverage(), encounter={"reasonCode": [reason]})).asked == {"diagnosis"}


def test_one_code_written_in_two_ways_is_one():
    condition = with_codings(("E11.9", None), ("e119", None))

    assert look_at(a_bundle(SURE, condition, a_coverage(), encounter={"reasonCode": None})).codes == ["J209", "E119"]


def test_a_code_that_looks_like_icd10cm_without_its_system_is_asked_by_name():
    nameless = a_condition("c2", "X", code={"coding": [{"code": "E11.9"}]})

    seen = look_at(a_bundle(SURE, nameless, a_coverage(), encounter={"reasonCode": None}))

    assert "E11.9" in seen.details("record")


def test_what_is_said_of_other_procedures_is_not_touched():
    assert look_at(a_bundle(SURE, a_procedure("x1"), a_coverage(), encounter={"reasonCode": None})).asked == set()


def test_no_principal_diagnosis_is_shown_while_it_is_asked():
    diagnoses = [{"condition": {"reference": "Condition/c1"}, "use": {"coding": [{"code": "CC"}]}}]

    seen = look_at(a_bundle(a_condition("c1", "R07.9"), a_coverage(), encounter=a_stay(diagnosis=diagnoses)))

    assert seen.codes == []


@pytest.mark.parametrize(
    "age", [{"value": 1e300}, {"value": -4}, {"value": 54000, "code": "a"}, {"value": 40, "code": "lightyears"}, {}]
)
def test_an_age_that_nobody_reaches_says_no_day(age):
    assert beside_a_sure_one(abatementAge=age).asked == {"record"}
    assert beside_a_sure_one(onsetAge=age).codes == ["J209", "E119"]
