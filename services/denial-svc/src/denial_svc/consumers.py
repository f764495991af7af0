"""Which event goes to which handler."""

from functools import partial

from claimstream_kit import Subscription
from claimstream_schemas import ClaimAdjudicated, ClaimDenied, PracticeChanged, PracticeChangedV1

from .domain.catalogue import Catalogue
from .handlers.follow_decision import follow_decision
from .handlers.keep_practice import keep_practice
from .handlers.open_denial import open_denial


def subscriptions(catalogue: Catalogue) -> tuple[Subscription, ...]:
    """What denial-svc hears."""
    return (
        Subscription(PracticeChanged, keep_practice, reads=lambda event: [("payers", (event.practice_id,))]),
        Subscription(PracticeChangedV1, keep_practice, reads=lambda event: [("payers", (event.practice_id,))]),
        Subscription(
            ClaimDenied,
            partial(open_denial, catalogue=catalogue),
            reads=lambda event: [("payers", (event.practice_id,))],
        ),
        Subscription(ClaimAdjudicated, follow_decision),
    )
