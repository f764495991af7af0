"""The settings of remit-svc."""

from pathlib import Path

from claimstream_kit import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """What remit-svc is told beyond what all services are."""

    guardrails: Path = Field(
        default=Path(__file__).parent / "guardrails.toml", description="Adjustments that never open a denial"
    )
