"""An encounter is billed in one version, on its claims or as self-pay; what a newer version replaces is withdrawn."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b1111ed00002"
down_revision = "d820f5f57d62"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "billings",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column(
            "encounter_version",
            sa.Integer(),
            nullable=False,
            comment="the newest that came, billed or waiting as a correction",
        ),
        sa.Column("claims", JSONB(), nullable=False, comment="the ids of the claims that stand; none: self-pay"),
        sa.PrimaryKeyConstraint("practice", "encounter_id", name=op.f("pk_billings")),
    )
    op.execute("""
        INSERT INTO billings (practice, encounter_id, encounter_version, claims)
        SELECT c.practice, c.encounter_id,
               greatest(max((c.document->'content'->>'encounter_version')::int), max(w.encounter_version)), jsonb_agg(DISTINCT c.id)
        FROM claims c LEFT JOIN waiting_corrections w ON w.practice = c.practice AND w.claim_id = c.id
        GROUP BY c.practice, c.encounter_id
    """)
    op.execute("""
        INSERT INTO billings (practice, encounter_id, encounter_version, claims)
        SELECT practice, encounter_id, encounter_version, '[]' FROM self_pay_visits ON CONFLICT DO NOTHING
    """)
    op.add_column(
        "self_pay_visits", sa.Column("is_live", sa.Boolean(), nullable=False, server_default=sa.text("true"))
    )
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(op.f("ck_claims_state"), "claims", "state IN ('held', 'released', 'withdrawn')")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(op.f("ck_claims_state"), "claims", "state IN ('held', 'released')")
    op.drop_column("self_pay_visits", "is_live")
    op.drop_table("billings")
