"""The settings of clearinghouse-gw."""

from pathlib import Path

from claimstream_kit import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """What the gateway is told beyond what all services are."""

    exchange_dir: Path = Field(description="Folder that holds outbound/, inbound/ and archive/")
    batch_seconds: float = Field(
        default=1.0, gt=0, le=3600, description="How long submissions gather before a file is made"
    )
    poll_seconds: float = Field(default=0.25, gt=0, le=60, description="How often the inbound folder is looked at")
    look_again_seconds: float = Field(
        default=2.0,
        ge=0,
        le=3600,
        description="How often inbound files that were taken are looked at: one may be new under its old name",
    )
    largest_file: int = Field(
        default=512 << 20,
        ge=1,
        description="Bytes of the largest inbound file that is read; a larger one is refused unread",
    )
    claims_per_file: int = Field(default=500, ge=1, le=5000)
    claims_per_set: int = Field(
        default=100, ge=1, le=5000, description="A 999 refuses a set whole, so a set is kept small"
    )
    usage: str = Field(default="P", pattern="^[PT]$", description="ISA15: P production, T test")
