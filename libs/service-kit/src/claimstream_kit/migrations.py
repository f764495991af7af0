"""Alembic for services: ``migrate`` upgrades, ``env.py`` of each service calls ``run_migrations``."""

import asyncio
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Column, Connection, MetaData, Text, pool
from sqlalchemy.ext.asyncio import create_async_engine

LOCK = 0x6D696772  # "migr": two replicas that migrate at once do so one after the other


def alembic_config(folder: Path, url: str) -> Config:
    """Alembic's configuration for a service's ``migrations`` folder."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.attributes["url"] = url
    return config


def migrate(folder: Path, url: str) -> None:
    """Upgrade a database to the newest revision."""
    command.upgrade(alembic_config(folder, url), "head")


def run_migrations(metadata: MetaData) -> None:
    """For ``migrations/env.py``: run what Alembic was asked for, with a lock timeout, so that a busy table is not blocked for long."""
    url = str(context.config.attributes["url"]).replace("postgresql://", "postgresql+asyncpg://", 1)

    def run(connection: Connection) -> None:
        context.configure(
            connection=connection, target_metadata=metadata, compare_type=True, transaction_per_migration=True
        )
        with context.begin_transaction():
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            context.run_migrations()

    async def connect() -> None:
        engine = create_async_engine(url, poolclass=pool.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(run)
            await connection.commit()
        await engine.dispose()

    asyncio.run(connect())


def differences(metadata: MetaData, url: str) -> list[object]:
    """What Alembic would still change to make a database like the tables; empty when the migrations are complete."""
    from alembic.autogenerate import compare_metadata  # noqa: PLC0415  only tests compare
    from alembic.migration import MigrationContext  # noqa: PLC0415

    found: list[object] = []

    def compare(connection: Connection) -> None:
        found.extend(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    async def connect() -> None:
        engine = create_async_engine(url.replace("postgresql://", "postgresql+asyncpg://", 1), poolclass=pool.NullPool)
        async with engine.connect() as connection:
            await connection.run_sync(compare)
        await engine.dispose()

    asyncio.run(connect())
    return found


def add_aggregate_to_dead_letters() -> None:
    """One step of the kit's own tables, for each service's migrations: what a dead letter's key is an id of."""
    comment = "NULL: kept before letters named it, its topic tells"
    op.add_column("dead_letters", Column("aggregate", Text(), nullable=True, comment=comment))


def drop_aggregate_from_dead_letters() -> None:
    """The way back."""
    op.drop_column("dead_letters", "aggregate")
