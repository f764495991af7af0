"""The rates, as what is above and what is below the line.

A claim is clean that was never held before it left, and whose first submission the gateway put into a file. A payer speaks that takes or
refuses claims by 277CA itself. A claim was denied at first when the first decision on what left first refused anything of it.
"""

from decimal import Decimal

from .answers import Answers
from .claims import SentClaim
from .databases import Facts
from .money import Posted, cents

Rate = dict[str, int]


def rates(sent: list[SentClaim], answers: Answers, facts: Facts, posted: Posted) -> dict[str, Rate]:
    """All of them."""
    stopped = (facts.held_at_first | facts.refused_by_us) & set(facts.claims)
    first = {claim.number: claim for claim in sorted(sent, key=lambda each: each.ordinal, reverse=True)}
    tried = [
        claim
        for claim in first.values()
        if claim.ordinal == 1 and (claim.payer in answers.speaking or answers.refuses(claim))
    ]
    refused = [amount for _, amount in posted.first.values() if amount > 0]
    return {
        "clean_claims": _rate(len(facts.claims) - len(stopped), len(facts.claims)),
        "first_pass_acceptance": _rate(sum(map(answers.takes, tried)), len(tried)),
        "denials_by_volume": _rate(len(refused), len(posted.first)),
        "denials_by_dollars": _rate(
            cents(sum(refused, Decimal(0))), cents(sum((charge for charge, _ in posted.first.values()), Decimal(0)))
        ),
    }


def _rate(numerator: int, denominator: int) -> Rate:
    return {"numerator": numerator, "denominator": denominator}
