"""A warning lets a claim leave: how many each has is counted. What a self-pay patient paid at the desk is known."""

import sqlalchemy as sa
from alembic import op

revision = "b1111ed00003"
down_revision = "b1111ed00002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "claims",
        sa.Column(
            "warnings",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="how many it leaves or left with",
        ),
    )
    op.add_column(
        "self_pay_visits",
        sa.Column(
            "patient_paid_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment="at the desk"
        ),
    )


def downgrade() -> None:
    op.drop_column("self_pay_visits", "patient_paid_cents")
    op.drop_column("claims", "warnings")
