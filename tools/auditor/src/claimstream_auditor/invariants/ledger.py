"""I6 and I7: every journal, claim and set of accounts sums to zero in integer cents, and each claim's balance adds up."""

from dataclasses import dataclass
from typing import Any

from ..case import Case
from ..evidence import CLAIM, REMIT
from ..letters import put_aside
from ..report import Finding
from .shares import contractual_once, shares_are_lawful

_JOURNALS = """
SELECT coalesce(j.practice, s.practice) AS practice, coalesce(j.id, s.journal_id) AS number, j.id IS NULL AS is_missing, s.cents
FROM (SELECT * FROM journals WHERE mine(practice)) AS j
FULL JOIN (SELECT practice, journal_id, sum(cents) AS cents, min(account_id::text) AS first, max(account_id::text) AS last
           FROM entries WHERE mine(practice) GROUP BY practice, journal_id) AS s ON s.practice = j.practice AND s.journal_id = j.id
WHERE j.id IS NULL OR s.cents IS NULL OR s.cents <> 0 OR s.first <> j.account_id::text OR s.last <> j.account_id::text
"""
_BOOKS = """
SELECT p.practice, coalesce(e.cents, 0) AS cents, coalesce(e.cash, 0) AS cash, coalesce(e.journals, 0) AS journals,
       coalesce((SELECT sum(amount_cents) FROM remittances r WHERE r.practice = p.practice AND r.state = 'posted'), 0) AS posted
FROM (SELECT practice FROM entries WHERE mine(practice) UNION SELECT practice FROM remittances WHERE mine(practice)) AS p
LEFT JOIN (SELECT practice, sum(cents) AS cents, sum(cents) FILTER (WHERE account = 'cash') AS cash, count(DISTINCT journal_id) AS journals
           FROM entries WHERE mine(practice) GROUP BY practice) AS e ON e.practice = p.practice
"""
_TYPES = """
SELECT table_name, column_name, data_type FROM information_schema.columns
WHERE table_schema = 'public' AND column_name LIKE '%cents' AND data_type NOT IN ('bigint', 'integer')
"""
_BALANCES = """
SELECT a.practice, a.id, a.state, coalesce(e.cents, 0) AS cents, coalesce(e.owed, 0) AS owed, coalesce(e.lowest, 0) AS lowest,
       coalesce(e.credit, 0) AS credit, coalesce(e.undecided, 0) AS undecided,
       coalesce(e.desk, 0) AS desk, coalesce(e.unapplied, 0) AS unapplied, a.patient_paid_cents AS patient_paid,
       coalesce(e.charged, 0) AS charged, coalesce(e.paid, 0) AS paid, coalesce(e.adjusted, 0) AS adjusted,
       coalesce(e.denied, 0) AS denied, coalesce(p.paid, 0) AS told_paid, coalesce(p.denied, 0) AS told_denied,
       (SELECT sum((charge->>'cents')::bigint) FROM jsonb_array_elements(a.document->'charges') AS charge) AS kept
FROM accounts a
LEFT JOIN (
    SELECT practice, account_id, sum(cents) AS cents, sum(cents) FILTER (WHERE account LIKE 'receivable.%') AS owed,
           min(cents) FILTER (WHERE account LIKE 'receivable.%' AND account <> 'receivable.credit') AS lowest,
           sum(cents) FILTER (WHERE account = 'receivable.credit') AS credit,
           sum(cents) FILTER (WHERE account = 'receivable.open') AS undecided, -sum(cents) FILTER (WHERE account = 'revenue') AS charged,
           sum(cents) FILTER (WHERE account = 'payer.paid') AS paid, sum(cents) FILTER (WHERE account LIKE 'adjustment.%' OR account LIKE 'unbillable.%') AS adjusted,
           sum(cents) FILTER (WHERE account = 'receivable.denied') AS denied,
           sum(cents) FILTER (WHERE account = 'cash.desk') AS desk, -sum(cents) FILTER (WHERE account = 'patient.unapplied') AS unapplied
    FROM (SELECT practice, account_id, account, sum(cents) AS cents FROM entries WHERE mine(practice)
          GROUP BY practice, account_id, account) AS by_account
    GROUP BY practice, account_id) AS e ON e.practice = a.practice AND e.account_id = a.id
LEFT JOIN (
    SELECT practice, claim_id, sum(paid_cents) AS paid, sum(standing_denied_cents) AS denied FROM payments
    WHERE outcome <> 'suspended' AND mine(practice) GROUP BY practice, claim_id) AS p
    ON p.practice = a.practice AND p.claim_id = a.id
WHERE mine(a.practice)
"""
_CHARGES = """
SELECT practice, id, total_charge_cents, CASE WHEN state = 'withdrawn' AND document->>'visit_ended' IS NULL THEN 0
    ELSE (coalesce((document->'content'->'facts'->>'patient_paid')::numeric, 0) * 100)::bigint END AS at_desk FROM claims WHERE mine(practice)
UNION ALL SELECT practice, encounter_id, total_charge_cents, patient_paid_cents FROM self_pay_visits WHERE mine(practice)
"""


