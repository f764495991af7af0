"""Parts of I7: the patient is billed what may be billed, and a contractual adjustment is taken once, whoever repeats it.

Both are held against what the payers said, as the accounts keep it, and against the rules themselves, written down here a second time.
"""

from typing import Any

from ..case import Case
from ..evidence import REMIT
from ..report import Finding

_MEDICAID, _WORK = "MC", "WC"
_MEDICAIDS_COPAY = {"PR-142", "PR-178"}
_QMB = {"N781", "N782", "N783"}

_SHARES = """
SELECT e.practice, e.account_id AS id, e.payer_id, e.reason, sum(e.cents) AS cents,
       (SELECT array_agg(DISTINCT s->>'filing_indicator') FROM jsonb_array_elements(a.document->'submissions') AS s
        WHERE s->>'payer_id' = e.payer_id) AS filing,
       (SELECT array_agg(DISTINCT remark) FROM jsonb_path_query(a.document, '$.decisions[*].**.remarks[*]') AS found, lateral (SELECT found #>> '{}') AS said(remark)) AS remarks
FROM entries e JOIN accounts a ON a.practice = e.practice AND a.id = e.account_id
WHERE e.account = 'receivable.patient' AND mine(e.practice) GROUP BY e.practice, e.account_id, e.payer_id, e.reason, a.document
HAVING sum(e.cents) > 0
"""
_CONTRACTUAL = """
SELECT e.practice, e.account_id AS id, sum(e.cents) FILTER (WHERE e.account LIKE 'adjustment.%' AND e.reason LIKE '%-45') AS adjusted,
       coalesce(sum(e.cents) FILTER (WHERE e.account = 'payer.paid'), 0) AS paid,
       coalesce(-sum(e.cents) FILTER (WHERE e.account = 'revenue'), 0) AS charged,
       (SELECT coalesce(max(of_decision.cents), 0) FROM (
            SELECT sum((said->>'cents')::bigint) AS cents
            FROM accounts a, jsonb_array_elements(a.document->'decisions') AS d, jsonb_array_elements(d->'lines') AS line,
                 jsonb_array_elements(line->'said') AS said
            WHERE a.practice = e.practice AND a.id = e.account_id AND said->>'carc' = '45'
            GROUP BY d->>'remittance_id', d->>'payment_ordinal') AS of_decision) AS most
FROM entries e WHERE mine(e.practice) GROUP BY e.practice, e.account_id
HAVING sum(e.cents) FILTER (WHERE e.account LIKE 'adjustment.%' AND e.reason LIKE '%-45') > 0
"""


async def shares_are_lawful(case: Case, finding: Finding) -> None:
    """What stands on receivable.patient may be billed: not Medicare's share of a QMB, of Medicaid its copay alone, nothing of an injury at work."""
    async for row in case.rows(REMIT, _SHARES):
        finding.figures["shares of patients"] += 1
        if why := _why_not(row):
            finding.violate("a patient is billed what must not be billed", row["practice"], row["id"], why)


def _why_not(row: Any) -> str | None:
    filing, remarks = set(row["filing"] or ()), set(row["remarks"] or ())
    if _MEDICAID in filing:
        return None if row["reason"] in _MEDICAIDS_COPAY else "Medicaid"
    if _WORK in filing:
        return "an injury at work"
    return "a qualified Medicare beneficiary" if remarks & _QMB else None


async def contractual_once(case: Case, finding: Finding) -> None:
    """Payers that repeat each other's contractual adjustment take it once: never more than what was not paid, or than one of them says."""
    async for row in case.rows(REMIT, _CONTRACTUAL):
        finding.figures["contractual adjustments"] += 1
        if row["adjusted"] > max(row["charged"] - row["paid"], row["most"]):
            over = row["adjusted"] - max(row["charged"] - row["paid"], row["most"])
            finding.violate(
                "a contractual adjustment is on the books twice", row["practice"], row["id"], f"{over} cents"
            )
