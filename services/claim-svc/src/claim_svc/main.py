"""Wires the parts of claim-svc together; the only file that knows them all."""

from functools import partial
from pathlib import Path

from claimstream_kit import Service

from . import __doc__ as story
from . import api
from .code_sets import code_sets
from .consumers import subscriptions
from .practice_store import ContractCache
from .rulebook import Rulebook
from .rulepack_files import load_packs
from .settings import Settings
from .store import ClaimUnit
from .tables import metadata
from .witnessed import TABLES

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service[ClaimUnit]:
    """The service, not yet running."""
    book = Rulebook(load_packs(settings.rulepacks), code_sets())
    return Service(
        name="claim-svc",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=partial(ClaimUnit, contracts=ContractCache()),
        subscriptions=subscriptions(book),
        routers=(api.router,),
        witnessed=TABLES,
        description=story or "",
        state={"book": book},
    )