async def sums_to_zero(case: Case, finding: Finding) -> None:
    """I6: Σ = 0 per journal, per claim and in all; cash is the sum of what was posted."""
    if case.practice is None:
        async for row in case.rows(REMIT, _TYPES):
            finding.violate(
                "money is not kept in integer cents", row["table_name"], row["column_name"], row["data_type"]
            )
    async for row in case.rows(REMIT, _JOURNALS):
        finding.violate(_what_is_wrong(row), row["practice"], row["number"])
    async for row in case.rows(REMIT, _BOOKS):
        finding.checked += row["journals"]
        finding.figures["cash cents"] += int(row["cash"])
        if row["cents"] != 0:
            finding.violate("a practice's accounts do not sum to zero", row["practice"], f"{row['cents']} cents")
        if row["cash"] != row["posted"]:
            finding.violate(
                "cash is not what the posted remittances say", row["practice"], f"{row['cash'] - row['posted']} cents"
            )
    for balance in (await case.once(balances)).values():
        if balance.row["cents"] != 0:
            finding.violate("a claim's accounts do not sum to zero", balance.row["practice"], balance.row["id"])


def _what_is_wrong(row: Any) -> str:
    if row["is_missing"]:
        return "entries have no journal"
    if row["cents"] is None:
        return "a journal has no entries"
    return "a journal does not sum to zero" if row["cents"] else "a journal's entries are of another account"


@dataclass(frozen=True)
class Balance:
    """One account: what remit-svc has of it."""

    row: Any


async def balances(case: Case) -> dict[tuple[str, Any], Balance]:
    """Every account by practice and id."""
    return {(row["practice"], row["id"]): Balance(row) async for row in case.rows(REMIT, _BALANCES)}


async def balances_add_up(case: Case, finding: Finding) -> None:
    """I7: what is owed is charge less paid less adjusted or not to be billed, the charge being what claim-svc billed and paid what payments say.

    What came in beyond what was owed stands on the claim's account receivable.credit, and on no other one below zero. What patients paid
    at the desk is cash of its own, unapplied to the last cent that no balance took.
    """
    accounts = await case.once(balances)
    aside = await case.once(put_aside)
    billed = {(row["practice"], row["id"]): row async for row in case.rows(CLAIM, _CHARGES)}
    for (practice, identity), balance in accounts.items():
        finding.checked += 1
        row, where = balance.row, (practice, identity)
        excused = not case.bounds.at_rest or aside.excuses(REMIT, practice, identity) is not None
        claim = billed.pop((practice, identity), None)
        if claim is None and case.bounds.at_rest:
            finding.violate("an account is of no claim and no self-pay visit", *where)
        elif claim is not None and not excused and claim["total_charge_cents"] != row["charged"]:
            finding.violate("an account's charges are not what was billed", *where)
        if claim is not None and not excused and claim["at_desk"] not in (None, row["desk"]):
            finding.violate("the desk's cash of a claim is not what its encounter says", *where)
        _weigh(row, where, finding)
    await shares_are_lawful(case, finding)
    await contractual_once(case, finding)
    for practice, identity in billed:
        if case.bounds.at_rest and aside.excuses(REMIT, practice, identity) is None:
            finding.violate("a claim or self-pay visit is not on the books", practice, identity)


def _weigh(row: Any, where: tuple[str, Any], finding: Finding) -> None:
    if row["charged"] != (row["kept"] or 0):
        finding.violate("an account's revenue is not its charges", *where)
    if row["paid"] != row["told_paid"] or row["denied"] != row["told_denied"]:
        finding.violate("an account's payments are not what the ledger says", *where)
    if row["owed"] != row["charged"] - row["told_paid"] - row["adjusted"]:
        finding.violate("a balance is not charge less paid less adjusted", *where)
    if row["lowest"] < 0:
        finding.violate("a balance is negative and nothing flags it as a credit", *where)
    if row["credit"] > 0 or (row["credit"] < 0 and row["undecided"] > row["charged"]):
        finding.violate("a credit has nothing behind it", *where)
    if row["desk"] != row["patient_paid"]:
        finding.violate("the desk's cash is not what the account knows of", *where)
    if not min(0, row["desk"]) <= row["unapplied"] <= max(0, row["desk"]):
        finding.violate("more of a patient's payment is applied than was paid", *where)
    finding.figures["desk cash cents"] += int(row["desk"])
    finding.figures["credit cents"] -= int(row["credit"])
    finding.figures["owed cents"] += int(row["owed"])
