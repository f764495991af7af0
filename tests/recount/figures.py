"""The figures, counted from the files and the databases' facts."""

import io
import json
import tarfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from .answers import Answers, read_answers
from .claims import SentClaim, sent_claims
from .databases import Facts
from .money import Posted, cents, post
from .rates import rates
from .remittances import SortedSets, sort_remittances
from .segments import read_folder
from .unbilled import not_final_billed

SYNTHEA = "synthea"
LONGEST_SHORT_CLAIM = 6

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
CASE_STATES = ("open", "withdrawn", "closed")
CHARGED_TO = {
    "paid": "paid",
    "adjusted": "adjusted",
    "patient": "patient",
    "unbillable": "unbillable",
    "denied": "denied",
    "undecided": "undecided",
    "next_payer": "waiting",
    "underpaid": "beyond_contract",
    "credit": "credit",
}
"""What the charges are in, and what a balance calls it."""

Figures = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """What the exchanged files say."""

    sent: list[SentClaim]
    answers: Answers
    remittances: SortedSets


def read_exchange(folder: Path) -> Exchange:
    """Read the outbound and the inbound files."""
    inbound = read_folder(folder / "inbound")
    return Exchange(sent_claims(read_folder(folder / "outbound")), read_answers(inbound), sort_remittances(inbound))


def count(exchange: Exchange, facts: Facts, given: int) -> Figures:
    """All figures; `given` is how many encounters the sample holds."""
    posted = post(exchange.remittances.posted, exchange.sent, facts.expected)
    places, lost_claims = _claims(exchange, facts, posted)
    encounters, lost_encounters = _encounters(facts)
    numbers = [(claim.number, claim.ordinal) for claim in exchange.sent]
    twice = len(numbers) - len(set(numbers))
    unlike = len(set(numbers) ^ facts.told) + abs(len(numbers) - facts.kept_as_sent)
    return {
        "encounters": encounters,
        "coded_synthea": _coded_synthea(facts),
        **not_final_billed(facts, _held_by_edits(exchange, places)),
        "claims": {place: list(places.values()).count(place) for place in CLAIM_PLACES},
        "submitted": len(exchange.sent),
        "accepted": sum(map(exchange.answers.takes, exchange.sent)),
        "adjudicated": len(posted.decided),
        "rates": rates(exchange.sent, exchange.answers, facts, posted),
        **_money(exchange, facts, posted),
        "denial_cases": _cases(facts, "refusal"),
        "underpayment_cases": _cases(facts, "underpayment"),
        "quarantined_sets": len(exchange.remittances.quarantined),
        "duplicate_sets": len(exchange.remittances.copies),
        "dead_letters": facts.dead_letters,
        "unaccounted": lost_encounters
        + lost_claims
        + twice
        + unlike
        + facts.unsettled_sets
        + abs(given - len(facts.encounters))
        + abs(posted.cases_opened - sum(_cases(facts, "refusal").values()))
        + abs(posted.underpayments_opened - sum(_cases(facts, "underpayment").values())),
        "ledger_sum_cents": facts.ledger_cents,
        "seconds": facts.seconds,
    }


def _held_by_edits(exchange: Exchange, places: dict[str, str]) -> list[str]:
    """Claims that a rule holds, and those that were refused before they were in a file."""
    left = {claim.number for claim in exchange.sent}
    return [
        number for number, place in places.items() if place == "held" or (place == "rejected" and number not in left)
    ]


def _cases(facts: Facts, kind: str) -> dict[str, int]:
    return {state: facts.cases.get((kind, state), 0) for state in CASE_STATES}


def varieties(exchange: Exchange) -> dict[str, int]:
    """What there must be some of."""
    return {
        "dependents (2000C)": sum(claim.is_dependents for claim in exchange.sent),
        "inpatient claims with POA": sum(claim.is_inpatient and claim.has_poa for claim in exchange.sent),
        "secondary payers (SBR*S)": sum(claim.sequence == "S" for claim in exchange.sent),
        "replacements (frequency 7)": sum(claim.frequency == "7" for claim in exchange.sent),
        "voids (frequency 8)": sum(claim.frequency == "8" for claim in exchange.sent),
        "first bills of a stay (112)": sum(claim.frequency == "2" for claim in exchange.sent),
        "continuing bills of a stay (113)": sum(claim.frequency == "3" for claim in exchange.sent),
        "last bills of a stay (114)": sum(claim.frequency == "4" for claim in exchange.sent),
        "why Medicare is secondary (SBR05)": sum(bool(claim.insurance_type) for claim in exchange.sent),
        "billing identities (2010AA)": len({claim.billed_by for claim in exchange.sent}),
        "claims of more than six lines": sum(len(claim.lines) > LONGEST_SHORT_CLAIM for claim in exchange.sent),
    }


