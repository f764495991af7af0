"""An account knows what its patient paid at the desk."""

import sqlalchemy as sa
from alembic import op

revision = "de5c00000003"
down_revision = "c4ed17000002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts",
        sa.Column(
            "patient_paid_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False, comment="at the desk"
        ),
    )


def downgrade() -> None:
    op.drop_column("accounts", "patient_paid_cents")
