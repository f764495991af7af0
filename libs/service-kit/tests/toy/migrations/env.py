import sqlalchemy as sa
from alembic import context
from claimstream_kit.migrations import run_migrations

run_migrations(context.config.attributes.get("metadata", sa.MetaData()))