def contradictions(figures: Figures) -> list[str]:
    """Which of the equations that must hold do not."""
    whole = sum(figures[f"{name}_cents"] for name in CHARGED_TO)
    cash = figures["paid_cents"] + figures["suspense_cents"] - figures["plb_cents"]
    claims, encounters = figures["claims"], figures["encounters"]
    equations = {
        f"charged = {' + '.join(CHARGED_TO)}": figures["charged_cents"] == whole,
        "cash = paid + suspense - plb": figures["cash_cents"] == cash,
        "every claim and encounter in one place": set(claims) == set(CLAIM_PLACES)
        and set(encounters) == set(ENCOUNTER_PLACES),
        "no dead letters, nothing unaccounted, ledger at zero": not (
            figures["dead_letters"] or figures["unaccounted"] or figures["ledger_sum_cents"]
        ),
    }
    return [name for name, holds in equations.items() if not holds]


def sample_size(demo: Path) -> int:
    """How many encounters the sample holds: Encounter resources of the bundles, and the hand-written ones."""
    found = 0
    (archive,) = (demo / "synthea").glob("*.tar.xz")
    with tarfile.open(archive) as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is not None and member.name.endswith(".json"):
                found += _visits(json.load(io.TextIOWrapper(content)))
    for path in (demo / "encounters").iterdir():
        text = path.read_text()
        found += len(text.splitlines()) if path.suffix == ".ndjson" else 1
    return found


def _visits(bundle: dict[str, Any]) -> int:
    return sum(entry["resource"]["resourceType"] == "Encounter" for entry in bundle["entry"])


def _encounters(facts: Facts) -> tuple[dict[str, int], int]:
    with_claims = {encounter for encounter, _ in facts.claims.values()}
    places = dict.fromkeys((*ENCOUNTER_PLACES, "lost"), 0)
    for encounter, state in facts.encounters.items():
        if state in places:
            places[state] += 1
        elif encounter in facts.self_pay:
            places["self_pay"] += 1
        else:
            places["with_claims" if encounter in with_claims else "lost"] += 1
    return places, places.pop("lost")


def _coded_synthea(facts: Facts) -> int:
    return sum(
        SYNTHEA in source and facts.encounters[encounter] == "coded" for encounter, source in facts.coded.items()
    )


def _claims(exchange: Exchange, facts: Facts, posted: Posted) -> tuple[dict[str, str], int]:
    """The place of each claim, and how many have none."""
    latest = {claim.number: claim for claim in sorted(exchange.sent, key=lambda each: each.ordinal)}
    quarantined = {payment.number for one in exchange.remittances.quarantined for payment in one.payments}
    places: dict[str, str] = {}
    for number, (_, state) in facts.claims.items():
        if number in quarantined:
            places[number] = "quarantined"
        elif number in posted.voided:
            places[number] = "voided"
        elif number in posted.decided:
            places[number] = posted.balances[number].place
        elif number in posted.first:
            places[number] = "taken_back"
        elif state == "held":
            places[number] = "held"
        elif number in latest:
            places[number] = "rejected" if exchange.answers.refuses(latest[number]) else "unanswered"
        elif number in facts.refused_by_us:
            places[number] = "rejected"
    lost = len(facts.claims) - len(places) + len(set(latest) - set(facts.claims))
    return places, lost


def _money(exchange: Exchange, facts: Facts, posted: Posted) -> dict[str, int]:
    balances = posted.balances.values()
    primary = {
        claim.number: claim
        for claim in sorted(exchange.sent, key=lambda each: each.ordinal)
        if claim.sequence == "P" and claim.number not in posted.voided
    }
    zero = Decimal(0)
    latest_lines = [number for claim in primary.values() for number in claim.lines]
    return {
        "charged_cents": cents(sum((each.charged for each in balances), zero)),
        **{
            f"{name}_cents": cents(sum((getattr(each, ours) for each in balances), zero))
            for name, ours in CHARGED_TO.items()
        },
        "cash_cents": cents(posted.cash),
        "suspense_cents": cents(posted.suspense),
        "plb_cents": cents(sum(posted.provider.values(), zero)),
        "plb_by_reason": {
            reason: cents(amount) for reason, amount in posted.provider.items() if facts.provider_accounts
        },
        "expected_allowed_cents": cents(sum((facts.expected.get(number, zero) for number in latest_lines), zero)),
        "expected_paid_cents": cents(sum((facts.expected_paid.get(number, zero) for number in latest_lines), zero)),
        "self_pay_cents": cents(sum(facts.self_pay.values(), zero)),
        "desk_cash_cents": cents(sum(facts.at_desk.values(), zero)),
        "unapplied_cents": cents(sum(facts.at_desk.values(), zero)),
    }
