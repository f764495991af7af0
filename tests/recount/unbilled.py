"""What was served and is on no payer's desk: visits that wait for a coder, and claims that a rule holds. Patients still in are neither."""

from collections.abc import Iterable
from decimal import Decimal

from .databases import Facts
from .money import cents

Worth = dict[str, int]


def not_final_billed(facts: Facts, held: Iterable[str]) -> dict[str, Worth | dict[str, Worth]]:
    """Before the final bill (DNFB), held by edits (FBNS; `held` are their CLM01), and both (DNSP). No bill waits for days to pass."""
    billed = {encounter for encounter, _ in facts.claims.values()} | set(facts.self_pay)
    waiting = _worth(charge for encounter, charge in facts.uncoded_charges.items() if encounter not in billed)
    by_edits = _worth(facts.on_books[number] for number in held)
    return {
        "dnfb": {"awaiting_coder": waiting, "bill_hold": _worth(())},
        "held_by_edits": by_edits,
        "dnsp": {name: waiting[name] + by_edits[name] for name in waiting},
    }


def _worth(charges: Iterable[Decimal | None]) -> Worth:
    all_of_them = list(charges)
    priced = [charge for charge in all_of_them if charge is not None]
    return {
        "count": len(all_of_them),
        "cents": cents(sum(priced, Decimal(0))),
        "unpriced": len(all_of_them) - len(priced),
    }
