"""An 835 set whose payee is nobody we know waits for a person, with what it says of the payment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "f11e50000005"
down_revision = "f11e50000004"
branch_labels = None
depends_on = None

_UNCLAIMED = sa.text("state = 'unclaimed'")


def upgrade() -> None:
    op.add_column("sets", sa.Column("payment", JSONB, nullable=True, comment="of an unclaimed set: who pays whom, how much and when"))
    op.drop_constraint(op.f("ck_sets_state"), "sets")
    op.create_check_constraint(op.f("ck_sets_state"), "sets", "state IN ('processed', 'duplicate', 'refused', 'unclaimed')")
    op.create_index("ix_sets_unclaimed", "sets", ["kind", "digest"], postgresql_where=_UNCLAIMED)
    op.create_index("ix_sets_unclaimed_place", "sets", ["practice", "file_id", "number"], postgresql_where=_UNCLAIMED)


def downgrade() -> None:
    op.drop_index("ix_sets_unclaimed_place", table_name="sets", postgresql_where=_UNCLAIMED)
    op.drop_index("ix_sets_unclaimed", table_name="sets", postgresql_where=_UNCLAIMED)
    op.execute("UPDATE sets SET state = 'refused' WHERE state = 'unclaimed'")
    op.drop_constraint(op.f("ck_sets_state"), "sets")
    op.create_check_constraint(op.f("ck_sets_state"), "sets", "state IN ('processed', 'duplicate', 'refused')")
    op.drop_column("sets", "payment")
