"""Wires the parts of coding-svc together."""

from pathlib import Path

from claimstream_codesets import open_code_sets
from claimstream_kit.service import Service

from .api import coder_queue, encounters, practices
from .encoder import encoder
from .settings import Settings
from .store import CodingUnit
from .tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service[CodingUnit]:
    """Coding-svc with its settings."""
    sets = open_code_sets()
    return Service(
        name="coding-svc",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=CodingUnit,
        routers=(encounters.router, coder_queue.router, practices.router),
        tasks=(encoder(sets, batch=settings.coding_batch),),
        unfinished="SELECT count(*) FROM coding_work",
        description="A visit becomes codes and charges: intake of encounters, the encoder, the coder's queue, the practice.",
        state={"code_sets": sets, "most_encounters": settings.most_encounters},
    )
