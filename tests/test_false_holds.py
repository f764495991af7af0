"""A false hold costs an office more than a missed edit: what is clean is held by nothing."""

from collections import Counter
from itertools import islice

import orjson
from claimstream_cli.places import checkout
from claimstream_cli.sample_encounters import FHIR, NDJSON, sample_encounters
from claimstream_load.encounters import encounters, origins
from coding_svc.intake.fhir.reading import read_bundle

from .judging import Books, Judged, coded, coded_visit, judged_claims

SEED = 2026
CLEAN = 500
MEANT_TO_BE_HELD = {
    "20-held-no-address": {"required-fields"},
    "21-held-bad-npi": {"npi-check-digit"},
    "22-held-medical-necessity": {"medical-necessity"},
    "23-held-inpatient-without-poa": {"present-on-admission"},
    "24-held-duplicate": {"duplicate"},
    "25-held-too-late": {"timely-filing"},
    "26-held-code-ended": {"codes-at-service-date"},
    "27-held-before-icd10": {"before-icd10", "timely-filing"},
    "28-held-not-specific": {"codes-at-service-date"},
    "29-held-no-provider": {"rendering-provider"},
    "35-held-no-latin-name": {"latin-names"},
}
"""The demo's own, by name, and the rule that each is there for."""
DUPLICATES_OF_THE_SAMPLE = 10
"""Visits of one patient on one day that Synthea made twice, each to the same clinician."""


def test_the_samples_visits_are_held_by_nothing_but_what_the_demo_means_to_hold(capsys):
    books, held, warned, claims = Books(), {}, Counter(), 0
    for name, kind, body in sample_encounters(checkout() / "demo"):
        for number, claim in enumerate(judged_of(kind, body, books)):
            claims += 1
            warned.update(claim.warns)
            if claim.holds:
                held[name.rpartition(".")[0] if kind != FHIR else f"{name} {number}"] = claim.holds
    with capsys.disabled():
        print(f"\n{claims} claims of the sample, warned: {dict(warned)}")  # noqa: T201  a count for people

    own = {name: rules for name, rules in held.items() if ".json " not in name}
    assert own == MEANT_TO_BE_HELD
    assert Counter(rule for name in held.keys() - own.keys() for rule in held[name]) == {
        "duplicate": DUPLICATES_OF_THE_SAMPLE
    }


def test_the_first_encounters_of_the_load_are_held_by_nothing_but_what_the_demo_means_to_hold(capsys):
    books, held, warned, claims = Books(), set(), Counter(), 0
    for document, origin in islice(zip(encounters(SEED), origins(SEED), strict=False), CLEAN):
        encounter = coded(document)
        for claim in judged_claims(encounter, books) if encounter.state == "coded" else ():
            claims += 1
            warned.update(claim.warns)
            held |= {(origin.removesuffix(".json"), rule) for rule in claim.holds}
    with capsys.disabled():
        print(f"\n{claims} claims of the load, warned: {dict(warned)}")  # noqa: T201  a count for people

    meant = {(name, rule) for name, rules in MEANT_TO_BE_HELD.items() for rule in rules}
    twice = {("synthea", "duplicate"), ("01-clean-office-visit", "duplicate")}  # the second of two, in the load's order
    assert held - meant - twice == set()


def judged_of(kind: str, body: bytes, books: Books) -> list[Judged]:
    if kind == FHIR:
        found = [coded_visit(visit) for visit in read_bundle(orjson.loads(body))[0]]
    else:
        found = [coded(orjson.loads(line)) for line in (body.splitlines() if kind == NDJSON else [body])]
    return [claim for each in found if each.state == "coded" for claim in judged_claims(each, books)]
