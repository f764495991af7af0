"""``claimstream bench journey`` on a few encounters: that it counts what happened, not how fast."""

import json

import pytest
from claimstream_cli.bench.journey import Run, measure
from claimstream_cli.bench.journey_report import figures_of
from claimstream_cli.bench.stages import STAGES
from claimstream_cli.places import checkout
from claimstream_cli.practice import is_loaded
from claimstream_cli.sites import Site
from claimstream_local_servers.processes import silent

ENCOUNTERS = 40


def claims_posted(stack):
    return stack.value(
        "remit-svc",
        "SELECT count(DISTINCT claim_id) FROM payments WHERE practice = 'bay-state' AND outcome <> 'suspended'",
    )


@pytest.fixture(scope="module")
def posted_before(stack):
    return claims_posted(stack)


@pytest.fixture(scope="module")
def figures(stack, posted_before):
    stack.load(json.loads((checkout() / "demo" / "practice.json").read_bytes()))
    run = Run(stack.home, stack.plan, "bay-state", ENCOUNTERS, seed=4711)
    return figures_of(measure(run, progress=silent, with_floor=False))


def test_every_encounter_sent_is_found_and_the_paid_ones_are_counted(figures, posted_before, stack):
    posted = claims_posted(stack) - posted_before

    assert figures["encounters"] == ENCOUNTERS
    assert figures["intake"]["accepted"] == ENCOUNTERS
    assert figures["claims_posted"] == posted
    assert figures["claims"] >= figures["claims_submitted"] >= posted > 0


def test_each_stage_of_the_journey_has_its_time(figures):
    assert all(figures["stages"][name]["p50_s"] >= 0 for name in STAGES)
    assert figures["stages"]["intake → posted"]["p50_s"] > figures["stages"]["submitted → transmitted"]["p50_s"]


def test_each_process_has_its_core_time_and_memory(figures):
    for name in ("coding-svc", "claim-svc", "clearinghouse-gw", "remit-svc", "denial-svc", "payer-simulator"):
        assert figures["core_milliseconds_a_claim"][name] > 0
        assert figures["peak_mib"][name] > 0


def test_a_practice_that_nobody_loaded_is_found_out_before_anything_is_sent(stack, posted_before):
    stack.load(json.loads((checkout() / "demo" / "practice.json").read_bytes()))

    assert is_loaded(Site.local(stack.home, stack.plan), "bay-state")
    assert not is_loaded(Site.local(stack.home, stack.plan), "nobody-s")
