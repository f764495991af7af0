"""I13: one denial item for each (835, claim, line, group, CARC), and no refused cent without one."""

from collections import Counter
from typing import Any

from ..case import Case
from ..evidence import DENIAL, REMIT
from ..exchange_rows import kept_payments
from ..letters import put_aside
from ..report import Finding

_CASES = """
SELECT practice, id, remittance_id, payment_ordinal, claim_id, line_id, adjustment_group, carc, amount_cents, coalesce(standing_cents, CASE WHEN state = 'open' THEN amount_cents ELSE 0 END) AS standing_cents, kind, state
FROM cases WHERE mine(practice)
"""
_LOWERED = """
SELECT practice, id FROM accounts WHERE mine(practice) AND charged_cents <
    (SELECT max((s->>'total_cents')::bigint) FROM jsonb_array_elements(document->'submissions') AS s)
"""
"""Claims of which less is charged than was billed: what was refused of the rest is settled with the payer's next word."""
_REVERSALS = "SELECT practice, remittance_id, payment_ordinal FROM reversals WHERE mine(practice)"


async def one_case_each(case: Case, finding: Finding) -> None:
    """Count cases by what they are about, and hold their amounts against what remit-svc posted as denied."""
    aside = await case.once(put_aside)
    cases = await case.table(DENIAL, _CASES)
    refusals = Counter(_refusal(row) for row in cases)
    for refusal, count in refusals.items():
        if count > 1:
            finding.violate("one refusal has more than one case", *refusal, f"{count} cases")
    opened = _Opened(cases)
    payments = await case.once(kept_payments)
    lowered = {(row["practice"], row["id"]) for row in await case.table(REMIT, _LOWERED)}
    for row in payments:
        place = (row["practice"], row["remittance_id"], row["ordinal"], row["claim_id"])
        said = (opened.denied.pop(place, 0), opened.underpaid.pop(place, 0))
        stands = opened.standing.pop(place, 0)
        if row["outcome"] == "reversed" or not case.bounds.at_rest:
            continue
        if aside.excuses(DENIAL, row["practice"], row["claim_id"]) is not None:
            continue
        if said != (row["denied_cents"], row["underpaid_cents"]):
            finding.violate("cases do not add up to what a payer denied", *place)
        if stands != row["standing_denied_cents"] and (row["practice"], row["claim_id"]) not in lowered:
            finding.violate("a case is open for nothing, or closed while it stands refused", *place)
    for place in {*opened.denied, *opened.underpaid} if case.bounds.at_rest else ():
        finding.violate("a case is about no denied payment", *place)
    await _check_reversals(case, finding, cases, payments)
    finding.checked = len(cases)
    finding.figures["cases"] = len(cases)
    for state in ("withdrawn", "closed"):
        finding.figures[state] = sum(row["state"] == state for row in cases)


class _Opened:
    """Cases by the payment that they are about: what was refused, what was underpaid, and what of the refusals stands in open cases."""

    def __init__(self, cases: list[Any]) -> None:
        self.denied: Counter[Any] = Counter()
        self.underpaid: Counter[Any] = Counter()
        self.standing: Counter[Any] = Counter()
        for row in cases:
            place = (row["practice"], row["remittance_id"], row["payment_ordinal"], row["claim_id"])
            is_refusal = row["kind"] == "refusal"
            (self.denied if is_refusal else self.underpaid)[place] += row["amount_cents"]
            self.standing[place] += row["standing_cents"] if is_refusal and row["state"] == "open" else 0


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
