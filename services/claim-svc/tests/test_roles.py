"""Roles by least right: who looks after the system corrects no claim."""

from uuid import uuid4

import pytest

WAYS_TO_CHANGE = (
    "/claims/{id}/corrections",
    "/claims/{id}/void",
    "/claims/{id}/overrides",
    "/corrections/{id}/send",
    "/corrections/{id}/drop",
)


@pytest.mark.parametrize("path", WAYS_TO_CHANGE)
@pytest.mark.parametrize("role", ["operator", "auditor", "coder", "ehr", "practice-admin"])
async def test_nobody_but_a_biller_changes_a_claim(claim_svc, path, role):
    answer = await claim_svc.client.post(path.format(id=uuid4()), json={}, headers=claim_svc.as_(role))

    assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[1]) == (403, "role-missing")
