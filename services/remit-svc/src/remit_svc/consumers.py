"""Which event goes to which handler."""

from claimstream_kit import Subscription
from claimstream_schemas import ClaimAssembled, ClaimSubmitted, EraReceived

from .handlers.enter_charges import enter_charges
from .handlers.expect_payment import expect_payment
from .handlers.stage_remittance import stage_remittance

SUBSCRIPTIONS = (
    Subscription(
        ClaimAssembled, enter_charges, reads=lambda event: [("accounts", (event.practice_id, event.account_id))]
    ),
    Subscription(
        ClaimSubmitted, expect_payment, reads=lambda event: [("accounts", (event.practice_id, event.claim_id))]
    ),
    Subscription(
        EraReceived, stage_remittance, reads=lambda event: [("remittances", (event.practice_id, event.remittance_id))]
    ),
)
