"""The images that deploy/base-images.sh makes where no registry is reachable, as far as it can be tried without an engine."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from claimstream_cli.places import checkout

SCRIPT = checkout() / "deploy" / "base-images.sh"
PARTS = checkout() / "deploy" / "base-images"
COMPOSED = yaml.safe_load((checkout() / "docker-compose.yml").read_text())["services"]


def run(script: Path, *words: str, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603  our own scripts
        [str(script), *words],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def printed() -> str:
    return run(SCRIPT, "--dry-run", CLAIMSTREAM_ENGINE="an-engine")


def test_it_makes_each_image_that_compose_and_its_build_begin_with(printed):
    (base,) = re.findall(r"^FROM (.*)$", (checkout() / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    pulled = {each["image"] for each in COMPOSED.values() if "build" not in each and "profiles" not in each}

    made = re.findall(r"^an-engine (?:import .* (\S+)|build .* --tag (\S+) .*)$", printed, re.MULTILINE)

    assert {one or other for one, other in made} == {base, *pulled}


def test_its_walk_is_that_of_the_docs(printed):
    docs = (checkout() / "docs" / "operations.md").read_text()

    ours = [line for line in printed.splitlines() if line.startswith("./claimstream ")]

    assert "an-engine compose --profile simulator up --build --detach" in printed
    assert [line for line in ours if f"\n    {line}" not in docs] == []
    assert {line.split()[1] for line in ours} == {"status", "practice", "post", "audit"}


def test_a_dry_run_makes_nothing(printed, tmp_path):
    before = set(checkout().iterdir())

    run(SCRIPT, "--dry-run", TMPDIR=str(tmp_path))

    assert (set(checkout().iterdir()), list(tmp_path.iterdir())) == (before, [])


def test_an_engine_that_does_not_answer_is_named():
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(SCRIPT, "images", CLAIMSTREAM_ENGINE="false")

    assert "false does not answer" in failed.value.stderr


@pytest.mark.parametrize("is_formatted", [False, True])
def test_kafka_is_told_what_compose_says_and_an_empty_storage_is_formatted(tmp_path, is_formatted):
    (tmp_path / "java").write_text('#!/bin/sh\nfor last; do :; done\necho "$*"\ncat "$last"\n')
    (tmp_path / "java").chmod(0o700)
    if is_formatted:
        (tmp_path / "meta.properties").touch()
    said = {name: str(value) for name, value in COMPOSED["kafka"]["environment"].items()}
    said |= {"CLUSTER_ID": "an-id", "KAFKA_LOG_DIRS": str(tmp_path), "TMPDIR": str(tmp_path)}

    printed = run(PARTS / "kafka" / "start.sh", **{**said, "PATH": f"{tmp_path}:/usr/bin:/bin"})

    assert ("StorageTool format -t an-id" in printed) is not is_formatted
    started = printed[printed.index(" kafka.Kafka ") :]
    assert "\ncontroller.quorum.voters=1@kafka:9093\n" in started
    assert "\nlistener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT\n" in started
    assert started.count("=") >= sum(name.startswith("KAFKA_") for name in said)


def test_the_health_checks_of_compose_are_in_the_images():
    kafka = COMPOSED["kafka"]["healthcheck"]["test"][1]

    assert (PARTS / "kafka" / Path(kafka).name).exists()
    assert COMPOSED["postgres"]["healthcheck"]["test"][1] == "pg_isready"
