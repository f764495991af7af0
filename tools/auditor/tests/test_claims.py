"""I2, tampered with."""

# ruff: noqa: S608  the SQL is the tampering itself

import pytest

ONE = "id = (SELECT min(id::text)::uuid FROM claims WHERE submissions > 0)"
STEAL_A_LINE = """
UPDATE claims c SET document = jsonb_set(c.document, '{content,lines,0,line_id}', o.document->'content'->'lines'->0->'line_id')
FROM claims o WHERE c.id = (SELECT min(id::text)::uuid FROM claims) AND o.id = (SELECT max(id::text)::uuid FROM claims)
"""


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (STEAL_A_LINE, "a charge line is on two claims"),
        (STEAL_A_LINE, "a live charge line is on no claim"),
        (
            f"DELETE FROM charge_lines WHERE claim_id = (SELECT id FROM claims WHERE {ONE})",
            "a claim's line is not live as its own",
        ),
        ("UPDATE charge_lines SET is_live = false", "a claim's line is not live as its own"),
        (
            f"UPDATE claims SET control_number = 'AAAAAAAAAAAAAAAA' WHERE {ONE}",
            "a claim's control number is not its own",
        ),
        (
            f"UPDATE claims SET total_charge_cents = total_charge_cents + 1 WHERE {ONE}",
            "a claim's charge is not the sum of its lines",
        ),
        (
            f"UPDATE claims SET submissions = submissions + 1 WHERE {ONE}",
            "a claim's submissions are not numbered without a gap",
        ),
        (
            "UPDATE submissions SET is_live = false WHERE is_live",
            "a claim's live submissions are not those that it knows of",
        ),
        ("DELETE FROM claims WHERE " + ONE, "a submission has no claim"),
    ],
)
async def test_a_claim_that_contradicts_itself_is_found(desk, sql, kind):
    await desk.tamper("claim-svc", sql)

    assert kind in await desk.kinds("I2")


async def test_without_its_unique_key_a_second_live_submission_is_found(desk):
    await desk.tamper("claim-svc", "DROP INDEX uq_submissions_live_sequence")
    await desk.tamper(
        "claim-svc", "UPDATE submissions SET payer_sequence = 'P', is_live = true WHERE payer_sequence = 'S'"
    )

    assert "two live submissions go to one payer sequence" in await desk.kinds("I2")


async def test_without_its_unique_key_a_second_claim_with_a_control_number_is_found(desk):
    await desk.tamper("claim-svc", "ALTER TABLE claims DROP CONSTRAINT uq_claims_control_number")
    await desk.tamper("claim-svc", "UPDATE claims SET control_number = (SELECT min(control_number) FROM claims)")

    assert "two claims have one control number" in await desk.kinds("I2")
