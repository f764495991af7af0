"""The events of Claimstream, and the values they are made of.

``EVENTS`` is the catalogue: one class per topic and version. JSON Schema files and ``asyncapi.json`` are generated from it.
"""

from .account_changed import AccountChanged, AccountChangedV1
from .audit_sealed import AuditSealed
from .claim_acknowledged import ClaimAcknowledged
from .claim_adjudicated import ClaimAdjudicated
from .claim_assembled import ClaimAssembled
from .claim_denied import ClaimDenied
from .claim_held import ClaimHeld
from .claim_released import ClaimReleased
from .claim_submitted import ClaimSubmitted
from .claim_transmitted import ClaimTransmitted
from .contract_changed import ContractChanged
from .denial_changed import DenialChanged
from .encounter_coded import EncounterCoded
from .encounter_received import EncounterReceived
from .envelope import Envelope, Event, Place
from .era_received import EraReceived
from .file_acknowledged import FileAcknowledged
from .payment_variance import PaymentVariance
from .practice_changed import PracticeChanged, PracticeChangedV1

EVENTS: tuple[type[Event], ...] = (
    PracticeChangedV1,
    AccountChangedV1,
    PracticeChanged,
    ContractChanged,
    EncounterReceived,
    EncounterCoded,
    ClaimAssembled,
    ClaimHeld,
    ClaimReleased,
    ClaimSubmitted,
    ClaimTransmitted,
    FileAcknowledged,
    ClaimAcknowledged,
    EraReceived,
    ClaimAdjudicated,
    ClaimDenied,
    AccountChanged,
    PaymentVariance,
    DenialChanged,
    AuditSealed,
)

EVENT_BY_TYPE: dict[str, type[Event]] = {event.event_type(): event for event in EVENTS}

EVENT_BY_TOPIC: dict[str, type[Event]] = {event.topic: event for event in sorted(EVENTS, key=lambda each: each.version)}
"""The newest version of each topic's event."""

__all__ = [
    "EVENTS",
    "EVENT_BY_TOPIC",
    "EVENT_BY_TYPE",
    "AccountChanged",
    "AccountChangedV1",
    "AuditSealed",
    "ClaimAcknowledged",
    "ClaimAdjudicated",
    "ClaimAssembled",
    "ClaimDenied",
    "ClaimHeld",
    "ClaimReleased",
    "ClaimSubmitted",
    "ClaimTransmitted",
    "ContractChanged",
    "DenialChanged",
    "EncounterCoded",
    "EncounterReceived",
    "Envelope",
    "EraReceived",
    "Event",
    "FileAcknowledged",
    "PaymentVariance",
    "Place",
    "PracticeChanged",
    "PracticeChangedV1",
]
