"""A claim, or a submission, that is changed behind the service's back is found and named; what it goes through by itself is not."""

import asyncpg
import pytest

from .builders import an_encounter_coded

CLAIM = "SELECT id FROM claims LIMIT 1"
SUBMISSION = "SELECT id FROM submissions LIMIT 1"


@pytest.fixture
async def owner(claim_svc, new_database):
    connection = await asyncpg.connect(new_database.as_owner(claim_svc.database.url))
    yield connection
    await connection.close()


@pytest.mark.parametrize(
    ("which", "tamper"),
    [
        (CLAIM, "UPDATE claims SET state = 'withdrawn' WHERE id = $1"),
        (CLAIM, "UPDATE claims SET document = jsonb_set(document, '{content,total_charge}', '\"1.00\"') WHERE id = $1"),
        (CLAIM, "UPDATE claims SET control_number = 'X' WHERE id = $1"),
        (SUBMISSION, "UPDATE submissions SET total_charge_cents = 1 WHERE id = $1"),
        (SUBMISSION, "UPDATE submissions SET payer_id = 'other' WHERE id = $1"),
    ],
)
async def test_what_somebody_does_to_a_claim_is_found_and_named(claim_svc, owner, which, tamper):
    await claim_svc.hears(an_encounter_coded())
    assert await claim_svc.audit_fault() is None
    key = await owner.fetchval(which)

    assert await owner.execute(tamper, key) == "UPDATE 1"

    fault = await claim_svc.audit_fault()
    assert fault is not None
    assert str(key) in fault
    assert fault.endswith("is not as it was written")


async def test_what_the_service_does_itself_is_no_fault(claim_svc, owner):
    await claim_svc.hears(an_encounter_coded())
    before = await claim_svc.audit_fault()
    await claim_svc.hears(an_encounter_coded(version=2))

    assert (before, await claim_svc.audit_fault()) == (None, None)
    assert await owner.fetchval("SELECT count(*) FROM submissions") > 0
