"""The demo's figures, as the services' APIs tell them. ``docs/figures.md`` says what each one means.

Each amount is the balance of its own ledger accounts; none is what is left over from the others.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx2

from .client import client, token
from .facts import Facts, balances_of, cents, of_family
from .members import CLAIM, CODING, DENIAL, GATEWAY, REMIT, SERVICES
from .places import Home
from .rates import rates_of
from .standing import claim_places, encounter_places, not_final_billed
from .state import Plan

SUBJECT = "demo-auditor"
NOT_DONE = ("dead", "parked")
UNSETTLED = ("staged", "conflict")
CASE_STATES = ("open", "withdrawn", "closed")
PLB = "plb"

CHARGED_TO = {
    "paid_cents": "payer.paid",
    "adjusted_cents": "adjustment",
    "patient_cents": "receivable.patient",
    "unbillable_cents": "unbillable",
    "denied_cents": "receivable.denied",
    "undecided_cents": "receivable.open",
    "next_payer_cents": "receivable.next_payer",
    "underpaid_cents": "receivable.variance",
    "credit_cents": "receivable.credit",
}
"""Where the charges of submitted claims are, each by its ledger account or its family of accounts."""


def collect(home: Home, plan: Plan, practice: str) -> dict[str, Any]:
    """The figures of a stack at rest."""
    bearer = token(home, practice=practice, subject=SUBJECT, roles=["biller", "operator", "auditor"])
    with ExitStack() as stack:
        http = {service.name: stack.enter_context(client(plan.url(service.name), bearer)) for service in SERVICES}
        remit = _answer(http[REMIT.name], "/counts")
        gateway = _answer(http[GATEWAY.name], "/counts")
        return figures_of(
            Facts(
                encounters=list(_pages(http[CODING.name], "/encounters", "encounters")),
                self_pay=list(_pages(http[CLAIM.name], "/self-pay-visits", "visits")),
                claims=[row for row in _pages(http[CLAIM.name], "/claims", "claims") if row["state"] != "withdrawn"],
                submissions=list(_pages(http[CLAIM.name], "/submissions", "submissions")),
                accounts=list(_pages(http[REMIT.name], "/accounts", "accounts")),
                ledger_cents=remit["ledger_cents"],
                remittances=remit["remittances"],
                denial_cases=_answer(http[DENIAL.name], "/counts")["cases"],
                duplicate_sets=gateway["duplicate_sets"],
                sent=gateway["submissions"].get("sent", 0),
                dead_letters=sum(
                    letter["state"] in NOT_DONE
                    for service in SERVICES
                    for letter in _pages(http[service.name], "/dead-letters", "dead_letters")
                ),
            )
        )


def _answer(http: httpx2.Client, path: str, **query: str) -> Any:
    return http.get(path, params=query).raise_for_status().json()


def _pages(http: httpx2.Client, path: str, name: str) -> Iterator[dict[str, Any]]:
    """Every row of a list, page by page."""
    query: dict[str, str] = {}
    while True:
        page = _answer(http, path, limit="500", **query)
        yield from page[name]
        if page["next_after"] is None:
            return
        query = {"after": str(page["next_after"])}


def figures_of(facts: Facts) -> dict[str, Any]:
    """The figures of what the services say."""
    encounters, lost_encounters = encounter_places(facts)
    claims, lost_claims = claim_places(facts)
    sent = [row for row in facts.submissions if row["file_name"] is not None]
    coded = [row for row in facts.encounters if row["state"] == "coded"]
    unsettled = sum(facts.remittances.get(state, 0) for state in UNSETTLED)
    return {
        "encounters": encounters,
        "coded_synthea": sum("synthea" in row["source_system"] for row in coded),
        **not_final_billed(facts),
        "claims": claims,
        "submitted": len(sent),
        "accepted": sum(row["is_accepted"] for row in facts.submissions),
        "adjudicated": sum(row["is_decided"] for row in facts.accounts),
        "rates": rates_of(facts),
        **_money(facts),
        "denial_cases": _cases(facts, "refusal"),
        "underpayment_cases": _cases(facts, "underpayment"),
        "quarantined_sets": facts.remittances.get("quarantined", 0),
        "duplicate_sets": facts.duplicate_sets,
        "dead_letters": facts.dead_letters,
        "unaccounted": lost_encounters + lost_claims + abs(len(sent) - facts.sent) + unsettled,
        "ledger_sum_cents": sum(facts.ledger_cents.values()),
    }


def _cases(facts: Facts, kind: str) -> dict[str, int]:
    states = dict.fromkeys(CASE_STATES, 0)
    for each in (each for each in facts.denial_cases if each["kind"] == kind):
        states[each["state"]] = states.get(each["state"], 0) + each["n"]
    return states


def _money(facts: Facts) -> dict[str, Any]:
    """Claims that were submitted at least once, by ledger account; and the cash of all posted sets."""
    submitted = [balances_of(row) for row in facts.accounts if row["is_submitted"]]
    voided = {row["claim_id"] for row in facts.claims if row["state"] == "voided"}
    primary = {
        row["claim_id"]: cents(row["total_charge"])
        for row in sorted(facts.submissions, key=lambda row: row["ordinal"])
        if row["payer_sequence"] == "P" and row["claim_id"] not in voided
    }
    ledger = facts.ledger_cents
    return {
        "charged_cents": sum(primary.values()),
        **{name: sum(of_family(each, account) for each in submitted) for name, account in CHARGED_TO.items()},
        "cash_cents": ledger.get("cash", 0),
        "suspense_cents": -ledger.get("suspense", 0),
        "plb_cents": of_family(ledger, PLB),
        "plb_by_reason": _by_reason(ledger),
        "expected_allowed_cents": _expected(facts, "expected_allowed"),
        "expected_paid_cents": _expected(facts, "expected_paid"),
        "self_pay_cents": ledger.get("receivable.self_pay", 0),
        "desk_cash_cents": ledger.get("cash.desk", 0),
        "unapplied_cents": -ledger.get("patient.unapplied", 0),
    }


def _by_reason(ledger: dict[str, int]) -> dict[str, int]:
    """Provider adjustments by PLB03-1, where the ledger has an account of each."""
    return {name.removeprefix(f"{PLB}."): amount for name, amount in ledger.items() if name.startswith(f"{PLB}.")}


def _expected(facts: Facts, name: str) -> int:
    return sum(cents(row[name]) for row in facts.accounts if row[name] is not None)
