"""I13: one denial item for each (835, claim, line, group, CARC), and no refused cent without one."""

from collections import Counter
from typing import Any

from ..case import Case
from ..evidence import DENIAL
from ..exchange_rows import kept_payments
from ..letters import put_aside
from ..report import Finding

_CASES = """
SELECT practice, id, remittance_id, payment_ordinal, claim_id, line_id, adjustment_group, carc, amount_cents, state
FROM cases WHERE mine(practice)
"""
_REVERSALS = "SELECT practice, remittance_id, payment_ordinal FROM reversals WHERE mine(practice)"


async def one_case_each(case: Case, finding: Finding) -> None:
    """Count cases by what they are about, and hold their amounts against what remit-svc posted as denied."""
    aside = await case.once(put_aside)
    cases = await case.table(DENIAL, _CASES)
    refusals = Counter(_refusal(row) for row in cases)
    for refusal, count in refusals.items():
        if count > 1:
            finding.violate("one refusal has more than one case", *refusal, f"{count} cases")
    amounts: Counter[Any] = Counter()
    for row in cases:
        amounts[row["practice"], row["remittance_id"], row["payment_ordinal"], row["claim_id"]] += row["amount_cents"]
    payments = await case.once(kept_payments)
    for row in payments:
        place = (row["practice"], row["remittance_id"], row["ordinal"], row["claim_id"])
        opened = amounts.pop(place, 0)
        if row["outcome"] == "reversed" or opened == row["denied_cents"]:
            continue
        if case.bounds.at_rest and aside.excuses(DENIAL, row["practice"], row["claim_id"]) is None:
            finding.violate("cases do not add up to what a payer denied", *place)
    for place in amounts if case.bounds.at_rest else ():
        finding.violate("a case is about no denied payment", *place)
    await _check_reversals(case, finding, cases, payments)
    finding.checked = len(cases)
    finding.figures["cases"] = len(cases)
    finding.figures["withdrawn"] = sum(row["state"] == "withdrawn" for row in cases)


def _refusal(row: Any) -> tuple[Any, ...]:
    names = ("practice", "remittance_id", "payment_ordinal", "claim_id", "line_id", "adjustment_group", "carc")
    return tuple(row[name] for name in names)


async def _check_reversals(case: Case, finding: Finding, cases: list[Any], payments: list[Any]) -> None:
    """A reversal withdraws the cases of what it takes back; each was heard once."""
    aside = await case.once(put_aside)
    taken_back = {
        (row["practice"], row["remittance_id"], row["payment_ordinal"]) for row in await case.table(DENIAL, _REVERSALS)
    }
    for row in cases:
        is_taken_back = (row["practice"], row["remittance_id"], row["payment_ordinal"]) in taken_back
        if is_taken_back != (row["state"] == "withdrawn"):
            finding.violate("a case is withdrawn without a reversal, or open after one", row["practice"], row["id"])
    posted = Counter(row["practice"] for row in payments if row["outcome"] == "reversed")
    heard = Counter(practice for practice, *_ in taken_back)
    for practice in posted.keys() | heard.keys():
        if posted[practice] != heard[practice] and case.bounds.at_rest and not aside.excuses_practice(DENIAL, practice):
            finding.violate(
                "reversals were posted that denial-svc did not hear, or heard that were not posted", practice
            )
