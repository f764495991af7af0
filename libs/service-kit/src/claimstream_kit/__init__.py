"""What each Claimstream service needs and no business knows.

A unit per batch, outbox and relay, inbox, waiting events, dead letters, the audit chain, tokens, problems, the clock, health and
metrics. ``libs/service-kit/README.md`` shows a service built on it.
"""

from .clock import Clock, FixedClock, OffsetClock
from .collection import Collection, Journal, service_metadata
from .consuming import Subscription
from .database import Database, Row
from .errors import Conflict, Forbidden, Invalid, NotFound, Refusal, WaitsFor
from .service import Running, Service
from .settings import ServiceSettings
from .unit import Unit

__all__ = [
    "Clock",
    "Collection",
    "Conflict",
    "Database",
    "FixedClock",
    "Forbidden",
    "Invalid",
    "Journal",
    "NotFound",
    "OffsetClock",
    "Refusal",
    "Row",
    "Running",
    "Service",
    "ServiceSettings",
    "Subscription",
    "Unit",
    "WaitsFor",
    "service_metadata",
]
