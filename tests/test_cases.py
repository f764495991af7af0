"""What becomes of the cases of ``tests/cases/encounters.jsonl`` on the day of the demo: each is coded, made into claims, and scrubbed.

Fast, and without a stack. What a case says of files, answers and books is held elsewhere.
"""

from functools import cache

import orjson
import pytest
from claimstream_cli.places import checkout
from coding_svc.events import encounter_coded
from pydantic import ValidationError

from .judging import Books, Judged, coded, judge, judged_claims

CASES = {
    case["name"]: case
    for case in map(orjson.loads, (checkout() / "tests/cases/encounters.jsonl").read_bytes().splitlines())
}
SENT: set[str] = set()
EXPECTED: dict[str, dict[str, set[str]] | str] = {
    "n02-twin-noname-a": {},
    "n02-twin-noname-b": {},
    "n03-name-hyphen-apos": {},
    "n05b-name-cjk": {"holds": {"latin-names"}},
    "n06-foreign-address": {},
    "n08-msp": {},
    "n09-two-same-day-a": {},
    "n09-two-same-day-b": {"warns": {"second-visit"}},
    "n10-mod25": {},
    "n10b-no25": {"warns": {"visit-beside-procedure"}, "unchecked": {"ncci"}},
    "n11b-rt-lt-one-line": {"holds": {"exclusive-modifiers"}},
    "n11c-bad-modifier": {"warns": {"known-modifiers"}},
    "n11d-59-and-xu": {"holds": {"exclusive-modifiers"}},
    "n12b-units-1000": {"unchecked": {"mue"}},
    "n13-anesthesia": {},
    "n14-ndc": {"warns": {"ndc-quantity"}},
    "n14c-unlisted": {"holds": {"described"}},
    "n16-surgery": {},
    "n16-global-surgery": {"unchecked": {"global_days"}},
    "n17-interim-112": {},
    "n18b-131-nohcpcs": {"holds": {"procedure-by-revenue-code"}},
    "n18c-13-ed-no-reason-visit": {"holds": {"reason-for-visit"}},
    "n20-corrected-v1": {},
    "n23c-inp-cross-retired": {"holds": {"codes-at-service-date"}},
    "n24-13dx": {"warns": {"diagnoses-left-out"}},
    "n25-zero-line": {},
    "n30-self-dependent": {"holds": {"dependent"}},
    "n34-auto-accident": {"holds": {"accident"}},
    "n35-cause-principal": {"holds": {"external-cause-first"}},
    "n36-excludes1": {"unchecked": {"excludes1"}},
    "n38-professional-inpatient": {"holds": {"admission-of-inpatients"}},
    "n39-51-lines": {},
    "n41-patient-paid": {},
    "n43-inst-auth-on-line": {},
    "n44-three-payers": "asked",
    "n45-medicaid-first": "asked",
    "n46-member-id-spaces": {},
    "t1": {},
    "t3": {"holds": {"identical-visits"}},
    "t5": {},
    "t13": "refused",
    "t14": {},
    "t15": {},
    "t18": {},
    "t20": "asked",
}
"""What rules say of each; nothing where it is sent."""


@cache
def outcomes() -> dict[str, list[Judged] | str]:
    """All cases in their order, as they would be posted."""
    books = Books()
    return {name: outcome_of(case["encounter"], books) for name, case in CASES.items()}


def outcome_of(document: dict, books: Books) -> list[Judged] | str:
    """The claims of an encounter; or asked, or refused."""
    try:
        encounter = coded(document)
    except ValidationError:
        return "refused"
    return judged_claims(encounter, books) if encounter.state == "coded" else "asked"


def test_every_case_has_its_expectation():
    assert set(EXPECTED) == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_sent_held_warned_or_asked_as_it_should_be(name):
    outcome, expected = outcomes()[name], EXPECTED[name]

    if isinstance(expected, str):
        assert outcome == expected
    else:
        assert set().union(*(claim.holds for claim in outcome)) == expected.get("holds", SENT)
        assert set().union(*(claim.warns for claim in outcome)) == expected.get("warns", SENT)
        assert expected.get("unchecked", SENT) <= set().union(*(claim.unchecked for claim in outcome))


def test_a_long_visit_is_two_claims_and_neither_is_a_duplicate():
    first, second = outcomes()["n39-51-lines"]

    assert (len(first.content.lines), len(second.content.lines)) == (50, 1)


def test_a_medicare_number_is_sent_without_its_dashes():
    (claim,) = outcomes()["n46-member-id-spaces"]

    assert claim.content.subscribers[0].member_id == "1EG4TE5MK77"


def test_two_spans_of_one_plan_are_one_coverage():
    (claim,) = outcomes()["t18"]

    assert len(claim.content.coverages) == 1


def test_medicare_after_a_group_plan_is_held_back_until_it_is_told_why():
    event = encounter_coded(coded(CASES["n08-msp"]["encounter"]))
    (claim,) = outcomes()["n08-msp"]
    told = claim.content.coverages[1].model_copy(update={"insurance_type": "12"})
    content = claim.content.model_copy(update={"coverages": (claim.content.coverages[0], told)})

    silent, with_reason = (
        judge(event.encounter_id, event.encounter_id, each, place=1) for each in (claim.content, content)
    )

    assert silent.holds == {"why-medicare-is-second"}
    assert with_reason.holds == SENT
