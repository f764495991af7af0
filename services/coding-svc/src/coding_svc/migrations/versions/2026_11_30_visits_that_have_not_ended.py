"""Visits that have not ended wait; what people answer is kept with the version; a location is asked about once."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "2026_11_30_visits"
down_revision = "2026_11_23_encounters"
branch_labels = None
depends_on = None

_STATES = "'received', 'unfinished', 'awaiting_coder', 'coded', 'not_billable'"


def upgrade() -> None:
    op.add_column("encounters", sa.Column("answers", JSONB(), nullable=True))
    op.drop_constraint(op.f("ck_encounters_state"), "encounters", type_="check")
    op.create_check_constraint(op.f("ck_encounters_state"), "encounters", f"state IN ({_STATES})")
    op.create_table(
        "remembered_places",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("place_of_service", sa.Text(), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IS NOT NULL OR place_of_service IS NOT NULL", name=op.f("ck_remembered_places_told")
        ),
        sa.PrimaryKeyConstraint("practice", "location", name=op.f("pk_remembered_places")),
    )


def downgrade() -> None:
    op.drop_table("remembered_places")
    op.drop_constraint(op.f("ck_encounters_state"), "encounters", type_="check")
    op.execute("UPDATE encounters SET state = 'awaiting_coder' WHERE state = 'unfinished'")
    op.create_check_constraint(
        op.f("ck_encounters_state"), "encounters", "state IN ('received', 'awaiting_coder', 'coded', 'not_billable')"
    )
    op.drop_column("encounters", "answers")
