"""The tables of denial-svc. A constraint says that one refusal makes one case."""

from claimstream_kit import service_metadata
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

metadata = service_metadata()

payers = Table(
    "payers",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("appeal_days", JSONB, nullable=False, comment="payer id to days from the notice to our answer"),
    Column(
        "filing_days",
        JSONB,
        nullable=False,
        server_default="{}",
        comment="payer id to days from the service to our submission",
    ),
)

cases = Table(
    "cases",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("remittance_id", Uuid, nullable=False),
    Column("payment_ordinal", Integer, nullable=False),
    Column("payer_id", Text, nullable=False),
    Column("line_id", Uuid, nullable=True),
    Column("procedure", Text, nullable=True),
    Column("adjustment_group", Text, nullable=False),
    Column("carc", Text, nullable=False),
    Column("remarks", JSONB, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column(
        "standing_cents",
        BigInteger,
        nullable=True,
        comment="what of it stands refused now; null: written by an earlier release, all of it while open",
    ),
    Column("cause", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("payer_claim_number", Text, nullable=True),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="refusal"),
    Column("remedy", Text, nullable=True, comment="what to do first"),
    Column("may_appeal", Boolean, nullable=False, server_default="true"),
    Column("hard_stop", Text, nullable=True, comment="why there is no appeal"),
    Column("closed_because", Text, nullable=True),
    Column("closed_by", Uuid, nullable=True, comment="the remittance that settled it"),
    CheckConstraint("state IN ('open', 'withdrawn', 'closed')", name="state"),
    CheckConstraint("kind IN ('refusal', 'underpayment')", name="kind"),
    CheckConstraint("may_appeal = (hard_stop IS NULL) AND (may_appeal OR route <> 'A')", name="appeal"),
    CheckConstraint(
        "(state = 'closed') = (closed_because IS NOT NULL) AND (state = 'closed') = (closed_by IS NOT NULL)"
        " AND closed_because IN ('paid', 'decided_anew')",
        name="closed",
    ),
)
Index("ix_cases_practice_state_answer_by", cases.c.practice, cases.c.state, cases.c.answer_by)
Index(
    "uq_cases_refusal",
    cases.c.practice,
    cases.c.remittance_id,
    cases.c.payment_ordinal,
    cases.c.claim_id,
    cases.c.line_id,
    cases.c.adjustment_group,
    cases.c.carc,
    unique=True,
    postgresql_nulls_not_distinct=True,
)

reversals = Table(
    "reversals",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("remittance_id", Uuid, primary_key=True),
    Column("payment_ordinal", Integer, primary_key=True),
)

settlements = Table(
    "settlements",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("case_id", Uuid, primary_key=True, comment="of a case that is opened, or will be"),
    Column("standing_cents", BigInteger, nullable=True, comment="0: settled; null: all of it stands"),
    Column("why", Text, nullable=False),
    Column("remittance_id", Uuid, nullable=False, comment="of the last decision that spoke of it"),
    Column("decisions", JSONB, nullable=False, comment="all that spoke of it: remittance/ordinal, as heard"),
    CheckConstraint("why IN ('paid', 'decided_anew', 'taken_back')", name="why"),
)
