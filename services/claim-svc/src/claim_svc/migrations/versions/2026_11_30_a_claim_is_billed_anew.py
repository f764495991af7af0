"""A claim may be voided and billed anew; a replacement that is refused gives back what the claim said before."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b1111ed00008"
down_revision = "b1111ed00007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "corrections", sa.Column("replaced", JSONB(), nullable=True, comment="what the claim said before it left")
    )
    op.drop_constraint(op.f("ck_corrections_kind"), "corrections")
    op.create_check_constraint(
        op.f("ck_corrections_kind"), "corrections", "kind IN ('replacement', 'void', 'rebill', 'next_payers', 'new_claim', 'self_pay')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_corrections_kind"), "corrections")
    op.create_check_constraint(
        op.f("ck_corrections_kind"), "corrections", "kind IN ('replacement', 'void', 'new_claim', 'self_pay')"
    )
    op.drop_column("corrections", "replaced")
