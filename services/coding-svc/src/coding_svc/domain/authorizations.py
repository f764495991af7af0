"""Prior authorisations: an institutional claim holds one (REF*G1), whichever of its lines the EHR names it on."""

from claimstream_schemas.values.encounter import ChargeLine, VisitFacts

from .answers import Answers
from .asking import Asked
from .visit import Visit


def facts_of(visit: Visit, lines: tuple[ChargeLine, ...], answers: Answers) -> tuple[VisitFacts, tuple[Asked, ...]]:
    """The visit's facts with its authorisation, and what must be asked of it."""
    facts = visit.facts
    if answers.prior_authorization:
        return facts.model_copy(update={"prior_authorization": answers.prior_authorization}), ()
    if visit.kind.has_line_authorization:
        return facts, ()
    named = dict.fromkeys([facts.prior_authorization, *(line.prior_authorization for line in lines)])
    numbers = [number for number in named if number]
    if len(numbers) > 1:
        detail = f"{len(numbers)} different prior authorisations; an institutional claim holds one"
        return facts, (Asked(question="authorization", detail=detail),)
    if numbers and facts.prior_authorization is None:
        facts = facts.model_copy(update={"prior_authorization": numbers[0]})
    return facts, ()
