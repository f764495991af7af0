"""audit.sealed."""

from datetime import datetime
from typing import ClassVar

from pydantic import Field

from .envelope import Event


class AuditSealed(Event):
    """A signed head of one service's audit chain. It belongs to the service, so its practice is ``claimstream``."""

    topic: ClassVar[str] = "audit.sealed"
    aggregate: ClassVar[str] = "service"
    key_field: ClassVar[str] = "service"

    service: str
    head_seq: int = Field(ge=0)
    head_hash: str = Field(description="Hexadecimal SHA-256 of the chain up to head_seq")
    key_id: str
    signature: str = Field(description="Ed25519 over service, head_seq and head_hash, base64")
    sealed_at: datetime
