"""The demo's figures, as the services' APIs tell them. ``docs/figures.md`` says what each one means.

Each amount is the balance of its own ledger accounts; none is what is left over from the others.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import httpx2

from .client import client, token
from .members import CLAIM, CODING, DENIAL, GATEWAY, REMIT, SERVICES
from .places import Home
from .state import Plan

Rows = list[dict[str, Any]]

SUBJECT = "demo-auditor"
NOT_DONE = ("dead", "parked")
UNSETTLED = ("staged", "conflict")


@dataclass(frozen=True)
class Facts:
    """What the services say."""

    encounters: Rows
    self_pay: Rows
    claims: Rows
    submissions: Rows
    accounts: Rows
    ledger_cents: dict[str, int]
    remittances: dict[str, int]
    denial_cases: int
    duplicate_sets: int
    sent: int
    dead_letters: int


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
                denial_cases=sum(each["n"] for each in _answer(http[DENIAL.name], "/counts")["cases"]),
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
    encounters, lost_encounters = _encounter_places(facts)
    claims, lost_claims = _claim_places(facts)
    sent = [row for row in facts.submissions if row["file_name"] is not None]
    coded = [row for row in facts.encounters if row["state"] == "coded"]
    unsettled = sum(facts.remittances.get(state, 0) for state in UNSETTLED)
    return {
        "encounters": encounters,
        "coded_synthea": sum("synthea" in row["source_system"] for row in coded),
        "claims": claims,
        "submitted": len(sent),
        "accepted": sum(row["is_accepted"] for row in facts.submissions),
        "adjudicated": sum(row["is_decided"] for row in facts.accounts),
        **_money(facts),
        "expected_cents": sum(_cents(row["expected"]) for row in facts.accounts if row["expected"] is not None),
        "denial_cases": facts.denial_cases,
        "quarantined_sets": facts.remittances.get("quarantined", 0),
        "duplicate_sets": facts.duplicate_sets,
        "dead_letters": facts.dead_letters,
        "unaccounted": lost_encounters + lost_claims + abs(len(sent) - facts.sent) + unsettled,
        "ledger_sum_cents": sum(facts.ledger_cents.values()),
    }


def _cents(dollars: str) -> int:
    return int(Decimal(dollars) * 100)


def _encounter_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each encounter once, the first place that fits; and how many have none."""
    self_pay = {row["encounter_id"] for row in facts.self_pay}
    with_claims = {row["encounter_id"] for row in facts.claims}
    places = dict.fromkeys(("not_billable", "unfinished", "awaiting_coder", "self_pay", "with_claims"), 0)
    lost = 0
    for row in facts.encounters:
        if row["state"] in ("not_billable", "unfinished", "awaiting_coder"):
            places[row["state"]] += 1
        elif row["id"] in self_pay:
            places["self_pay"] += 1
        elif row["id"] in with_claims:
            places["with_claims"] += 1
        else:
            lost += 1
    return places, lost


def _claim_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each claim once, the first place that fits; and how many have none."""
    accounts = {row["account_id"]: row for row in facts.accounts}
    latest = {row["claim_id"]: row for row in sorted(facts.submissions, key=lambda row: row["ordinal"])}
    names = (
        "quarantined",
        "held",
        "rejected",
        "unanswered",
        "denied",
        "zero_expected",
        "partially_paid",
        "paid",
        "voided",
    )
    places = dict.fromkeys(names, 0)
    lost = 0
    for row in facts.claims:
        place = _place_of(row, accounts.get(row["claim_id"], {}), latest.get(row["claim_id"]))
        if place is None:
            lost += 1
        else:
            places[place] += 1
    return places, lost


def _place_of(claim: dict[str, Any], account: dict[str, Any], latest: dict[str, Any] | None) -> str | None:
    balances = account.get("balances", {})
    paid, denied = (_cents(balances.get(name, "0.00")) for name in ("payer.paid", "receivable.denied"))
    if account.get("is_quarantined"):
        return "quarantined"
    if claim["state"] == "voided":
        return "voided"
    if account.get("is_decided"):
        by_money = {(True, True): "partially_paid", (True, False): "paid", (False, True): "denied"}
        return by_money.get((paid > 0, denied > 0), "zero_expected")
    if claim["state"] == "held":
        return "held"
    if latest is None or (latest["file_name"] is None and latest["state"] != "rejected"):
        return None
    return "rejected" if latest["state"] == "rejected" else "unanswered"


def _money(facts: Facts) -> dict[str, int]:
    """Claims that were submitted at least once, by ledger account; and the cash of all posted sets."""
    submitted = [row["balances"] for row in facts.accounts if row["is_submitted"]]

    def held(*accounts: str) -> int:
        return sum(
            _cents(amount)
            for balances in submitted
            for account, amount in balances.items()
            if account in accounts or account.split(".")[0] in accounts
        )

    voided = {row["claim_id"] for row in facts.claims if row["state"] == "voided"}
    primary = {
        row["claim_id"]: _cents(row["total_charge"])
        for row in sorted(facts.submissions, key=lambda row: row["ordinal"])
        if row["payer_sequence"] == "P" and row["claim_id"] not in voided
    }
    ledger = facts.ledger_cents
    return {
        "charged_cents": sum(primary.values()),
        "paid_cents": held("payer.paid"),
        "adjusted_cents": held("adjustment"),
        "patient_cents": held("receivable.patient"),
        "denied_cents": held("receivable.denied"),
        "open_cents": held("receivable.open", "receivable.next_payer", "receivable.variance", "receivable.credit"),
        "cash_cents": ledger.get("cash", 0),
        "suspense_cents": -ledger.get("suspense", 0),
        "plb_cents": ledger.get("plb", 0),
        "self_pay_cents": ledger.get("receivable.self_pay", 0),
        "desk_cash_cents": ledger.get("cash.desk", 0),
        "unapplied_cents": -ledger.get("patient.unapplied", 0),
    }
