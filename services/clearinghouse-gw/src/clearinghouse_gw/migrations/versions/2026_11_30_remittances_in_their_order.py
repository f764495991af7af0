"""Remittances are numbered as they were received, and know which earlier ones name their claims."""

import sqlalchemy as sa
from alembic import op

revision = "f11e50000004"
down_revision = "f11e50000003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "remittance_numbers",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="the place of the practice's latest remittance among all of its own"),
        sa.PrimaryKeyConstraint("practice", name=op.f("pk_remittance_numbers")),
    )
    op.create_table(
        "named_claims",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("payer", sa.Text(), nullable=False, comment="the payer's id in the 835, else TRN03"),
        sa.Column("control_number", sa.Text(), nullable=False, comment="CLP01: of a claim that we sent"),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="of the latest remittance of this payer that names the claim"),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("practice", "payer", "control_number", name=op.f("pk_named_claims")),
    )


def downgrade() -> None:
    op.drop_table("named_claims")
    op.drop_table("remittance_numbers")
