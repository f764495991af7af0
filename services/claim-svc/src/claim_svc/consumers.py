"""Which event goes to which handler."""

from functools import partial

from claimstream_kit import Subscription
from claimstream_schemas import (
    ClaimAcknowledged,
    ClaimAdjudicated,
    ClaimTransmitted,
    ContractChanged,
    EncounterCoded,
    FileAcknowledged,
    PracticeChanged,
    PracticeChangedV1,
)

from .handlers import (
    assemble_claim,
    bill_next_payer,
    keep_contract,
    keep_practice,
    record_acknowledgment,
    record_transmission,
)
from .rulebook import Rulebook


def subscriptions(book: Rulebook) -> tuple[Subscription, ...]:
    """What claim-svc hears."""
    return (
        Subscription(
            PracticeChanged, keep_practice.keep_practice, reads=lambda event: [("practices", (event.practice_id,))]
        ),
        Subscription(
            PracticeChangedV1,
            keep_practice.keep_whole_practice,
            reads=lambda event: [("practices", (event.practice_id,))],
        ),
        Subscription(
            ContractChanged,
            keep_contract.keep_contract,
            reads=lambda event: [("contract_revisions", (event.practice_id, event.contract_id, event.revision))],
        ),
        Subscription(
            EncounterCoded,
            partial(assemble_claim.assemble_claim, book=book),
            reads=assemble_claim.reads,
        ),
        Subscription(
            ClaimTransmitted,
            record_transmission.record_transmission,
            reads=lambda event: [("submissions", (event.practice_id, event.submission_id))],
        ),
        Subscription(
            FileAcknowledged,
            record_transmission.record_file_answer,
            reads=lambda event: [("submissions", (event.practice_id, each.submission_id)) for each in event.claims],
        ),
        Subscription(
            ClaimAcknowledged,
            partial(record_acknowledgment.record_acknowledgment, book=book),
            reads=record_acknowledgment.reads,
        ),
        Subscription(
            ClaimAdjudicated,
            partial(bill_next_payer.bill_next_payer, book=book),
            reads=lambda event: [
                ("practices", (event.practice_id,)),
                ("claims", (event.practice_id, event.claim_id)),
            ],
        ),
    )
