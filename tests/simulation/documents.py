"""The practice and the encounters of one schedule: invented people, small documents, prices that divide."""

from decimal import Decimal
from typing import Any, Literal, get_args

Document = dict[str, Any]

Kind = Literal[
    "clean", "two-lines", "two-payers", "self-pay", "held", "text", "pharmacy", "stranger-payer", "in progress"
]
KINDS: tuple[Kind, ...] = get_args(Kind)

Change = Literal["price", "lines", "no coverage", "coverages", "cancelled", "reopened", "finished"]
CHANGES: tuple[Change, ...] = get_args(Change)

ADDRESS = {"line1": "400 Harbor Main Street", "city": "Quincy", "state": "MA", "postal_code": "021690400"}
PAYERS = ("alpha", "beta")
ALLOWED_PERCENT = Decimal(80)
"""What the contracts allow of a charge."""


def practice_name(number: int) -> str:
    """The practice that one schedule bills for."""
    return f"sim-{number:08d}"


def receiver_of(number: int) -> str:
    """The trading partner of one schedule: numbers of files begin with 1 in each."""
    return f"P{number:08d}"


def a_practice(number: int) -> Document:
    """Two payers behind one partner, one clinician, one place."""
    return {
        "id": practice_name(number),
        "name": f"Practice {number}",
        "npi": npi(f"1{number:08d}"),
        "tin": f"{number:09d}",
        "taxonomy": "261QP2300X",
        "address": ADDRESS,
        "contact": {"name": "Billing Office", "phone": "6175550100"},
        "submitter_id": f"S{number:08d}",
        "payers": [
            {
                "id": payer,
                "name": f"Payer {payer}",
                "x12_id": payer.upper(),
                "receiver_id": receiver_of(number),
                "claim_filing_indicator": "CI",
                "timely_filing_days": 365,
                "appeal_days": 120,
                "fee_schedule": "usual",
            }
            for payer in PAYERS
        ],
        "fee_schedules": [
            {
                "id": "usual",
                "version": "2026.1",
                "effective_from": "2025-01-01",
                "percent_of_charge": str(ALLOWED_PERCENT),
                "payer_share_percent": "90",
            }
        ],
        "locations": [
            {"id": "main", "name": "Main Street", "npi": npi("170000000"), "address": ADDRESS, "place_of_service": "11"}
        ],
        "roster": [{"id": "dr-okafor", "npi": npi("171000001"), "last_name": "Okafor", "first_name": "Adaeze"}],
    }


def an_encounter(number: int, kind: Kind) -> Document:
    """A visit of a patient of its own."""
    services = [{"procedure": "99213", "charge": "110.00", "diagnosis_pointers": [1]}]
    if kind == "two-lines":
        services.append({"procedure": "80048", "charge": "40.00", "diagnosis_pointers": [1]})
    payers = {"two-payers": PAYERS, "self-pay": (), "stranger-payer": ("nobody-knows",)}.get(kind, PAYERS[:1])
    return {
        "encounter_id": f"V-{number}",
        "source_system": "sim-ehr",
        "kind": "pharmacy" if kind == "pharmacy" else "professional",
        "status": "in-progress" if kind == "in progress" else "finished",
        "started_on": "2026-08-03",
        "location": "main",
        "patient": {
            "name": {"last": "Sample", "first": f"Robin{'abcdefgh'[number % 8]}"},
            "birth_date": f"19{60 + number % 30}-02-01",
            "sex": "F",
            "address": {"line1": "1 Maple Court", "city": "Quincy", "state": "MA", "postal_code": "02169"},
        },
        "coverages": [{"payer": payer, "member_id": f"M{number:07}"} for payer in payers],
        "providers": {} if kind == "held" else {"rendering": {"id": "dr-okafor"}},
        "diagnoses": [{"text": "something the matter"}] if kind == "text" else [{"code": "E11.9"}],
        "services": services,
    }


def changed(document: Document, what: Change, price: int) -> Document:
    """The next version of an encounter."""
    first, *others = document["services"]
    member = f"M{price:07}"
    match what:
        case "price":
            return {**document, "services": [{**first, "charge": f"{price}.00"}, *others]}
        case "lines":
            more = {"procedure": "80048", "charge": f"{price}.00", "diagnosis_pointers": [1]}
            return {**document, "services": [first] if others else [first, more]}
        case "no coverage":
            return {**document, "coverages": []}
        case "cancelled" | "finished":
            return {**document, "status": what, "services": [{**first, "charge": f"{price}.00"}, *others]}
        case "reopened":
            return {**document, "status": "in-progress"}
        case "coverages":
            return {**document, "coverages": [{"payer": payer, "member_id": member} for payer in reversed(PAYERS)]}


def npi(nine: str) -> str:
    """Nine digits with their check digit (ISO 7812 with the prefix 80840)."""
    total = 24
    for place, digit in enumerate(reversed(nine)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return nine + str(-total % 10)
