"""A correction of what has left is a row that people see, send and drop; a claim can be voided; lists know where claims stand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "b1111ed00004"
down_revision = "b1111ed00003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "claim_id", sa.Uuid(), nullable=False, comment="of a new claim its future id, of self-pay the encounter's"
        ),
        sa.Column("encounter_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("submission_ordinal", sa.Integer(), nullable=True),
        sa.Column("findings", JSONB(), nullable=False),
        sa.Column("content", JSONB(), nullable=False, comment="what the claim is to become"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('replacement', 'void', 'new_claim', 'self_pay')", name=op.f("ck_corrections_kind")
        ),
        sa.CheckConstraint("origin IN ('encounter', 'person', 'payer', 'denial')", name=op.f("ck_corrections_origin")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'dropped', 'superseded')", name=op.f("ck_corrections_state")
        ),
        sa.PrimaryKeyConstraint("practice", "id", name=op.f("pk_corrections")),
    )
    op.create_index(
        "uq_corrections_open",
        "corrections",
        ["practice", "claim_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'sending')"),
    )
    op.create_index("ix_corrections_practice_state_id", "corrections", ["practice", "state", "id"])
    op.create_index("ix_corrections_practice_encounter_id", "corrections", ["practice", "encounter_id"])
    op.execute("""
        INSERT INTO corrections (practice, id, claim_id, encounter_id, encounter_version, kind, origin, state, reason, actor, findings,
                                 content, created_at, changed_at)
        SELECT DISTINCT ON (w.practice, w.claim_id) w.practice, gen_random_uuid(), w.claim_id, c.encounter_id, w.encounter_version,
               CASE WHEN w.document->'lines' IS NULL OR w.document->'lines' = '[]' THEN 'void' ELSE 'replacement' END, 'encounter',
               'waiting', 'version ' || w.encounter_version || ' of the encounter', 'claim-svc', '[]', w.document, w.since, w.since
        FROM waiting_corrections w JOIN claims c ON c.practice = w.practice AND c.id = w.claim_id
        ORDER BY w.practice, w.claim_id, w.encounter_version DESC
    """)
    op.drop_table("waiting_corrections")
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(
        op.f("ck_claims_state"), "claims", "state IN ('held', 'released', 'withdrawn', 'voided')"
    )
    op.add_column(
        "claims",
        sa.Column("headline", sa.Text(), server_default="unanswered", nullable=False, comment="derived, for lists"),
    )
    op.add_column(
        "claims",
        sa.Column(
            "patient", sa.Text(), server_default="", nullable=False, comment="last and first name without capitals"
        ),
    )
    op.add_column("claims", sa.Column("service_from", sa.Date(), nullable=True))
    op.drop_index("ix_claims_practice_state_id", "claims")
    op.create_index("ix_claims_practice_headline_id", "claims", ["practice", "headline", "id"])
    op.create_index(
        "ix_claims_practice_patient",
        "claims",
        ["practice", "patient"],
        postgresql_ops={"patient": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index("ix_claims_practice_patient", "claims")
    op.drop_index("ix_claims_practice_headline_id", "claims")
    op.create_index("ix_claims_practice_state_id", "claims", ["practice", "state", "id"])
    for name in ("service_from", "patient", "headline"):
        op.drop_column("claims", name)
    op.drop_constraint(op.f("ck_claims_state"), "claims", type_="check")
    op.create_check_constraint(op.f("ck_claims_state"), "claims", "state IN ('held', 'released', 'withdrawn')")
    op.create_table(
        "waiting_corrections",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("encounter_version", sa.Integer(), nullable=False),
        sa.Column("document", JSONB(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("practice", "claim_id", "encounter_version", name=op.f("pk_waiting_corrections")),
    )
    op.drop_table("corrections")
