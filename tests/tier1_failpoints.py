"""Tier 1: for each named place, a process is killed exactly there, in a whole stack on real Kafka and PostgreSQL, and nothing is lost or done twice.

It takes minutes, so that `claimstream test` does not collect it (its name does not begin with test); `claimstream soak --tier 1` runs it.
CLAIMSTREAM_SEED says how often a place is passed before the kill, and which encounters travel.
"""

import importlib
import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

import httpx2
import pytest
from claimstream_cli.client import client
from claimstream_cli.members import SERVICES
from claimstream_kit import failpoints
from claimstream_local_servers.processes import silent
from claimstream_soak.auditing import judge
from claimstream_soak.loading import Load
from claimstream_soak.membership import join_and_leave
from claimstream_soak.poisoning import poison
from claimstream_soak.rig import PRACTICE, Rig, until

SEED = int(os.environ.get("CLAIMSTREAM_SEED", "1"))
ENCOUNTERS = 60
PATIENCE_SECONDS = 60.0
QUIET_SECONDS = 120.0
LATER = frozenset({"gateway.mid-sftp-put"})
"""Places of a feature that is still to come."""


@dataclass(frozen=True)
class Case:
    """A place in a service, and how often it is passed at least while the encounters travel."""

    service: str
    place: str
    most: int = 1

    def __str__(self) -> str:
        return f"{self.service}:{self.place}"


ROUNDS = (
    (
        Case("coding-svc", "unit.before-transaction", 2),
        Case("claim-svc", "consumer.after-fetch", 2),
        Case("clearinghouse-gw", "gateway.after-isa13"),
        Case("remit-svc", "consumer.mid-batch", 30),
        Case("denial-svc", "consumer.mid-batch", 20),
    ),
    (
        Case("coding-svc", "unit.after-insert", 2),
        Case("claim-svc", "consumer.after-commit", 2),
        Case("clearinghouse-gw", "gateway.after-temp-write", 2),
        Case("remit-svc", "remit.mid-posting", 3),
        Case("denial-svc", "consumer.after-commit", 1),
    ),
    (
        Case("coding-svc", "unit.before-commit", 2),
        Case("claim-svc", "relay.after-send", 2),
        Case("clearinghouse-gw", "gateway.after-fsync", 2),
        Case("remit-svc", "remit.after-commit", 2),
    ),
    (
        Case("coding-svc", "unit.after-commit", 2),
        Case("clearinghouse-gw", "gateway.after-rename", 2),
        Case("claim-svc", "consumer.inside-revoke"),
    ),
    (
        Case("coding-svc", "relay.after-select", 2),
        Case("clearinghouse-gw", "gateway.after-mark", 2),
        Case("claim-svc", "redrive.before-mark"),
        Case("remit-svc", "relay.after-numbering", 3),
    ),
    (
        Case("clearinghouse-gw", "inbound.after-detect", 3),
        Case("remit-svc", "relay.after-ack", 2),
    ),
    (Case("clearinghouse-gw", "inbound.after-archive", 3),),
    (Case("clearinghouse-gw", "inbound.after-commit", 3),),
)
"""Each place in a service, one for each service at a time: a round is one load with its kills, its rest and its audit."""

CASES = [case for cases in ROUNDS for case in cases]


@pytest.fixture(scope="session")
def rig(tmp_path_factory):
    made = Rig(tmp_path_factory.mktemp("tier1") / "var", seed=SEED)
    try:
        made.start(silent)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def injected(rig, tmp_path_factory):
    """Records that become dead letters, so that there is something to redrive."""
    file = tmp_path_factory.mktemp("injected") / "records.ndjson"
    poison(rig.plan, PRACTICE, file)
    return file


def order_of(case):
    """What is ordered: how often the place is passed before, the seed says."""
    at = random.Random(f"{SEED} {case}").randint(1, case.most)  # noqa: S311  no secret
    return f"{case.place}:kill@{at}"


def arm(rig, cases, log):
    """Let each service be killed at its place, once; it is restarted for that."""
    for case in cases:
        rig.change(case.service, FAILPOINT=order_of(case), FAILPOINT_LOG=str(log(case)))
    before = {case.service: rig.process(case.service) for case in cases}
    for service in before:
        rig.end_politely(service)
    for service, process in before.items():
        until(lambda name=service, old=process: rig.process(name) not in (None, old), service, seconds=PATIENCE_SECONDS)


def provoke(rig, case):
    """Do what makes the service pass the place, where the encounters alone do not."""
    if case.place == "consumer.inside-revoke":
        until(lambda: rig.works(case.service), case.service, seconds=PATIENCE_SECONDS)
        join_and_leave(rig.plan, case.service, seconds=0.5)
    elif case.place == "redrive.before-mark":
        with client(rig.plan.url(case.service), rig.bearer()) as http:
            letters = http.get("/dead-letters", params={"state": "dead"}).json()["dead_letters"]
            with suppress(httpx2.TransportError):  # it is killed while it answers
                http.post(f"/dead-letters/{letters[0]['id']}/redrive")


@dataclass(frozen=True)
class Round:
    """What came of one round."""

    fired: frozenset[Case]
    taken: int
    report: dict


@pytest.fixture(scope="session")
def played(rig, injected, tmp_path_factory):
    """Play a round, once, and return what came of it."""

    @cache
    def play(number):
        cases = ROUNDS[number]
        folder = tmp_path_factory.mktemp("round")

        def log(case):
            return folder / case.service

        def fired():
            return frozenset(case for case in cases if log(case).exists() and order_of(case) in log(case).read_text())

        arm(rig, cases, log)
        load = Load(
            rig.plan.url("coding-svc"),
            rig.bearer("biller"),
            practice=PRACTICE,
            seed=SEED * 1000 + number,
            count=ENCOUNTERS,
            rate=None,
            folder=folder / "load",
        )
        load.start()
        for case in cases:
            provoke(rig, case)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(fired()) < len(cases) and time.monotonic() < deadline:
            time.sleep(0.05)
        taken = load.finish().accepted
        for case in cases:
            until(lambda name=case.service: rig.works(name), case.service, seconds=PATIENCE_SECONDS)
        rig.until_quiet(QUIET_SECONDS)
        report = judge(rig, journal=load.journal, canaries=load.canaries, injected=injected)
        return Round(fired(), taken, report)

    return play


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_kill_there_loses_nothing_and_does_nothing_twice(played, case):
    came = played(next(number for number, cases in enumerate(ROUNDS) if case in cases))

    assert case in came.fired, f"{order_of(case)} never fired"
    assert came.taken == ENCOUNTERS
    assert [each for finding in came.report["findings"] for each in finding["violations"]] == []


def test_every_place_that_the_services_have_has_its_case():
    for service in SERVICES:
        importlib.import_module(f"{service.module}.main")

    assert {case.place for case in CASES} == set(failpoints.PLACES) - LATER
