"""The tables of clearinghouse-gw. Constraints say what must never be: a control number twice, the same remittance twice."""

from claimstream_kit import service_metadata
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = service_metadata()

practices = Table(
    "practices",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("npi", Text, nullable=False),
    Column("tin", Text, nullable=False),
    Column("submitter_id", Text, nullable=False),
    Column("location_npis", JSONB, nullable=False, server_default="[]", comment="of locations that bill themselves"),
    Column("location_tins", JSONB, nullable=False, server_default="[]", comment="of locations that bill themselves"),
    Column(
        "shares_with", JSONB, nullable=False, server_default="[]", comment="practices that may have the same tax id"
    ),
)

partners = Table(
    "partners",
    metadata,
    Column(
        "receiver_id",
        Text,
        primary_key=True,
        comment="ISA08; one folder serves all practices, so numbers are per partner",
    ),
    Column("last_control_number", BigInteger, nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("claim_id", Uuid, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("payer_sequence", Text, nullable=False),
    Column("control_number", Text, nullable=False),
    Column("payer_x12_id", Text, nullable=False),
    Column("submitter_id", Text, nullable=False),
    Column("receiver_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("file_id", Uuid, nullable=True),
    Column("set_number", Integer, nullable=True),
    Column("place", Integer, nullable=True, comment="position in the file, from 1"),
    Column("document", JSONB, nullable=False, comment="claim.submitted as it was heard"),
    Column("heard_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('queued', 'prepared', 'sent', 'refused')", name="state"),
    CheckConstraint("(state IN ('prepared', 'sent')) = (file_id IS NOT NULL)", name="file_when_prepared"),
    UniqueConstraint("practice", "file_id", "place"),
)
Index("ix_submissions_queued", submissions.c.heard_at, postgresql_where=submissions.c.state == "queued")
Index("ix_submissions_control_number", submissions.c.control_number, submissions.c.practice)

files = Table(
    "files",
    metadata,
    Column(
        "practice", Text, primary_key=True, comment="'-' of an inbound file: not the file is a practice's, its sets are"
    ),
    Column("id", Uuid, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, comment="837P, 837I; inbound: the kinds of its sets"),
    Column("state", Text, nullable=False),
    Column("partner_id", Text, nullable=False),
    Column("submitter_id", Text, nullable=False),
    Column("control_number", BigInteger, nullable=True, comment="ISA13, and GS06, of a file of ours"),
    Column("digest", Text, nullable=True, comment="SHA-256; NULL until rendered"),
    Column("size", BigInteger, nullable=True),
    Column(
        "changed_ns", BigInteger, nullable=True, comment="when an inbound file was last written, as its folder says"
    ),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("settled_at", DateTime(timezone=True), nullable=True),
    Column("interchange_answer", Text, nullable=True, comment="of an outbound file: its TA1"),
    Column("group_answer", Text, nullable=True, comment="of an outbound file: its 999"),
    Column("reason", Text, nullable=True),
    Column("remedy", Text, nullable=True),
    Column("findings", JSONB, nullable=False),
    Column("copy_of", Uuid, nullable=True, comment="of a duplicate the file whose sets it has"),
    CheckConstraint("direction IN ('outbound', 'inbound')", name="direction"),
    CheckConstraint("state IN ('prepared', 'sent', 'processed', 'duplicate', 'refused')", name="state"),
    CheckConstraint("interchange_answer IN ('accepted', 'rejected')", name="interchange_answer"),
    CheckConstraint("group_answer IN ('accepted', 'partly', 'rejected')", name="group_answer"),
)
Index(
    "uq_files_outbound_control_number",
    files.c.partner_id,
    files.c.control_number,
    unique=True,
    postgresql_where=files.c.direction == "outbound",
)
Index(
    "uq_files_inbound_digest",
    files.c.digest,
    unique=True,
    postgresql_where=(files.c.direction == "inbound") & (files.c.state == "processed"),
)
Index("ix_files_inbound_name", files.c.name, postgresql_where=files.c.direction == "inbound")
Index("ix_files_prepared", files.c.created_at, postgresql_where=files.c.state == "prepared")

sets = Table(
    "sets",
    metadata,
    Column("practice", Text, primary_key=True, comment="'-' where it can be tied to none, or is several practices'"),
    Column("file_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True, comment="position in the file, from 1"),
    Column("kind", Text, nullable=False),
    Column("control_number", Text, nullable=False, comment="ST02; TA1: the interchange's own"),
    Column("digest", Text, nullable=False, comment="of its content without control values"),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=True),
    Column("remedy", Text, nullable=True),
    Column("told", Integer, nullable=False, comment="events published for it"),
    Column("remittance_id", Uuid, nullable=True),
    Column("trace_number", Text, nullable=True),
    Column("payment", JSONB, nullable=True, comment="of an unclaimed set: who pays whom, how much and when"),
    CheckConstraint("state IN ('processed', 'duplicate', 'refused', 'unclaimed')", name="state"),
)
Index(
    "uq_sets_digest",
    sets.c.practice,
    sets.c.kind,
    sets.c.digest,
    unique=True,
    postgresql_where=sets.c.state == "processed",
)
Index("ix_sets_file", sets.c.file_id, sets.c.practice)
Index("ix_sets_unclaimed", sets.c.kind, sets.c.digest, postgresql_where=sets.c.state == "unclaimed")
Index(
    "ix_sets_unclaimed_place",
    sets.c.practice,
    sets.c.file_id,
    sets.c.number,
    postgresql_where=sets.c.state == "unclaimed",
)

readings = Table(
    "readings",
    metadata,
    Column("replica", Text, primary_key=True, comment="who reads, or '-' where a person wants it tried again"),
    Column("name", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("changed_ns", BigInteger, nullable=False),
    Column("is_alone", Boolean, nullable=False),
    Column("is_open", Boolean, nullable=False, comment="it began, and has not ended"),
    Column("ends", Integer, nullable=False, server_default="0", comment="of the process while it was read"),
    Column("ends_alone", Integer, nullable=False, server_default="0", comment="of these while it was read alone"),
)

remittance_numbers = Table(
    "remittance_numbers",
    metadata,
    Column("practice", Text, primary_key=True),
    Column(
        "last", BigInteger, nullable=False, comment="the place of the practice's latest remittance among all of its own"
    ),
)

named_claims = Table(
    "named_claims",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("payer", Text, primary_key=True, comment="the payer's id in the 835, else TRN03"),
    Column("control_number", Text, primary_key=True, comment="CLP01: of a claim that we sent"),
    Column("number", BigInteger, nullable=False, comment="of the latest remittance of this payer that names the claim"),
    Column("remittance_id", Uuid, nullable=False),
)
