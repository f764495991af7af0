"""Practices and encounters of invented people, with sensible values; a test spells out only what matters to it."""

import itertools
import zlib
from typing import Any

import orjson
from claimstream_cli.places import checkout

Document = dict[str, Any]

_NUMBERS = itertools.count(1)
_TOO_LONG = 10
_BILL_THEMSELVES = ("hospital", "nursing_home")


def demo_practice() -> Document:
    """The demo's practice."""
    found: Document = orjson.loads((checkout() / "demo" / "practice.json").read_bytes())
    return found


def a_practice(name: str) -> Document:
    """A practice like the demo's, with its own name, NPI, tax number and submitter id."""
    number = sum(ord(letter) * place for place, letter in enumerate(name, start=7)) % 1_000_000
    return demo_practice() | {
        "id": name,
        "name": f"Practice {name}",
        "npi": _npi(f"169{number:06}"),
        "tin": f"04{number:07}",
        "submitter_id": f"S{number:07}",
        "locations": [_own_location(name, each) for each in demo_practice()["locations"]],
    }


def _own_location(practice: str, location: Document) -> Document:
    """A place of the demo's under a number of the practice's own, where it bills itself: nobody else may have it."""
    if location.get("kind") not in _BILL_THEMSELVES:
        return location
    number = zlib.crc32(f"{practice}/{location['id']}".encode()) % 10_000_000
    return location | {"npi": _npi(f"18{number:07}")}


def written_encounter(name: str) -> Document:
    """One of the demo's hand-written encounters, by the beginning of its file's name."""
    (path,) = (checkout() / "demo" / "encounters").glob(f"{name}*.json")
    found: Document = orjson.loads(path.read_bytes())
    return found


def an_encounter(**changes: Any) -> Document:
    """An office visit of a new patient; the payer is Blue Cross, unless `payer` or `member_id` says otherwise."""
    number = next(_NUMBERS)
    payer, member = changes.pop("payer", "blue-cross"), changes.pop("member_id", f"BCB9{number:08}")
    return {
        "encounter_id": f"T-{number:05}",
        "source_system": "test-ehr",
        "started_on": "2026-08-03",
        "location": "bay-state-main",
        "patient": {
            "name": {"last": "Sample", "first": _first_name(number)},
            "birth_date": "1980-02-01",
            "sex": "F",
            "address": {"line1": f"{number} Maple Court", "city": "Quincy", "state": "MA", "postal_code": "02169"},
        },
        "coverages": [{"payer": payer, "member_id": member}],
        "providers": {"rendering": {"id": "dr-okafor"}},
        "diagnoses": [{"code": "E11.9"}],
        "services": [{"procedure": "99213", "charge": "155.00", "diagnosis_pointers": [1]}],
    } | changes


def a_service(procedure: str, charge: str) -> Document:
    """A charge line for the first diagnosis."""
    return {"procedure": procedure, "charge": charge, "diagnosis_pointers": [1]}


def _first_name(number: int) -> str:
    """A name without digits for each number."""
    letters = "abcdefghij"
    return "Robin" + "".join(letters[int(digit)] for digit in str(number))


def _npi(nine: str) -> str:
    """Nine digits with their check digit (ISO 7812 with the prefix 80840)."""
    total = 24
    for place, digit in enumerate(reversed(nine)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled >= _TOO_LONG else doubled
    return nine + str(-total % 10)
