"""The packs' own cases run as tests, and a wrong pack is named with its rule."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import yaml
from claim_svc.code_sets import code_sets
from claim_svc.contents import content_of
from claim_svc.domain.checks import CHECKS
from claim_svc.domain.claim import Claim, ClaimContent
from claim_svc.domain.rules import PackFault, RulePack, RulePacks
from claim_svc.domain.scrubbing import scrub
from claim_svc.domain.surroundings import Surroundings
from claim_svc.rulepack_files import load_pack, load_packs
from claimstream_schemas.values.claim import RuleFinding
from claimstream_schemas.values.identifiers import control_number
from claimstream_schemas.values.practice import Payer, Practice

from .builders import PRACTICE, a_practice, an_encounter_coded, an_inpatient_encounter, claim_of

DAY = date(2026, 3, 2)
FOLDER = Path(__file__).parents[1] / "rulepacks"
CASES = [
    pytest.param(case, path.parent.name, id=f"{path.parent.name}: {case['name']}")
    for path in sorted(FOLDER.glob("*/cases.yaml"))
    for case in yaml.safe_load(path.read_text())
]


PAYERS = {"base": "blue", "medicare": "medicare", "medicare-advantage": "advantage"}
ADVANTAGE = {
    "id": "advantage", "name": "Advantage", "x12_id": "ADV1", "receiver_id": "HUB", "claim_filing_indicator": "16",
    "timely_filing_days": 365,
}  # fmt: skip


def the_practice() -> Practice:
    practice = a_practice()
    return practice.model_copy(update={"payers": (*practice.payers, Payer.model_validate(ADVANTAGE))})


def content_with(case: dict, pack: str) -> ClaimContent:
    said = case["claim"]
    payers = ("blue", PAYERS[pack]) if said.get("second") else (PAYERS[pack],)
    payers += ("medicare", "medicare") if "medicare_twice" in said else ()
    event = (
        an_inpatient_encounter(payers=payers) if said.get("kind") == "inpatient" else an_encounter_coded(payers=payers)
    )
    document = content_of(event, event.lines, the_practice()).model_dump(mode="json")
    for place, value in said.get("with", {}).items():
        holder, *steps = document, *place.split("/")
        for step in steps[:-1]:
            holder = holder[int(step) - 1] if isinstance(holder, list) else holder[step]
        if isinstance(holder, list):
            holder[int(steps[-1]) - 1] = value
        else:
            holder[steps[-1]] = value.isoformat() if isinstance(value, date) else value
    if "medicare_twice" in said:
        document["subscribers"][-1]["member_id"] = said["medicare_twice"]
    document["lines"] += [
        {**document["lines"][0], "ordinal": number, "line_id": str(UUID(int=number)), **line}
        for number, line in enumerate(said.get("beside", ()), start=2)
    ]
    return ClaimContent.model_validate(document)


def found_on(case: dict, pack: str) -> tuple[RuleFinding, ...]:
    practice, said = the_practice(), case["claim"]
    content, place = content_with(case, pack), 1 if said.get("second") else 0
    claim = Claim(PRACTICE, claim_of(), control_number(claim_of()), claim_of(), content)
    payer = practice.payer(content.coverages[place].payer_id)
    around = Surroundings(
        today=said.get("filed_on", date(2026, 9, 16)),
        codes=code_sets(),
        practice=practice,
        payer=payer,
        billed_elsewhere={1: claim_of("other")} if said.get("billed_elsewhere") else {},
        visits_elsewhere={1: claim_of("other")} if said.get("visit_elsewhere") else {},
        place=place,
    )
    filing = content.payers[place].claim_filing_indicator
    rules = load_packs(FOLDER).for_payer(payer, filing, content.kind, content.judged_on, later=bool(place))
    return scrub(claim, rules, around)


@pytest.mark.parametrize(("case", "pack"), CASES)
def test_a_case_of_a_pack_finds_what_it_says(case, pack):
    found = found_on(case, pack)

    assert sorted({finding.rule for finding in found}) == sorted(case["finds"])


def test_every_rule_of_every_pack_has_a_case_that_finds_it():
    found = {rule for case, _ in [param.values for param in CASES] for rule in case["finds"]}

    rules = {rule.id for pack in load_packs(FOLDER).packs.values() for rule in pack.rules}

    assert rules <= found


def test_every_rule_of_every_pack_has_a_case_that_comes_near_and_does_not_find_it():
    near = {rule for case, _ in [param.values for param in CASES] for rule in case.get("not", ())}

    rules = {rule.id for pack in load_packs(FOLDER).packs.values() for rule in pack.rules}

    assert rules - near == set()


def test_a_pack_of_a_kind_of_payer_is_chosen_by_filing_code_and_a_payer_may_name_another():
    packs, practice = load_packs(FOLDER), the_practice()
    chosen = {
        payer.id: set(packs.versions(payer, payer.claim_filing_indicator, "professional", DAY))
        for payer in practice.payers
    }
    named = practice.payers[0].model_copy(update={"pack": "medicare"})

    assert chosen == {"blue": {"base"}, "medicare": {"base", "medicare"}, "advantage": {"base", "medicare-advantage"}}
    assert set(packs.versions(named, "BL", "professional", DAY)) == {"base", "medicare"}


def test_a_payers_own_pack_comes_last_and_a_pack_speaks_within_its_days_and_kinds():
    rule = load_packs(FOLDER).packs["base"].rules[0]
    own = RulePack(
        "blue", "1", (replace(rule, severity="warn"),), date(2026, 1, 1), date(2026, 6, 30), ("professional",)
    )
    packs = RulePacks({"base": RulePack("base", "1", (rule,)), "blue": own})
    blue = a_practice().payers[0]
    asked = (
        ("professional", date(2026, 6, 30)),
        ("professional", date(2026, 7, 1)),
        ("institutional", date(2026, 6, 30)),
    )

    assert [packs.for_payer(blue, "BL", *each)[0].severity for each in asked] == ["warn", "hold", "hold"]


def test_every_kind_of_check_is_used():
    used = {rule.kind for pack in load_packs(FOLDER).packs.values() for rule in pack.rules}

    assert used == set(CHECKS)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "payer: base\nversion: 1\nrules:\n  - {id: x, kind: nonsense, says: a, remedy: b, source: c}",
            "x: no rule is of kind",
        ),
        ("payer: base\nversion: 1\nrules:\n  - {id: x, kind: totals, says: a, remedy: b}", "x: source is missing"),
        (
            "payer: base\nversion: 1\nrules:\n  - {id: x, kind: totals, says: a, remedy: b, source: c, severity: fatal}",
            "x: severity is hold or warn",
        ),
        (
            "payer: base\nversion: 1\nrules:\n  - {id: x, kind: totals, says: a, remedy: b, source: c, sequence: last}",
            "x: sequence is primary, secondary or any",
        ),
        (
            "payer: base\nversion: 1\nrules:\n  - {id: x, kind: totals, says: a, remedy: b, source: c, claims: [dental]}",
            "x: claims are professional or institutional",
        ),
        ("payer: base\nversion: 1\nclaims: [dental]\nrules: []", "claims are professional or institutional"),
        ("payer: base\nversion: 1\nvalid_from: soon\nrules: []", "valid_from and valid_to are days"),
        ("payer: other\nversion: 1\nrules: []", "payer is other"),
        ("payer: base\nrules: [", "pack.yaml"),
    ],
)
def test_a_wrong_pack_is_named_with_its_rule(tmp_path, text, named):
    (tmp_path / "base").mkdir()
    path = tmp_path / "base" / "pack.yaml"
    path.write_text(text)

    with pytest.raises(PackFault, match=named):
        load_pack(path)
