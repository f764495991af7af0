"""The tables of remit-svc. Entries are only ever added; a deferred constraint says that each journal sums to zero."""

from claimstream_kit import service_metadata
from claimstream_kit.rights import ONLY_ADDED_TO
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = service_metadata()

accounts = Table(
    "accounts",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("encounter_id", Uuid, nullable=False),
    Column("claim_id", Uuid, nullable=True),
    Column("control_number", Text, nullable=True),
    Column("state", Text, nullable=False),
    Column("assembled_sequence", BigInteger, nullable=False),
    Column("is_submitted", Boolean, nullable=False),
    Column("patient_paid_cents", BigInteger, nullable=False, server_default=text("0"), comment="at the desk"),
    Column("charged_cents", BigInteger, nullable=False, server_default=text("0")),
    Column("document", JSONB, nullable=False),
    CheckConstraint("state IN ('released', 'held', 'self_pay')", name="state"),
)
Index("ix_accounts_practice_control_number", accounts.c.practice, accounts.c.control_number)
Index("ix_accounts_practice_charged_cents", accounts.c.practice, accounts.c.charged_cents)

journals = Table(
    "journals",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("remittance_id", Uuid, nullable=True),
    Column("entered_at", DateTime(timezone=True), nullable=False),
    info=ONLY_ADDED_TO,
)
Index("ix_journals_practice_account_id", journals.c.practice, journals.c.account_id)
Index("ix_journals_practice_remittance_id", journals.c.practice, journals.c.remittance_id)

entries = Table(
    "entries",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("journal_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("account", Text, nullable=False),
    Column(
        "account_id",
        Uuid,
        nullable=False,
        comment="the claim, self-pay visit or remittance that the journal belongs to",
    ),
    Column("cents", BigInteger, nullable=False),
    Column("line_id", Uuid, nullable=True),
    Column("payer_id", Text, nullable=True),
    Column("reason", Text, nullable=True),
    CheckConstraint("cents <> 0", name="not_empty"),
    info=ONLY_ADDED_TO,
)
Index("ix_entries_practice_account_id", entries.c.practice, entries.c.account_id)
Index(
    "ix_entries_credit",
    entries.c.practice,
    entries.c.account_id,
    postgresql_where=entries.c.account == "receivable.credit",
)

remittances = Table(
    "remittances",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("body_digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("payer_name", Text, nullable=False),
    Column("trace_number", Text, nullable=False),
    Column("trace_originator", Text, nullable=False),
    Column("payee", Text, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("payments", Integer, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("chunks_here", Integer, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("received_number", BigInteger, nullable=True, comment="place among the practice's, as they were received"),
    Column("follows", JSONB, nullable=False, server_default="[]", comment="are posted before it"),
    Column("passed", JSONB, nullable=False, server_default="[]", comment="of those, not posted when it was"),
    Column("cause", Text, nullable=True, comment="why it is quarantined or in conflict, for programs"),
    Column("reason", Text, nullable=True, comment="why it is quarantined or in conflict, for people"),
    Column(
        "missing_cents",
        BigInteger,
        nullable=True,
        comment="what an unbalanced set lacks at transaction level, or first lower down",
    ),
    Column("staged_at", DateTime(timezone=True), nullable=False),
    Column("posted_at", DateTime(timezone=True), nullable=True),
    UniqueConstraint("practice", "body_digest"),
    CheckConstraint("state IN ('staged', 'posted', 'quarantined', 'conflict')", name="state"),
    CheckConstraint("cause IN ('unbalanced', 'contradiction', 'not_posted', 'conflict')", name="cause"),
)
Index(
    "ix_remittances_practice_trace",
    remittances.c.practice,
    remittances.c.trace_originator,
    remittances.c.trace_number,
)
Index("ix_remittances_staged", remittances.c.staged_at, postgresql_where=remittances.c.state == "staged")

remittance_chunks = Table(
    "remittance_chunks",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("remittance_id", Uuid, primary_key=True),
    Column("chunk", Integer, primary_key=True),
    Column("document", JSONB, nullable=False),
    info=ONLY_ADDED_TO,
)

payments = Table(
    "payments",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("remittance_id", Uuid, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("claim_id", Uuid, nullable=True),
    Column("payer_sequence", Text, nullable=True),
    Column("payer_id", Text, nullable=True),
    Column("outcome", Text, nullable=False, comment="as claim.adjudicated tells it, or suspended, or predetermination"),
    Column("paid_cents", BigInteger, nullable=False),
    Column("denied_cents", BigInteger, nullable=False, comment="as it was told"),
    Column("underpaid_cents", BigInteger, nullable=False, server_default=text("0"), comment="as it was told"),
    Column("patient_cents", BigInteger, nullable=False),
    Column("standing_denied_cents", BigInteger, nullable=False, server_default=text("0"), comment="stands refused now"),
    Column("variance_cents", BigInteger, nullable=True, comment="allowed minus expected, while it stands"),
    Column("suspense_cents", BigInteger, nullable=False),
    Column("moved_cents", BigInteger, nullable=False, server_default=text("0"), comment="out of suspense, by a person"),
    Column("moved_to", Text, nullable=True),
    Column(
        "edition",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="put on a claim, or taken off, by a person",
    ),
    Column("payer_claim_number", Text, nullable=True, comment="CLP07"),
    Column("reason", Text, nullable=True, comment="why all or part of it is in suspense"),
    Column("question", Text, nullable=True, comment="what a person has to find out"),
)
Index("ix_payments_practice_claim_id", payments.c.practice, payments.c.claim_id)
Index("ix_payments_practice_payer_claim_number", payments.c.practice, payments.c.payer_claim_number)
Index(
    "ix_payments_waiting",
    payments.c.practice,
    payments.c.remittance_id,
    postgresql_where=(payments.c.reason.is_not(None))
    | (payments.c.question.is_not(None))
    | (payments.c.variance_cents > 0),
)

provider_adjustments = Table(
    "provider_adjustments",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("remittance_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, comment="position in the set, from 1"),
    Column("provider", Text, nullable=False),
    Column("fiscal_period", Date, nullable=True),
    Column("reason", Text, nullable=False, comment="PLB03-1"),
    Column("reference", Text, nullable=True, comment="PLB03-2"),
    Column("cents", BigInteger, nullable=False, comment="positive lowers the payment"),
    Column("account", Text, nullable=False, comment="where it stands on the ledger"),
    Column("claim_id", Uuid, nullable=True, comment="the claim that its reference names"),
    Column("refers_to", Uuid, nullable=True, comment="the remittance that its reference names"),
)
