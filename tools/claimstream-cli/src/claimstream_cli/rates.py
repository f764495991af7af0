"""The demo's rates, each as numerator and denominator: rates of several runs are pooled by adding both, never by averaging quotients."""

from .facts import Facts, Row, cents

Rate = dict[str, int]


def rates_of(facts: Facts) -> dict[str, Rate]:
    """All rates. ``docs/figures.md`` says what is counted above and below the line."""
    return {
        "clean_claims": _clean_claims(facts),
        "first_pass_acceptance": _first_pass_acceptance(facts),
        **_denials(facts),
    }


def _rate(numerator: int, denominator: int) -> Rate:
    return {"numerator": numerator, "denominator": denominator}


def _first(facts: Facts) -> dict[str, Row]:
    """What left first of each claim, or was to: our own guide check refuses some before they are in a file."""
    newest_first = sorted(facts.submissions, key=lambda row: -row["ordinal"])
    return {row["claim_id"]: row for row in newest_first}


def _clean_claims(facts: Facts) -> Rate:
    """A claim that a rule held was mended, or let pass, by a person; one that the guide check refused will be."""
    refused_by_us = {
        claim for claim, row in _first(facts).items() if row["state"] == "rejected" and row["file_name"] is None
    }
    clean = [row for row in facts.claims if not row["was_held"] and row["claim_id"] not in refused_by_us]
    return _rate(len(clean), len(facts.claims))


def _first_pass_acceptance(facts: Facts) -> Rate:
    speaking = {row["payer_id"] for row in facts.submissions if row["is_answered_by_payer"]}
    tried = [
        row
        for row in _first(facts).values()
        if row["file_name"] is not None and (row["payer_id"] in speaking or row["state"] == "rejected")
    ]
    return _rate(sum(bool(row["is_accepted"]) for row in tried), len(tried))


def _denials(facts: Facts) -> dict[str, Rate]:
    decided = [row["first_decision"] for row in facts.accounts if row["first_decision"] is not None]
    charged, denied = ([cents(each[name]) for each in decided] for name in ("charge", "denied"))
    return {
        "denials_by_volume": _rate(sum(amount > 0 for amount in denied), len(decided)),
        "denials_by_dollars": _rate(sum(denied), sum(charged)),
    }
