"""Remittances know their order and the cause of their quarantine, payments what stands of them, provider adjustments have rows of their own."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "de5c00000005"
down_revision = "de5c00000004"
branch_labels = None
depends_on = None

NOT_POSTED = "it could not be posted: "
"""How an earlier release began the reason of a set that balances and is quarantined all the same."""


def upgrade() -> None:
    _accounts()
    _remittances()
    _payments()
    op.create_table(
        "provider_adjustments",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="position in the set, from 1"),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("fiscal_period", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, comment="PLB03-1"),
        sa.Column("reference", sa.Text(), nullable=True, comment="PLB03-2"),
        sa.Column("cents", sa.BigInteger(), nullable=False, comment="positive lowers the payment"),
        sa.Column("account", sa.Text(), nullable=False, comment="where it stands on the ledger"),
        sa.Column("claim_id", sa.Uuid(), nullable=True, comment="the claim that its reference names"),
        sa.Column("refers_to", sa.Uuid(), nullable=True, comment="the remittance that its reference names"),
        sa.PrimaryKeyConstraint("practice", "remittance_id", "number", name=op.f("pk_provider_adjustments")),
    )


def _accounts() -> None:
    op.add_column("accounts", sa.Column("charged_cents", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.execute(
        "UPDATE accounts SET charged_cents ="
        " coalesce((SELECT sum((charge->>'cents')::bigint) FROM jsonb_array_elements(document->'charges') AS charge), 0)"
    )
    op.create_index("ix_accounts_practice_charged_cents", "accounts", ["practice", "charged_cents"])


def _remittances() -> None:
    op.add_column(
        "remittances",
        sa.Column(
            "received_number",
            sa.BigInteger(),
            nullable=True,
            comment="place among the practice's, as they were received",
        ),
    )
    for name, comment in (("follows", "are posted before it"), ("passed", "of those, not posted when it was")):
        column = sa.Column(name, JSONB(), server_default=sa.text("'[]'"), nullable=False, comment=comment)
        op.add_column("remittances", column)
    op.add_column(
        "remittances",
        sa.Column("cause", sa.Text(), nullable=True, comment="why it is quarantined or in conflict, for programs"),
    )
    op.alter_column("remittances", "reason", comment="why it is quarantined or in conflict, for people")
    op.create_check_constraint(
        op.f("ck_remittances_cause"),
        "remittances",
        "cause IN ('unbalanced', 'contradiction', 'not_posted', 'conflict')",
    )
    op.execute("UPDATE remittances SET cause = 'conflict' WHERE state = 'conflict'")
    op.execute(
        "UPDATE remittances SET cause = CASE WHEN missing_cents IS NOT NULL THEN 'unbalanced'"
        f" WHEN starts_with(reason, '{NOT_POSTED}') THEN 'not_posted' ELSE 'contradiction' END,"
        f" reason = CASE WHEN starts_with(reason, '{NOT_POSTED}') THEN substr(reason, {len(NOT_POSTED) + 1}) ELSE reason END"
        " WHERE state = 'quarantined'"
    )


def _payments() -> None:
    zero = sa.text("0")
    for column in (
        sa.Column("payer_id", sa.Text(), nullable=True),
        sa.Column("underpaid_cents", sa.BigInteger(), server_default=zero, nullable=False, comment="as it was told"),
        sa.Column(
            "standing_denied_cents", sa.BigInteger(), server_default=zero, nullable=False, comment="stands refused now"
        ),
        sa.Column(
            "variance_cents", sa.BigInteger(), nullable=True, comment="allowed minus expected, while it stands"
        ),
        sa.Column(
            "moved_cents", sa.BigInteger(), server_default=zero, nullable=False, comment="out of suspense, by a person"
        ),
        sa.Column("moved_to", sa.Text(), nullable=True),
        sa.Column(
            "edition",
            sa.Integer(),
            server_default=zero,
            nullable=False,
            comment="put on a claim, or taken off, by a person",
        ),
        sa.Column("payer_claim_number", sa.Text(), nullable=True, comment="CLP07"),
        sa.Column("question", sa.Text(), nullable=True, comment="what a person has to find out"),
    ):
        op.add_column("payments", column)
    op.alter_column("payments", "denied_cents", comment="as it was told")
    op.alter_column(
        "payments", "outcome", comment="as claim.adjudicated tells it, or suspended, or predetermination"
    )
    op.execute("UPDATE payments SET standing_denied_cents = denied_cents")
    op.create_index("ix_payments_practice_payer_claim_number", "payments", ["practice", "payer_claim_number"])
    op.create_index(
        "ix_payments_waiting",
        "payments",
        ["practice", "remittance_id"],
        postgresql_where=sa.text("reason IS NOT NULL OR question IS NOT NULL OR variance_cents > 0"),
    )


def downgrade() -> None:
    op.drop_table("provider_adjustments")
    op.drop_index("ix_payments_waiting", table_name="payments")
    op.drop_index("ix_payments_practice_payer_claim_number", table_name="payments")
    for name in (
        "question", "payer_claim_number", "edition", "moved_to", "moved_cents", "variance_cents", "standing_denied_cents", "underpaid_cents", "payer_id",
    ):  # fmt: skip
        op.drop_column("payments", name)
    op.drop_constraint(op.f("ck_remittances_cause"), "remittances")
    for name in ("cause", "passed", "follows", "received_number"):
        op.drop_column("remittances", name)
    op.drop_index("ix_accounts_practice_charged_cents", table_name="accounts")
    op.drop_column("accounts", "charged_cents")
