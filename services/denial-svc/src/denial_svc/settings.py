"""The settings of denial-svc."""

from pathlib import Path

from claimstream_kit import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """What denial-svc is told beyond what all services are."""

    catalogue: Path = Field(
        default=Path(__file__).parents[2] / "playbooks" / "catalogue.toml",
        description="Causes and routes by CARC and RARC",
    )
