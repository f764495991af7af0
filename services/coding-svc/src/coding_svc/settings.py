"""What coding-svc is told from outside."""

from claimstream_kit.settings import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """The shared settings and coding-svc's own."""

    coding_batch: int = Field(default=200, ge=1, le=500, description="Encounters that the encoder takes at once")
    most_encounters: int = Field(default=5000, ge=1, le=50_000, description="Most encounters in one request")
