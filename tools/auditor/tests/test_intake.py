"""I1, tampered with."""

# ruff: noqa: S608  the SQL is the tampering itself

import pytest
from claimstream_auditor import Acknowledged

from .live_run import PRACTICE

A_CLAIM = "(SELECT encounter_id FROM claims WHERE submissions > 0 ORDER BY id LIMIT 1)"


async def test_an_acknowledged_encounter_that_nobody_has_is_missing(desk):
    desk.journal.append(Acknowledged(PRACTICE, "ehr", "E-1", "00000000-0000-4000-8000-000000000001", 1))

    assert await desk.kinds("I1") == {"an acknowledged encounter is missing": 1}


async def test_an_acknowledged_version_that_nobody_has_is_missing(desk):
    desk.journal[0] = desk.journal[0]._replace(version=9)

    assert await desk.kinds("I1") == {"an acknowledged version is missing": 1}


async def test_an_encounter_that_was_acknowledged_as_another_is_seen(desk):
    desk.journal[0] = desk.journal[0]._replace(encounter_id="someone-else")

    assert await desk.kinds("I1") == {"an encounter is another than was acknowledged": 1}


async def test_an_encounter_that_was_lost_at_intake_is_missed_by_the_journal_and_by_its_claim(desk):
    encounter = await desk.value("claim-svc", f"SELECT {A_CLAIM}")
    await desk.tamper("coding-svc", "DELETE FROM encounters WHERE id = $1", encounter)

    assert await desk.kinds("I1") == {
        "an acknowledged encounter is missing": 1,
        "claim-svc has an encounter that coding-svc has not": 1,
    }


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        ("claim-svc", f"DELETE FROM claims WHERE encounter_id = {A_CLAIM}", "a coded encounter ended nowhere"),
        ("claim-svc", "DELETE FROM self_pay_visits", "a coded encounter ended nowhere"),
        ("claim-svc", "DELETE FROM dead_letters", "a coded encounter's newest version is not billed"),
        (
            "claim-svc",
            f"INSERT INTO self_pay_visits SELECT practice, encounter_id, 1, 100 FROM claims WHERE encounter_id = {A_CLAIM}",
            "an encounter is billed to a payer and to the patient",
        ),
        (
            "claim-svc",
            f"UPDATE claims SET document = jsonb_set(document, '{{content,encounter_version}}', '0') WHERE encounter_id = {A_CLAIM}",
            "a coded encounter's newest version is not billed",
        ),
        (
            "claim-svc",
            f"UPDATE claims SET document = jsonb_set(document, '{{content,encounter_version}}', '9') WHERE encounter_id = {A_CLAIM}",
            "an encounter is billed in a version that does not exist",
        ),
        ("coding-svc", "DELETE FROM encounter_versions WHERE version = 2", "an encounter's versions are not all kept"),
        (
            "coding-svc",
            "UPDATE encounters SET state = 'received' WHERE state = 'awaiting_coder'",
            "a received encounter is in nobody's queue",
        ),
    ],
)
async def test_an_encounter_that_did_not_end_in_one_place_is_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in await desk.kinds("I1")


async def test_a_parked_encounter_has_ended(desk):
    report = await desk.audit("I1")

    assert report["I1"].figures["encounters: dead-lettered"] == 1
    assert report.violated == 0
