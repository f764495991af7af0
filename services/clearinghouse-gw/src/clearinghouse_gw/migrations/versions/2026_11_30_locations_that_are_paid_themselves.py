"""A location that bills itself is paid under its own numbers: the gateway knows them as the practice's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "f11e50000003"
down_revision = "f11e50000002"
branch_labels = None
depends_on = None

_COLUMNS = ("location_npis", "location_tins")


def upgrade() -> None:
    for name in _COLUMNS:
        comment = "of locations that bill themselves"
        op.add_column("practices", sa.Column(name, JSONB, nullable=False, server_default="[]", comment=comment))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("practices", name)
