"""I13, tampered with."""

import pytest

SERVICE = "denial-svc"
TWICE = (
    "INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).* FROM cases c"
)


async def test_without_its_unique_key_a_second_case_for_one_refusal_is_found(desk):
    await desk.tamper(SERVICE, "DROP INDEX uq_cases_refusal")
    await desk.tamper(SERVICE, TWICE)

    kinds = await desk.kinds("I13")
    assert kinds["one refusal has more than one case"] > 1
    assert kinds["cases do not add up to what a payer denied"] > 1


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        (SERVICE, "DELETE FROM cases WHERE state = 'open'", "cases do not add up to what a payer denied"),
        (SERVICE, "UPDATE cases SET amount_cents = amount_cents + 1", "cases do not add up to what a payer denied"),
        ("remit-svc", "UPDATE payments SET denied_cents = 0", "cases do not add up to what a payer denied"),
        ("remit-svc", "DELETE FROM payments WHERE denied_cents > 0", "a case is about no denied payment"),
        (
            SERVICE,
            (
                "UPDATE cases SET state = 'closed', closed_because = 'paid', closed_by = remittance_id"
                " WHERE state = 'open' AND kind = 'refusal'"
            ),
            "a case is open for nothing, or closed while it stands refused",
        ),
        (
            "remit-svc",
            "UPDATE payments SET standing_denied_cents = 0 WHERE denied_cents > 0",
            "a case is open for nothing, or closed while it stands refused",
        ),
        (
            SERVICE,
            "UPDATE cases SET kind = 'refusal' WHERE kind = 'underpayment'",
            "cases do not add up to what a payer denied",
        ),
        (
            SERVICE,
            "UPDATE cases SET state = 'withdrawn' WHERE state = 'open'",
            "a case is withdrawn without a reversal, or open after one",
        ),
        (
            SERVICE,
            "DELETE FROM reversals",
            "reversals were posted that denial-svc did not hear, or heard that were not posted",
        ),
    ],
)
async def test_cases_that_are_not_what_was_denied_are_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in await desk.kinds("I13")
