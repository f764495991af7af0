"""Credits are found without a search through the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "c4ed17000002"
down_revision = "b0a1a9ce0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_entries_credit",
        "entries",
        ["practice", "account_id"],
        postgresql_where=sa.text("account = 'receivable.credit'"),
    )


def downgrade() -> None:
    op.drop_index("ix_entries_credit", "entries")
