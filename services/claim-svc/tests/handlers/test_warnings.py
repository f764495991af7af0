"""A rule may warn instead of holding: the claim leaves, and shows what it was warned of."""

from dataclasses import replace

import pytest
from claim_svc.domain.rules import RulePack
from claimstream_schemas import ClaimHeld, ClaimSubmitted

from ..builders import a_line, an_encounter_coded, claim_of

WRONG_CODE = {"diagnoses": ("E119", "ZZZZ")}


@pytest.fixture
async def only_warned(claim_svc):
    """Blue's own pack makes a warning of what the base pack holds claims for."""
    packs = claim_svc.running.service.state["book"].packs
    warning = replace(
        next(rule for rule in packs.packs["base"].rules if rule.id == "codes-at-service-date"), severity="warn"
    )
    packs.packs["blue"] = RulePack("blue", "1", (warning,))
    return claim_svc


async def shown(claim_svc, path: str) -> dict:
    return (await claim_svc.client.get(path, headers=claim_svc.as_("biller"))).json()


async def test_a_claim_with_warnings_alone_leaves_and_shows_them(only_warned):
    await only_warned.hears(an_encounter_coded(**WRONG_CODE))

    claim = await shown(only_warned, f"/claims/{claim_of()}")
    assert (claim["state"], claim["findings"]) == ("released", [])
    assert [(each["rule"], each["severity"], each["place"]) for each in claim["warnings"]] == [
        ("codes-at-service-date", "warn", "diagnoses/2/code")
    ]
    assert [told.claim_id for told in await only_warned.told(ClaimSubmitted)] == [claim_of()]


async def test_a_claim_with_a_warning_and_a_finding_is_held_by_the_finding(only_warned):
    await only_warned.hears(an_encounter_coded(place_of_service=None, **WRONG_CODE))

    (held,) = await only_warned.told(ClaimHeld)
    assert {finding.rule for finding in held.findings} == {"required-fields"}
    claim = await shown(only_warned, f"/claims/{claim_of()}")
    assert [each["rule"] for each in claim["warnings"]] == ["codes-at-service-date"]


async def test_warnings_are_counted_and_end_with_what_they_warn_of(only_warned):
    await only_warned.hears(an_encounter_coded("E1", place_of_service=None, **WRONG_CODE), an_encounter_coded("E2"))
    assert (await shown(only_warned, "/counts"))["claims_with_warnings"] == 1

    await only_warned.hears(an_encounter_coded("E1", version=2, place_of_service=None))
    assert (await shown(only_warned, "/counts"))["claims_with_warnings"] == 0


async def test_a_withdrawn_claim_warns_of_nothing(only_warned):
    await only_warned.hears(an_encounter_coded(place_of_service=None, **WRONG_CODE))

    await only_warned.hears(an_encounter_coded(version=2, payers=()))

    assert (await shown(only_warned, "/counts"))["claims_with_warnings"] == 0


CODES = (
    "E119",
    "I10",
    "E785",
    "J449",
    "K219",
    "M5450",
    "G43909",
    "E669",
    "D649",
    "N189",
    "F329",
    "Z794",
    "R059",
    "Z87891",
)


async def test_each_part_of_a_visit_takes_the_diagnoses_of_its_own_lines_and_names_the_rest(claim_svc):
    lines = tuple(a_line(number, procedure="J1885", units=str(number)) for number in range(1, 51))
    last = a_line(51, diagnosis_pointers=(14, 13))

    await claim_svc.hears(an_encounter_coded(diagnoses=CODES, lines=(*lines, last)))

    first, second = sorted(await claim_svc.told(ClaimSubmitted), key=lambda told: -len(told.lines))
    assert [each.code for each in first.diagnoses] == list(CODES[:12])
    assert [each.code for each in second.diagnoses] == [*CODES[:10], *CODES[12:]]
    assert second.lines[0].diagnosis_pointers == (12, 11)
    (warning,) = (await shown(claim_svc, f"/claims/{claim_of(part=2)}"))["warnings"]
    assert (warning["rule"], warning["severity"]) == ("diagnoses-left-out", "warn")
    assert "F329, Z794" in warning["message"]


async def test_a_claim_whose_lines_point_to_thirteen_is_held_until_they_point_to_fewer(claim_svc):
    lines = tuple(
        a_line(number, procedure="J1885", units=str(number), diagnosis_pointers=pointers)
        for number, pointers in enumerate([(1, 2, 3, 4), (5, 6, 7, 8), (9, 10, 11, 12), (13,)], start=1)
    )
    await claim_svc.hears(an_encounter_coded(diagnoses=CODES, lines=lines))
    assert {finding.rule for told in await claim_svc.told(ClaimHeld) for finding in told.findings} == {
        "diagnosis-count"
    }

    await claim_svc.client.post(
        f"/claims/{claim_of()}/corrections",
        json={"changes": [{"place": "lines/4/diagnosis_pointers", "value": [1]}]},
        headers=claim_svc.as_("biller"),
    )

    (told,) = await claim_svc.told(ClaimSubmitted)
    assert [each.code for each in told.diagnoses] == list(CODES[:12])
