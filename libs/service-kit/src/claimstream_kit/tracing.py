"""W3C trace context: one trace from the EHR's request, through every event it causes, to the last of them."""

import re
import secrets
from contextvars import ContextVar
from uuid import UUID

_SHAPE = re.compile(r"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")

current_traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""That of the request being answered; None outside a request."""


def accepted(traceparent: str | None) -> str:
    """The caller's traceparent when it is well-formed, else a new one."""
    if traceparent is not None and _SHAPE.fullmatch(traceparent):
        return traceparent
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child(traceparent: str | None, event_id: UUID) -> str:
    """The same trace with the event as its newest span; a new trace where there is none."""
    trace = accepted(traceparent).split("-")[1] if traceparent else event_id.hex
    return f"00-{trace}-{event_id.hex[:16]}-01"
