"""The settings of claim-svc."""

from pathlib import Path

from claimstream_kit import ServiceSettings
from pydantic import Field


class Settings(ServiceSettings):
    """What claim-svc is told beyond what all services are."""

    rulepacks: Path = Field(
        default=Path(__file__).parents[2] / "rulepacks", description="Folder of payer rules: <payer>/pack.yaml"
    )
