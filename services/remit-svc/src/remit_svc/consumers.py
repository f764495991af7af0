"""Which event goes to which handler."""

from functools import partial

from claimstream_kit import Subscription
from claimstream_schemas import ClaimAssembled, ClaimSubmitted, EraReceived

from .domain.guardrails import Guardrails
from .handlers.enter_charges import enter_charges
from .handlers.expect_payment import expect_payment
from .handlers.stage_remittance import stage_remittance


def subscriptions(guardrails: Guardrails) -> tuple[Subscription, ...]:
    """What remit-svc hears."""
    return (
        Subscription(
            ClaimAssembled,
            partial(enter_charges, guardrails=guardrails),
            reads=lambda event: [("accounts", (event.practice_id, event.account_id))],
        ),
        Subscription(
            ClaimSubmitted, expect_payment, reads=lambda event: [("accounts", (event.practice_id, event.claim_id))]
        ),
        Subscription(
            EraReceived,
            stage_remittance,
            reads=lambda event: [("remittances", (event.practice_id, event.remittance_id))],
        ),
    )
