"""Wires the parts of clearinghouse-gw together; the only file that knows them all."""

from pathlib import Path

from claimstream_kit import Service

from . import __doc__ as story
from . import api
from .consumers import SUBSCRIPTIONS
from .exchange import Exchange
from .mailbox import FolderMailbox
from .settings import Settings
from .store import GatewayUnit
from .tables import metadata

MIGRATIONS = Path(__file__).parent / "migrations"


def build(settings: Settings) -> Service[GatewayUnit]:
    """The service, not yet running."""
    mailbox = FolderMailbox(settings.exchange_dir)
    exchange = Exchange(mailbox, settings)
    return Service(
        name="clearinghouse-gw",
        metadata=metadata,
        migrations=MIGRATIONS,
        unit=GatewayUnit,
        subscriptions=SUBSCRIPTIONS,
        routers=(api.router,),
        tasks=(exchange.transmit, exchange.receive),
        unfinished="SELECT count(*) FROM submissions WHERE state IN ('queued', 'prepared')",
        for_people={"unclaimed set": "SELECT count(*) FROM sets WHERE state = 'unclaimed'"},
        description=story or "",
        state={"mailbox": mailbox, "exchange": exchange},
    )
