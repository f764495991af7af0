"""Wires the parts of remit-svc together; the only file that knows them all."""

from pathlib import Path

from claimstream_kit import Service

from . import __doc__ as story
from . import api
from .consumers import subscriptions
from .guardrail_file import load_guardrails
from .posting import Posting
from .settings import Settings
from .store import RemitUnit
from .tables import metadata
from .witnessed import TABLES

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service[RemitUnit]:
    """The service, not yet running."""
    guardrails = load_guardrails(settings.guardrails)
    posting = Posting(guardrails)
    return Service(
        name="remit-svc",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=RemitUnit,
        subscriptions=subscriptions(guardrails),
        routers=(api.router,),
        tasks=(posting.run,),
        witnessed=TABLES,
        unfinished="SELECT count(*) FROM remittances WHERE state = 'staged' AND chunks_here = chunks",
        for_people={
            "quarantined set": "SELECT count(*) FROM remittances WHERE state = 'quarantined'",
            "set in conflict": "SELECT count(*) FROM remittances WHERE state = 'conflict'",
        },
        description=story or "",
        state={"posting": posting, "guardrails": guardrails},
    )
