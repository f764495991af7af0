"""Which event goes to which handler."""

from claimstream_kit import Subscription
from claimstream_schemas import ClaimSubmitted, PracticeChanged, PracticeChangedV1

from .handlers.keep_practice import keep_practice
from .handlers.queue_submission import queue_submission

SUBSCRIPTIONS = (
    Subscription(PracticeChanged, keep_practice, reads=lambda event: [("practices", (event.practice_id,))]),
    Subscription(PracticeChangedV1, keep_practice, reads=lambda event: [("practices", (event.practice_id,))]),
    Subscription(
        ClaimSubmitted,
        queue_submission,
        reads=lambda event: [("submissions", (event.practice_id, event.submission_id))],
    ),
)
