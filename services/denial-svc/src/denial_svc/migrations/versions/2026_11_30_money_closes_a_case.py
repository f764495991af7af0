"""A case is closed by the money that came, knows what of it stands, and says whether an appeal is offered and what to do first; what is sent as new has its filing limit.

The previous release may go on while this one starts: its rows get the defaults, and it reads only what it knows.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "c105ed000003"
down_revision = "ca5e50000002"
branch_labels = None
depends_on = None

COLUMNS = ("kind", "remedy", "may_appeal", "hard_stop", "closed_because", "closed_by", "standing_cents")


def upgrade() -> None:
    op.create_table(
        "settlements",
        sa.Column("practice", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False, comment="of a case that is opened, or will be"),
        sa.Column("standing_cents", sa.BigInteger(), nullable=True, comment="0: settled; null: all of it stands"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("remittance_id", sa.Uuid(), nullable=False, comment="of the last decision that spoke of it"),
        sa.Column("decisions", JSONB(), nullable=False, comment="all that spoke of it: remittance/ordinal, as heard"),
        sa.CheckConstraint("why IN ('paid', 'decided_anew', 'taken_back')", name=op.f("ck_settlements_why")),
        sa.PrimaryKeyConstraint("practice", "case_id", name=op.f("pk_settlements")),
    )
    op.add_column(
        "payers",
        sa.Column(
            "filing_days",
            JSONB(),
            server_default="{}",
            nullable=False,
            comment="payer id to days from the service to our submission",
        ),
    )
    op.add_column("cases", sa.Column("kind", sa.Text(), server_default="refusal", nullable=False))
    op.add_column("cases", sa.Column("remedy", sa.Text(), nullable=True, comment="what to do first"))
    op.add_column("cases", sa.Column("may_appeal", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("cases", sa.Column("hard_stop", sa.Text(), nullable=True, comment="why there is no appeal"))
    op.add_column("cases", sa.Column("closed_because", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("closed_by", sa.Uuid(), nullable=True, comment="the remittance that settled it"))
    op.add_column(
        "cases",
        sa.Column(
            "standing_cents",
            sa.BigInteger(),
            nullable=True,
            comment="what of it stands refused now; null: written by an earlier release, all of it while open",
        ),
    )
    op.execute("UPDATE cases SET standing_cents = CASE WHEN state = 'open' THEN amount_cents ELSE 0 END")
    for remark, why in (
        ("N211", "the payer says that this decision has no appeal"),
        ("MA130", "the claim could not be processed and counts as never filed: there is no decision to appeal"),
    ):
        op.execute(
            sa.text(
                "UPDATE cases SET may_appeal = false, hard_stop = :why WHERE remarks @> to_jsonb(CAST(:remark AS text))"
                " AND route <> 'A'"
            ).bindparams(why=why, remark=remark)
        )
    op.drop_constraint(op.f("ck_cases_state"), "cases", type_="check")
    op.create_check_constraint(op.f("ck_cases_state"), "cases", "state IN ('open', 'withdrawn', 'closed')")
    op.create_check_constraint(op.f("ck_cases_kind"), "cases", "kind IN ('refusal', 'underpayment')")
    op.create_check_constraint(
        op.f("ck_cases_appeal"), "cases", "may_appeal = (hard_stop IS NULL) AND (may_appeal OR route <> 'A')"
    )
    op.create_check_constraint(
        op.f("ck_cases_closed"),
        "cases",
        "(state = 'closed') = (closed_because IS NOT NULL) AND (state = 'closed') = (closed_by IS NOT NULL)"
        " AND closed_because IN ('paid', 'decided_anew')",
    )


def downgrade() -> None:
    for name in ("closed", "appeal", "kind"):
        op.drop_constraint(op.f(f"ck_cases_{name}"), "cases", type_="check")
    op.execute("UPDATE cases SET state = 'open' WHERE state = 'closed'")
    op.drop_constraint(op.f("ck_cases_state"), "cases", type_="check")
    op.create_check_constraint(op.f("ck_cases_state"), "cases", "state IN ('open', 'withdrawn')")
    for name in reversed(COLUMNS):
        op.drop_column("cases", name)
    op.drop_column("payers", "filing_days")
    op.drop_table("settlements")
