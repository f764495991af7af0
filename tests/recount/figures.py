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
from .money import Balance, Posted, post
from .remittances import SortedSets, sort_remittances
from .segments import read_folder

SYNTHEA = "synthea"
LONGEST_SHORT_CLAIM = 6

ENCOUNTER_PLACES = ("not_billable", "unfinished", "awaiting_coder", "self_pay", "with_claims")
CLAIM_PLACES = (
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
    claims, lost_claims = _claims(exchange, facts, posted)
    encounters, lost_encounters = _encounters(facts)
    numbers = [(claim.number, claim.ordinal) for claim in exchange.sent]
    twice = len(numbers) - len(set(numbers))
    unlike = len(set(numbers) ^ facts.told) + abs(len(numbers) - facts.kept_as_sent)
    return {
        "encounters": encounters,
        "coded_synthea": _coded_synthea(facts),
        "claims": claims,
        "submitted": len(exchange.sent),
        "accepted": sum(map(exchange.answers.takes, exchange.sent)),
        "adjudicated": len(posted.decided),
        **_money(exchange, facts, posted),
        "denial_cases": facts.denial_cases,
        "quarantined_sets": len(exchange.remittances.quarantined),
        "duplicate_sets": len(exchange.remittances.copies),
        "dead_letters": facts.dead_letters,
        "unaccounted": lost_encounters
        + lost_claims
        + twice
        + unlike
        + facts.unsettled_sets
        + abs(given - len(facts.encounters))
        + abs(posted.cases_opened - facts.denial_cases),
        "ledger_sum_cents": facts.ledger_cents,
        "seconds": facts.seconds,
    }


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
    whole = sum(figures[f"{name}_cents"] for name in ("paid", "adjusted", "patient", "denied", "open"))
    cash = figures["paid_cents"] + figures["suspense_cents"] - figures["plb_cents"]
    claims, encounters = figures["claims"], figures["encounters"]
    equations = {
        "charged = paid + adjusted + patient + denied + open": figures["charged_cents"] == whole,
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


def _claims(exchange: Exchange, facts: Facts, posted: Posted) -> tuple[dict[str, int], int]:
    latest = {claim.number: claim for claim in sorted(exchange.sent, key=lambda each: each.ordinal)}
    quarantined = {payment.number for one in exchange.remittances.quarantined for payment in one.payments}
    places = dict.fromkeys((*CLAIM_PLACES, "lost"), 0)
    for number, (_, state) in facts.claims.items():
        if number in quarantined:
            place = "quarantined"
        elif number in posted.voided:
            place = "voided"
        elif number in posted.decided:
            place = _decision(posted.balances[number])
        elif state == "held":
            place = "held"
        elif number not in latest:
            place = "lost"
        else:
            place = "rejected" if exchange.answers.refuses(latest[number]) else "unanswered"
        places[place] += 1
    lost = places.pop("lost") + len(set(latest) - set(facts.claims))
    return places, lost


def _decision(balance: Balance) -> str:
    if balance.paid > 0:
        return "partially_paid" if balance.denied > 0 else "paid"
    return "denied" if balance.denied > 0 else "zero_expected"


def _money(exchange: Exchange, facts: Facts, posted: Posted) -> dict[str, int]:
    balances = posted.balances.values()
    primary = {
        claim.number: claim
        for claim in sorted(exchange.sent, key=lambda each: each.ordinal)
        if claim.sequence == "P" and claim.number not in posted.voided
    }
    zero = Decimal(0)
    return {
        "charged_cents": _cents(sum((each.charged for each in balances), zero)),
        "paid_cents": _cents(sum((each.paid for each in balances), zero)),
        "adjusted_cents": _cents(sum((each.adjusted for each in balances), zero)),
        "patient_cents": _cents(sum((each.patient for each in balances), zero)),
        "denied_cents": _cents(sum((each.denied for each in balances), zero)),
        "open_cents": _cents(sum((each.open for each in balances), zero)),
        "cash_cents": _cents(posted.cash),
        "suspense_cents": _cents(posted.suspense),
        "plb_cents": _cents(posted.provider),
        "self_pay_cents": _cents(sum(facts.self_pay.values(), zero)),
        "desk_cash_cents": _cents(sum(facts.at_desk.values(), zero)),
        "unapplied_cents": _cents(sum(facts.at_desk.values(), zero)),
        "expected_cents": _cents(
            sum((facts.expected.get(number, zero) for claim in primary.values() for number in claim.lines), zero)
        ),
    }


def _cents(amount: Decimal) -> int:
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} is no whole number of cents")
    return int(cents)
