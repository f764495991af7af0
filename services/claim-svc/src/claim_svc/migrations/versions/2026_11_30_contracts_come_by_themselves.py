"""Contracts come by themselves, in revisions of their own; a practice names the revision of each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b1111ed00006"
down_revision = "b1111ed00005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column(
            "is_complete",
            sa.Boolean(),
            nullable=False,
            comment="all its chunks have come; it never changes from then on",
        ),
        sa.Column("document", JSONB(), nullable=False, comment="the terms of each chunk"),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_contracts_revision")),
        sa.PrimaryKeyConstraint("practice", "id", "revision", name=op.f("pk_contracts")),
    )
    op.add_column(
        "practices",
        sa.Column(
            "contracts", JSONB(), nullable=False, server_default="{}", comment="the revision of each that it names"
        ),
    )


def downgrade() -> None:
    op.drop_column("practices", "contracts")
    op.drop_table("contracts")
