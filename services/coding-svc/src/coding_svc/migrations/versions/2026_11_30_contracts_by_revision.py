"""Contracts are told by themselves: which revision of each was told last."""

import sqlalchemy as sa
from alembic import op

revision = "2026_12_01_contracts"
down_revision = "2026_12_01_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contracts",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="as it was told last"),
        sa.Column(
            "digest",
            sa.LargeBinary(),
            nullable=True,
            comment="of its fee schedules; NULL: the practice has it no more",
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_contracts_revision")),
        sa.PrimaryKeyConstraint("practice", "id", name=op.f("pk_contracts")),
    )


def downgrade() -> None:
    op.drop_table("contracts")
