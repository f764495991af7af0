"""Wires the parts of denial-svc together; the only file that knows them all."""

from pathlib import Path

from claimstream_kit import Service

from . import __doc__ as story
from . import api
from .catalogue_file import load_catalogue
from .consumers import subscriptions
from .settings import Settings
from .store import DenialUnit
from .tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service[DenialUnit]:
    """The service, not yet running."""
    return Service(
        name="denial-svc",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=DenialUnit,
        subscriptions=subscriptions(load_catalogue(settings.catalogue)),
        routers=(api.router,),
        description=story or "",
    )
