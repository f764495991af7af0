"""coding-svc's tables: practices with their contracts, encounters with their versions, kept bundles, and what is still to be coded."""

from claimstream_kit import service_metadata
from claimstream_kit.rights import ONLY_ADDED_TO
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = service_metadata()

practices = Table(
    "practices",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False),
)

npis = Table(
    "npis",
    metadata,
    Column(
        "npi", Text, primary_key=True, comment="of a practice, or of a location that bills itself: one practice has it"
    ),
    Column("practice", Text, nullable=False),
)
Index("ix_npis_practice", npis.c.practice)

shared_identifiers = Table(
    "shared_identifiers",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("practice", Text, primary_key=True),
    Column("shares_with", JSONB, nullable=False, comment="practices that may have it too, if they name this one"),
    CheckConstraint("kind IN ('tax_id', 'submitter_id')", name="kind"),
)
Index("ix_shared_identifiers_practice", shared_identifiers.c.practice)

contracts = Table(
    "contracts",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("revision", Integer, nullable=False, comment="as it was told last"),
    Column("digest", LargeBinary, nullable=True, comment="of its fee schedules; NULL: the practice has it no more"),
    CheckConstraint("revision >= 1", name="revision"),
)

encounters = Table(
    "encounters",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("source_system", Text, nullable=False),
    Column("ehr_encounter_id", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_self_pay", Boolean, nullable=False),
    Column("started_on", Date, nullable=False),
    Column("visit", JSONB, nullable=False),
    Column("outcome", JSONB, nullable=False),
    Column("bundle", LargeBinary, nullable=True),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    Column("answers", JSONB, nullable=True),
    UniqueConstraint("practice", "source_system", "ehr_encounter_id"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("state IN ('received', 'unfinished', 'awaiting_coder', 'coded', 'not_billable')", name="state"),
    CheckConstraint("NOT is_self_pay OR state = 'coded'", name="self_pay"),
    Index(None, "practice", "state", "id"),
)

remembered_places = Table(
    "remembered_places",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("kind", Text, nullable=True),
    Column("place_of_service", Text, nullable=True),
    Column("told_by", Text, nullable=False),
    Column("told_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IS NOT NULL OR place_of_service IS NOT NULL", name="told"),
)
"""What a person said of a location that the practice's document does not list: asked once, known from then on."""

encounter_keys = Table(
    "encounter_keys",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("encounter", Uuid, primary_key=True),
)
"""Written before an encounter is read: of two requests that bring the same new encounter, the second waits for the first."""

encounter_versions = Table(
    "encounter_versions",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("encounter", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("visit", JSONB, nullable=False),
    Column("bundle", LargeBinary, nullable=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    info=ONLY_ADDED_TO,
)

bundles = Table(
    "bundles",
    metadata,
    Column("practice", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("report", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    info=ONLY_ADDED_TO,
)
"""FHIR bundles whole, packed with zlib, by the SHA-256 of their bytes."""

coding_work = Table(
    "coding_work",
    metadata,
    Column("seq", BigInteger, Identity(), nullable=False),
    Column("practice", Text, primary_key=True),
    Column("encounter", Uuid, primary_key=True),
    Column("enqueued_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index(None, "seq"),
)
"""Encounters that the encoder has still to look at; an encounter is there at most once."""
