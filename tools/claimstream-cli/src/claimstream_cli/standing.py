"""Where each encounter and each claim stands: each is in the first place that fits, as ``docs/figures.md`` says it."""

from collections.abc import Callable, Iterable

from .facts import Facts, Row, balances_of, cents, of_family

ENCOUNTER_PLACES = ("not_billable", "unfinished", "awaiting_coder", "self_pay", "with_claims")
CLAIM_PLACES = (
    "held",
    "rejected",
    "unanswered",
    "taken_back",
    "quarantined",
    "undecided",
    "denied",
    "partly_answered",
    "partially_paid",
    "underpaid",
    "awaiting_next_payer",
    "zero_expected",
    "paid",
    "voided",
)
"""In the order of a claim's journey; ``_place_of`` tries them."""

EXPLAINED = ("payer.paid", "adjustment", "unbillable", "receivable.patient", "receivable.next_payer")
"""Where a decision puts what it neither refuses nor leaves below the contract."""


def encounter_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each encounter once; and how many have no place."""
    self_pay = {row["encounter_id"] for row in facts.self_pay}
    with_claims = {row["encounter_id"] for row in facts.claims}

    def place_of(row: Row) -> str | None:
        if row["state"] in ("not_billable", "unfinished", "awaiting_coder"):
            return str(row["state"])
        if row["id"] in self_pay:
            return "self_pay"
        return "with_claims" if row["id"] in with_claims else None

    return _counted(ENCOUNTER_PLACES, facts.encounters, place_of)


def claim_places(facts: Facts) -> tuple[dict[str, int], int]:
    """Each claim once; and how many have no place."""
    return _counted(CLAIM_PLACES, facts.claims, _standing(facts))


def held_claims(facts: Facts) -> list[Row]:
    """The claims at the place ``held``, and those that our own guide check refused before they were in a file."""
    place_of = _standing(facts)
    in_no_file = {claim for claim, row in facts.latest_submissions().items() if row["file_name"] is None}
    return [
        row
        for row in facts.claims
        if (place := place_of(row)) == "held" or (place == "rejected" and row["claim_id"] in in_no_file)
    ]


def _counted(
    names: Iterable[str], rows: list[Row], place_of: Callable[[Row], str | None]
) -> tuple[dict[str, int], int]:
    places = dict.fromkeys(names, 0)
    lost = 0
    for row in rows:
        place = place_of(row)
        if place is None:
            lost += 1
        else:
            places[place] += 1
    return places, lost


def _standing(facts: Facts) -> Callable[[Row], str | None]:
    accounts = {row["account_id"]: row for row in facts.accounts}
    latest = facts.latest_submissions()
    return lambda row: _place_of(row, accounts.get(row["claim_id"], {}), latest.get(row["claim_id"]))


def _place_of(claim: Row, account: Row, latest: Row | None) -> str | None:
    if account.get("is_quarantined"):
        return "quarantined"
    if account.get("is_decided"):
        return _decided_place(balances_of(account))
    return _undecided_place(claim, latest)


def _undecided_place(claim: Row, latest: Row | None) -> str | None:
    """Of a claim on which no payer's decision stands."""
    if claim["state"] in ("voided", "held"):
        return str(claim["state"])
    if claim["headline"] == "taken_back":
        return "taken_back"
    if latest is None or (latest["file_name"] is None and latest["state"] != "rejected"):
        return None
    return "rejected" if latest["state"] == "rejected" else "unanswered"


def _decided_place(balances: dict[str, int]) -> str:
    """By the money alone: what CLP02 says of it is no answer (X12 RFI 1423, 207)."""
    names = ("payer.paid", *(f"receivable.{name}" for name in ("denied", "variance", "open", "next_payer")))
    paid, denied, variance, unanswered, waiting = (balances.get(name, 0) for name in names)
    if paid <= 0 < denied:
        return "denied"
    if unanswered > 0:
        said = denied > 0 or variance > 0 or any(of_family(balances, family) for family in EXPLAINED)
        return "partly_answered" if said else "undecided"
    if denied > 0:
        return "partially_paid"
    if variance > 0:
        return "underpaid"
    if waiting > 0:
        return "awaiting_next_payer"
    return "paid" if paid > 0 else "zero_expected"


def not_final_billed(facts: Facts) -> dict[str, dict[str, dict[str, int]] | dict[str, int]]:
    """What was served and no payer has a bill of: before the final bill (DNFB), held by edits (FBNS), and both (DNSP).

    A visit whose earlier version is on a claim or on the patient's account was billed: its newer version is a correction.
    Nothing is kept back for days of bill-hold here: what is coded becomes a claim at once.
    """
    billed = {row["encounter_id"] for row in (*facts.claims, *facts.self_pay)}
    waiting = [row for row in facts.encounters if row["state"] == "awaiting_coder" and row["id"] not in billed]
    held = held_claims(facts)
    awaiting_coder = _worth(row["total_charge"] for row in waiting)
    bill_hold = _worth(())
    held_by_edits = _worth(row["total_charge"] for row in held)
    parts = (awaiting_coder, bill_hold, held_by_edits)
    return {
        "dnfb": {"awaiting_coder": awaiting_coder, "bill_hold": bill_hold},
        "held_by_edits": held_by_edits,
        "dnsp": {name: sum(part[name] for part in parts) for name in bill_hold},
    }


def _worth(charges: Iterable[str | None]) -> dict[str, int]:
    known = list(charges)
    priced = [cents(each) for each in known if each is not None]
    return {"count": len(known), "cents": sum(priced), "unpriced": len(known) - len(priced)}
