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


A_PAYMENT = """(
    SELECT e.practice, e.journal_id, e.account_id, p.remittance_id, p.ordinal FROM entries e
    JOIN journals j ON j.practice = e.practice AND j.id = e.journal_id
    JOIN payments p ON p.practice = j.practice AND p.remittance_id = j.remittance_id AND p.claim_id = e.account_id
    WHERE e.account = 'payer.paid' AND e.cents > 0 AND p.outcome = 'paid' ORDER BY e.journal_id, p.ordinal LIMIT 1) AS one"""


def moved(number, to, cents):
    """SQL that moves an amount on a paid claim from its open charges to another account."""
    return f"""
        INSERT INTO entries (practice, journal_id, number, account, account_id, cents)
        SELECT one.practice, one.journal_id, side.number, side.account, one.account_id, side.cents FROM {A_PAYMENT},
        (VALUES ({number}, '{to}', {cents}), ({number + 1}, 'receivable.open', -({cents}))) AS side(number, account, cents)
    """


async def test_what_a_claim_was_paid_too_much_is_a_credit_and_no_violation(desk):
    await desk.tamper(REMIT, moved(900, "payer.paid", 1000000))
    await desk.tamper(
        REMIT,
        f"UPDATE payments p SET paid_cents = paid_cents + 1000000 FROM {A_PAYMENT}"
        " WHERE (p.practice, p.remittance_id, p.ordinal) = (one.practice, one.remittance_id, one.ordinal)",
    )
    unflagged = await desk.kinds("I7")

    await desk.tamper(REMIT, moved(902, "receivable.credit", -1000000))

    flagged = (await desk.audit("I7"))["I7"]
    assert unflagged == {"a balance is negative and nothing flags it as a credit": 1}
    assert (dict(flagged.kinds), flagged.figures["credit cents"]) == ({}, 1000000)


@pytest.mark.parametrize("credit", [500, -10000000])
async def test_a_credit_without_a_payment_behind_it_is_found(desk, credit):
    await desk.tamper(REMIT, moved(900, "receivable.credit", credit))

    assert "a credit has nothing behind it" in await desk.kinds("I7")


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
            "UPDATE payments SET standing_denied_cents = 0 WHERE standing_denied_cents > 0",
            "an account's payments are not what the ledger says",
        ),
        (REMIT, f"DELETE FROM entries WHERE {PAID} AND account = 'revenue'", "an account's revenue is not its charges"),
        (REMIT, OVERPAY, "a balance is negative and nothing flags it as a credit"),
    ],
)
async def test_a_balance_that_does_not_add_up_is_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in await desk.kinds("I7")


DESK = (
    "account_id = (SELECT id FROM accounts WHERE patient_paid_cents > 0 AND claim_id IS NOT NULL ORDER BY id LIMIT 1)"
)


@pytest.mark.parametrize(
    ("service", "sql", "kind"),
    [
        (
            REMIT,
            f"UPDATE entries SET cents = cents * 2 WHERE account IN ('cash.desk', 'patient.unapplied') AND {DESK}",
            "the desk's cash is not what the account knows of",
        ),
        (
            REMIT,
            f"UPDATE entries SET cents = cents * 2 WHERE account IN ('cash.desk', 'patient.unapplied') AND {DESK}",
            "the desk's cash of a claim is not what its encounter says",
        ),
        (
            REMIT,
            f"UPDATE entries SET cents = -cents WHERE account = 'patient.unapplied' AND {DESK}",
            "more of a patient's payment is applied than was paid",
        ),
        (
            CLAIM,
            (
                "UPDATE claims SET document = jsonb_set(document, '{content,facts,patient_paid}', '\"1.00\"')"
                " WHERE document->'content'->'facts'->>'patient_paid' IS NOT NULL"
            ),
            "the desk's cash of a claim is not what its encounter says",
        ),
    ],
)
async def test_desk_cash_that_does_not_fit_is_found(desk, service, sql, kind):
    await desk.tamper(service, sql)

    assert kind in {*await desk.kinds("I6"), *await desk.kinds("I7")}


OF_A_LINE = (
    "(SELECT account_id FROM entries WHERE account = 'adjustment.CO' AND reason = 'CO-45' ORDER BY account_id LIMIT 1)"
)
OF_A_PATIENT = (
    "(SELECT account_id FROM entries WHERE account = 'receivable.patient' AND cents > 0 ORDER BY account_id LIMIT 1)"
)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (
            f"UPDATE entries SET cents = cents * 20 WHERE account = 'adjustment.CO' AND reason = 'CO-45' AND account_id = {OF_A_LINE}",
            "a contractual adjustment is on the books twice",
        ),
        *(
            (
                (
                    f'UPDATE accounts SET document = replace(document::text, \'"filing_indicator": "\', \'"filing_indicator": "{code}", "was": "\')::jsonb'
                    f" WHERE id = {OF_A_PATIENT}"
                ),
                "a patient is billed what must not be billed",
            )
            for code in ("MC", "WC")
        ),
        (
            "UPDATE accounts SET document = jsonb_set(document, '{decisions,0,remarks}', '[\"N782\"]') WHERE id = "
            + OF_A_PATIENT,
            "a patient is billed what must not be billed",
        ),
    ],
)
async def test_money_that_is_taken_twice_or_from_the_wrong_person_is_found(desk, sql, kind):
    await desk.tamper(REMIT, sql)

    assert kind in await desk.kinds("I7")
