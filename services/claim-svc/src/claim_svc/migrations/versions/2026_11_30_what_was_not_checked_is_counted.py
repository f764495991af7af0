"""A claim tells by which tables it was not checked, since they are not loaded: counted, never passed."""

import sqlalchemy as sa
from alembic import op

revision = "b1111ed00007"
down_revision = "b1111ed00006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "claims",
        sa.Column(
            "unchecked",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="tables that are not loaded and would have judged it, a bit each: NCCI, MUE, global days, Excludes1, sex and age",
        ),
    )


def downgrade() -> None:
    op.drop_column("claims", "unchecked")
