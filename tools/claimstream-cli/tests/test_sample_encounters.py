"""The demo's encounters are what the demo promises."""

import re
from collections import Counter
from uuid import uuid4

import orjson
import pytest
from claimstream_cli.places import checkout
from claimstream_cli.sample_encounters import FHIR, sample_encounters, synthea_bundles
from claimstream_codesets import luhn_npi, open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.coding import code_visit
from coding_svc.intake.fhir.reading import read_bundle

DEMO = checkout() / "demo"
MOST_CPT = 60
BUILT_IN_SALEM = "01970"
"""A postal code of the packs' cases."""


@pytest.fixture(scope="module")
def practice() -> PracticeDocument:
    return PracticeDocument.model_validate_json((DEMO / "practice.json").read_bytes())


@pytest.fixture(scope="module")
def synthea() -> list[dict]:
    return [orjson.loads(body) for _, _, body in synthea_bundles(next((DEMO / "synthea").glob("*.tar.xz")))]


def test_there_are_78_bundles_and_some_forty_written_encounters():
    kinds = Counter(kind for _, kind, _ in sample_encounters(DEMO))

    assert kinds[FHIR] == 78
    assert sum(kinds.values()) - 78 >= 40


def test_every_bundle_has_what_it_refers_to_and_its_patients_coverages(synthea):
    by_type = Counter(entry["resource"]["resourceType"] for bundle in synthea for entry in bundle["entry"])
    dangling = [lost for bundle in synthea for lost in read_bundle(bundle)[1].dangling]

    assert by_type["Encounter"] == 455
    assert by_type["Coverage"] > 78
    assert {re.sub(r"\d+", "N", lost.place.split("resource/")[1]) for lost in dangling} == {"reasonReference/N"}


def test_the_encoder_is_sure_of_at_least_290_of_the_455_visits(synthea, practice):
    sets = open_code_sets()
    outcomes = [code_visit(visit, practice, sets, uuid4()) for bundle in synthea for visit in read_bundle(bundle)[0]]

    assert len(outcomes) == 455
    assert sum(outcome.state == "coded" for outcome in outcomes) >= 290


def test_the_charge_master_covers_nine_services_in_ten(synthea, practice):
    sets = open_code_sets()
    visits = [visit for bundle in synthea for visit in read_bundle(bundle)[0]]
    unmapped = sum(
        item.kind == "service" for visit in visits for item in code_visit(visit, practice, sets, uuid4()).uncoded
    )

    assert unmapped / sum(len(visit.services) + 1 for visit in visits) <= 0.10


def test_every_number_of_the_practice_is_well_formed(practice):
    numbers = [practice.npi, *(place.npi for place in practice.locations), *(entry.npi for entry in practice.roster)]

    assert all(luhn_npi(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_the_demo_and_the_rule_packs_name_at_most_sixty_bare_cpt_numbers(practice):
    cpt = re.compile(r"\d{4}[0-9FTUMA]")
    texts = [body.decode() for _, kind, body in sample_encounters(DEMO) if kind != FHIR]
    texts += [(DEMO / "practice.json").read_text(), (DEMO / "payer-rules.json").read_text()]
    named = {word for text in texts for word in re.findall(r'"(\d{4}[0-9FTUMA])"', text) if cpt.fullmatch(word)}
    policy = (checkout() / "libs/codesets/data/ncd_190_20_from_narrative.csv").read_text()
    named |= set(re.findall(r",(\d{5}),", policy))
    packs = [path.read_text() for path in (checkout() / "services/claim-svc/rulepacks").glob("*/*.yaml")]
    named |= {word for text in packs for word in re.findall(r"\"(\d{5})\"", text)}
    postal = {word for text in texts for word in re.findall(r'"postal_code": "(\d{5})"', text)} | {BUILT_IN_SALEM}

    assert 0 < len(named - postal) <= MOST_CPT
