"""I6 and I7, tampered with."""

# ruff: noqa: S608  the SQL is the tampering itself

import pytest

REMIT, CLAIM = "remit-svc", "claim-svc"
PAID = "account_id = (SELECT claim_id FROM payments WHERE outcome = 'paid' ORDER BY claim_id LIMIT 1)"
A_JOURNAL = "journal_id = (SELECT id FROM journals WHERE kind = 'payment' ORDER BY id LIMIT 1)"
OVERPAY = """
INSERT INTO entries SELECT DISTINCT ON (account) practice, journal_id, 900 + length(account), account, account_id,
    CASE account WHEN 'payer.paid' THEN 1000000 ELSE -1000000 END FROM entries
WHERE account IN ('payer.paid', 'receivable.open') AND journal_id = (
    SELECT paid.journal_id FROM entries paid JOIN entries open USING (practice, journal_id, account_id)
    WHERE paid.account = 'payer.paid' AND paid.cents > 0 AND open.account = 'receivable.open' ORDER BY 1 LIMIT 1)
ORDER BY account, number
"""


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (f"UPDATE entries SET cents = cents + 1 WHERE {A_JOURNAL} AND number = 1", "a journal does not sum to zero"),
        (
            f"UPDATE entries SET cents = cents + 1 WHERE {A_JOURNAL} AND number = 1",
            "a claim's accounts do not sum to zero",
        ),
        (
            f"UPDATE entries SET cents = cents + 1 WHERE {A_JOURNAL} AND number = 1",
            "a practice's accounts do not sum to zero",
        ),
        (f"DELETE FROM entries WHERE {A_JOURNAL}", "a journal has no entries"),
        ("DELETE FROM journals WHERE kind = 'payment'", "entries have no journal"),
        (
            f"UPDATE entries SET account_id = gen_random_uuid() WHERE {A_JOURNAL} AND number = 1",
            "a journal's entries are of another account",
        ),
        (
            "UPDATE remittances SET state = 'staged' WHERE amount_cents > 0",
            "cash is not what the posted remittances say",
        ),
        ("ALTER TABLE entries ALTER COLUMN cents TYPE numeric", "money is not kept in integer cents"),
    ],
)
async def test_a_ledger_that_does_not_sum_to_zero_is_found(desk, sql, kind):
    await desk.tamper(REMIT, sql)

    assert kind in await desk.kinds("I6")


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        (
            CLAIM,
            "UPDATE claims SET total_charge_cents = total_charge_cents + 1",
            "an account's charges are not what was billed",
        ),
        (CLAIM, "DELETE FROM self_pay_visits", "an account is of no claim and no self-pay visit"),
        (REMIT, "DELETE FROM accounts WHERE state = 'self_pay'", "a claim or self-pay visit is not on the books"),
        (
            REMIT,
            "UPDATE payments SET paid_cents = paid_cents + 1 WHERE outcome = 'paid'",
            "a balance is not charge less paid less adjusted",
        ),
        (REMIT, "DELETE FROM payments WHERE outcome = 'paid'", "an account's payments are not what the ledger says"),
        (
            REMIT,
            "UPDATE payments SET denied_cents = 0 WHERE denied_cents > 0",
            "an account's payments are not what the ledger says",
        ),
        (REMIT, f"DELETE FROM entries WHERE {PAID} AND account = 'revenue'", "an account's revenue is not its charges"),
        (REMIT, OVERPAY, "a balance is negative and nothing flags it as a credit"),
    ],
)
async def test_a_balance_that_does_not_add_up_is_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in await desk.kinds("I7")
