"""The tables of claim-svc. Constraints say what must never be: a charge line on two claims, two live submissions for one payer sequence."""

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
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = service_metadata()

practices = Table(
    "practices",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("contracts", JSONB, nullable=False, server_default="{}", comment="the revision of each that it names"),
)

contracts = Table(
    "contracts",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("chunks", Integer, nullable=False),
    Column("is_complete", Boolean, nullable=False, comment="all its chunks have come; it never changes from then on"),
    Column("document", JSONB, nullable=False, comment="the terms of each chunk"),
    CheckConstraint("revision >= 1", name="revision"),
)

claims = Table(
    "claims",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("control_number", Text, nullable=False, unique=True),
    Column("encounter_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("headline", Text, nullable=False, server_default="unanswered", comment="derived, for lists"),
    Column("patient", Text, nullable=False, server_default="", comment="last and first name without capitals"),
    Column("service_from", Date, nullable=True),
    Column("payer_id", Text, nullable=True),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("submissions", Integer, nullable=False),
    Column("warnings", Integer, nullable=False, server_default=text("0"), comment="how many it leaves or left with"),
    Column(
        "unchecked",
        Integer,
        nullable=False,
        server_default=text("0"),
        comment="tables that are not loaded and would have judged it, a bit each: NCCI, MUE, global days, Excludes1, sex and age",
    ),
    Column("document", JSONB, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('held', 'released', 'withdrawn', 'voided')", name="state"),
)
Index("ix_claims_practice_headline_id", claims.c.practice, claims.c.headline, claims.c.id)
Index("ix_claims_practice_patient", claims.c.practice, claims.c.patient, postgresql_ops={"patient": "text_pattern_ops"})
Index("ix_claims_practice_encounter_id", claims.c.practice, claims.c.encounter_id)

billings = Table(
    "billings",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("encounter_id", Uuid, primary_key=True),
    Column(
        "encounter_version",
        Integer,
        nullable=False,
        comment="the newest that came, billed or waiting as a correction",
    ),
    Column("claims", JSONB, nullable=False, comment="the ids of the claims that stand; none: self-pay"),
)

self_pay_visits = Table(
    "self_pay_visits",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("encounter_id", Uuid, primary_key=True),
    Column("encounter_version", Integer, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("is_live", Boolean, nullable=False, server_default=true()),
    Column("patient_paid_cents", BigInteger, nullable=False, server_default=text("0"), comment="at the desk"),
)

charge_lines = Table(
    "charge_lines",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("line_id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("is_live", Boolean, nullable=False),
)

billed_services = Table(
    "billed_services",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("is_live", Boolean, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("payer_sequence", Text, nullable=False),
    Column("payer_id", Text, nullable=False),
    Column("frequency_code", Text, nullable=False),
    Column("total_charge_cents", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_live", Boolean, nullable=False),
    Column("file_name", Text, nullable=True),
    Column("payer_claim_number", Text, nullable=True),
    Column("rejection", Text, nullable=True),
    Column("remedy", Text, nullable=True),
    Column("submitted_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("practice", "claim_id", "ordinal"),
    CheckConstraint("state IN ('queued', 'sent', 'file_accepted', 'payer_accepted', 'rejected')", name="state"),
)
Index(
    "uq_submissions_live_sequence",
    submissions.c.practice,
    submissions.c.claim_id,
    submissions.c.payer_sequence,
    unique=True,
    postgresql_where=submissions.c.is_live,
)

acknowledgments = Table(
    "acknowledgments",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("submission_id", Uuid, primary_key=True),
    Column("number", Text, primary_key=True, comment="file digest and level: the same answer is kept once"),
    Column("level", Text, nullable=False),
    Column("accepted", Boolean, nullable=False),
    Column("payer_level", Boolean, nullable=False),
    Column("message", Text, nullable=False),
    Column("statuses", JSONB, nullable=False),
    Column("acknowledged_at", DateTime(timezone=True), nullable=False),
    info=ONLY_ADDED_TO,
)

corrections = Table(
    "corrections",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False, comment="of a new claim its future id, of self-pay the encounter's"),
    Column("encounter_id", Uuid, nullable=False),
    Column("encounter_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("submission_ordinal", Integer, nullable=True),
    Column("findings", JSONB, nullable=False),
    Column("content", JSONB, nullable=False, comment="what the claim is to become"),
    Column("replaced", JSONB, nullable=True, comment="what the claim said before it left"),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('replacement', 'void', 'rebill', 'next_payers', 'new_claim', 'self_pay')", name="kind"),
    CheckConstraint("origin IN ('encounter', 'person', 'payer', 'denial')", name="origin"),
    CheckConstraint("state IN ('waiting', 'sending', 'sent', 'dropped', 'superseded')", name="state"),
)
"""What is to become of what has left; at most one of a claim is open."""
Index(
    "uq_corrections_open",
    corrections.c.practice,
    corrections.c.claim_id,
    unique=True,
    postgresql_where=corrections.c.state.in_(["waiting", "sending"]),
)
Index("ix_corrections_practice_state_id", corrections.c.practice, corrections.c.state, corrections.c.id)
Index("ix_corrections_practice_encounter_id", corrections.c.practice, corrections.c.encounter_id)

unchecked_codes = Table(
    "unchecked_codes",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("claim_id", Uuid, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    info=ONLY_ADDED_TO,
)
