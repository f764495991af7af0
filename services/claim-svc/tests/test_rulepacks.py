"""The packs' own cases run as tests, and a wrong pack is named with its rule."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from claim_svc.code_sets import code_sets
from claim_svc.domain.checks import CHECKS
from claim_svc.domain.claim import Claim, ClaimContent
from claim_svc.domain.rules import PackFault
from claim_svc.domain.scrubbing import scrub
from claim_svc.domain.surroundings import Surroundings
from claim_svc.events import content_of
from claim_svc.rulepack_files import load_pack, load_packs
from claimstream_schemas.values.identifiers import control_number

from .builders import PRACTICE, a_practice, an_encounter_coded, an_inpatient_encounter, claim_of

FOLDER = Path(__file__).parents[1] / "rulepacks"
CASES = [
    pytest.param(case, path.parent.name, id=f"{path.parent.name}: {case['name']}")
    for path in sorted(FOLDER.glob("*/cases.yaml"))
    for case in yaml.safe_load(path.read_text())
]


def content_with(case: dict) -> ClaimContent:
    event = an_inpatient_encounter() if case["claim"].get("kind") == "inpatient" else an_encounter_coded()
    document = content_of(event, event.lines, a_practice()).model_dump(mode="json")
    for place, value in case["claim"].get("with", {}).items():
        holder, *steps = document, *place.split("/")
        for step in steps[:-1]:
            holder = holder[int(step) - 1] if isinstance(holder, list) else holder[step]
        if isinstance(holder, list):
            holder[int(steps[-1]) - 1] = value
        else:
            holder[steps[-1]] = value.isoformat() if isinstance(value, date) else value
    return ClaimContent.model_validate(document)


@pytest.mark.parametrize(("case", "payer"), CASES)
def test_a_case_of_a_pack_finds_what_it_says(case, payer):
    packs = load_packs(FOLDER)
    practice = a_practice()
    content = content_with(case)
    claim = Claim(PRACTICE, claim_of(), control_number(claim_of()), claim_of(), content)
    around = Surroundings(
        today=case["claim"].get("filed_on", date(2026, 9, 16)),
        codes=code_sets(),
        practice=practice,
        payer=practice.payers[0],
        billed_elsewhere={1: claim_of("other")} if case["claim"].get("billed_elsewhere") else {},
    )

    found = scrub(claim, packs.for_payer(payer), around)

    assert sorted({finding.rule for finding in found}) == sorted(case["finds"])


def test_every_rule_of_every_pack_has_a_case_that_finds_it():
    found = {rule for case, _ in [param.values for param in CASES] for rule in case["finds"]}

    rules = {rule.id for pack in load_packs(FOLDER).packs.values() for rule in pack.rules}

    assert rules <= found


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
