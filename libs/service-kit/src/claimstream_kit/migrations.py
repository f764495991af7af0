"""Alembic for services: ``migrate`` upgrades, ``env.py`` of each service calls ``run_migrations``."""

import asyncio
from functools import partial
from pathlib import Path

import asyncpg
from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, pool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .kit_v1 import TABLES_MADE
from .rights import give_the_service_its_rights

LOCK = 0x6D696772  # "migr": two replicas that migrate at once do so one after the other


def alembic_config(folder: Path, url: str) -> Config:
    """Alembic's configuration for a service's ``migrations`` folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    return config


def migrate(folder: Path, url: str, *, seconds: float = 3600.0) -> None:
    """Upgrade a database to the newest revision; ``seconds``: what a statement of it may take."""
    config = alembic_config(folder, url)
    config.attributes["seconds"] = seconds
    command.upgrade(config, "head")


def run_migrations(metadata: MetaData) -> None:
    """For ``migrations/env.py``: run what Alembic was asked for, with a lock timeout, so that a busy table is not blocked for long."""
    url = str(context.config.attributes["url"])

    def run(connection: Connection) -> None:
        context.configure(
            connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True
        )
        with context.begin_transaction():
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.exec_driver_sql(
                f"SET statement_timeout = {round(context.config.attributes.get('seconds', 3600.0) * 1000)}"
            )
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.run_migrations()
            give_the_service_its_rights(connection, metadata)

    async def connect() -> None:
        engine = _engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
        await engine.dispose()

    asyncio.run(connect())


def _engine(url: str) -> AsyncEngine:
    """Asyncpg reads the address itself: SQLAlchemy knows nothing of what it says of TLS."""
    return create_async_engine(
        "postgresql+asyncpg://", poolclass=pool.NullPool, async_creator=partial(asyncpg.connect, url)
    )


def differences(metadata: MetaData, url: str) -> list[object]:
    """What Alembic would still change to make a database like the tables; empty when the migrations are complete."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  only tests compare
    from alembic.migration import MigrationContext  # noqa: PLC0415

    found: list[object] = []

    def compare(connection: Connection) -> None:
        options = {"compare_type": True, "include_object": _is_the_services_own}
        found.extend(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))

    async def connect() -> None:
        engine = _engine(url)
        async with engine.connect() as connection:
            await connection.run_sync(compare)
        await engine.dispose()

    asyncio.run(connect())
    return found


def _is_the_services_own(_object: object, name: str | None, kind: str, *_: object) -> bool:
    """The kit's tables, and the days of its payloads, are in no metadata: `kit_v1.py` alone says what they are."""
    is_kits = name is not None and (name in TABLES_MADE or name.startswith("outbox_payloads_"))
    return not (kind == "table" and is_kits)
