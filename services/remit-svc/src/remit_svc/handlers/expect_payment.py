"""A claim was submitted: from now on a payer's decision about it is awaited."""

from claimstream_kit import WaitsFor
from claimstream_schemas import ClaimSubmitted

from ..events import submission_facts
from ..store import RemitUnit


async def expect_payment(event: ClaimSubmitted, unit: RemitUnit) -> None:
    """Keep what was submitted and what the contract led us to expect."""
    account = await unit.accounts.get(event.practice_id, event.claim_id)
    if account is None:
        raise WaitsFor(f"account/{event.practice_id}/{event.claim_id}")
    unit.accounts.put(account.submitted(submission_facts(event, unit.clock.today())))
