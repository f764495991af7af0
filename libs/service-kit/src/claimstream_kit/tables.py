"""The tables that every service has beside its own; made from its own metadata, so that its migrations see them."""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def service_metadata() -> MetaData:
    """Metadata for a service's tables, with stable names for constraints."""
    return MetaData(naming_convention=NAMING)


@dataclass(frozen=True)
class KitTables:
    """The kit's tables in one service's metadata."""

    outbox: Table
    inbox: Table
    sequences: Table
    relay_state: Table
    dead_letters: Table
    waiting: Table
    audit_entries: Table
    audit_heads: Table
    idempotency_keys: Table


def kit_tables(metadata: MetaData) -> KitTables:
    """Add the kit's tables to a service's metadata."""
    return KitTables(
        outbox=_outbox(metadata),
        inbox=Table(
            "inbox",
            metadata,
            Column("consumer", Text, primary_key=True),
            Column("event_id", Uuid, primary_key=True),
            Column("topic", Text, nullable=False),
            Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        ),
        sequences=Table(
            "sequences",
            metadata,
            Column("topic", Text, primary_key=True),
            Column("key", Text, primary_key=True),
            Column("last", BigInteger, nullable=False),
        ),
        relay_state=Table(
            "relay_state",
            metadata,
            Column("one", Boolean, primary_key=True, server_default=text("true")),
            Column("epoch", BigInteger, nullable=False, server_default=text("0")),
            CheckConstraint("one", name="single"),
        ),
        dead_letters=_dead_letters(metadata),
        waiting=_waiting(metadata),
        audit_entries=_audit_entries(metadata),
        audit_heads=Table(
            "audit_heads",
            metadata,
            Column("head_seq", BigInteger, primary_key=True),
            Column("head_hash", LargeBinary, nullable=False),
            Column("key_id", Text, nullable=False),
            Column("signature", LargeBinary, nullable=False),
            Column("sealed_at", DateTime(timezone=True), nullable=False),
        ),
        idempotency_keys=Table(
            "idempotency_keys",
            metadata,
            Column("practice", Text, primary_key=True),
            Column("key", Text, primary_key=True),
            Column("request_digest", LargeBinary, nullable=False),
            Column("status", Integer, nullable=True),
            Column("body", LargeBinary, nullable=True),
            Column("content_type", Text, nullable=True),
            Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        ),
    )


def _outbox(metadata: MetaData) -> Table:
    table = Table(
        "outbox",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("topic", Text, nullable=False),
        Column("key", Text, nullable=False),
        Column("sequence", BigInteger, nullable=True, comment="NULL for the copy of a dead letter"),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("sent_at", DateTime(timezone=True), nullable=True),
        UniqueConstraint("topic", "key", "sequence"),
    )
    Index("ix_outbox_unsent", table.c.seq, postgresql_where=table.c.sent_at.is_(None))
    return table


def _dead_letters(metadata: MetaData) -> Table:
    table = Table(
        "dead_letters",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("practice", Text, nullable=False),
        Column("consumer", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("record_offset", BigInteger, nullable=False),
        Column("aggregate", Text, nullable=True, comment="NULL: kept before letters named it, its topic tells"),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary, nullable=True),
        Column("state", Text, nullable=False),
        Column("error_class", Text, nullable=True),
        Column("reason", Text, nullable=True),
        Column("handler", Text, nullable=True),
        Column("attempts", Integer, nullable=False, server_default=text("1")),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("settled_at", DateTime(timezone=True), nullable=True),
        Column("settled_by", Text, nullable=True),
        UniqueConstraint("consumer", "event_id"),
        CheckConstraint("state IN ('dead', 'parked', 'redriven', 'discarded')", name="state"),
    )
    Index("ix_dead_letters_open", table.c.consumer, table.c.key, postgresql_where=text("state IN ('dead', 'parked')"))
    return table


def _waiting(metadata: MetaData) -> Table:
    table = Table(
        "waiting",
        metadata,
        Column("id", BigInteger, primary_key=True, autoincrement=True),
        Column("consumer", Text, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("topic", Text, nullable=False),
        Column("partition", Integer, nullable=False),
        Column("record_offset", BigInteger, nullable=False),
        Column("key", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("fact", Text, nullable=False),
        Column("since", DateTime(timezone=True), nullable=False, server_default=func.now()),
        Column("due", DateTime(timezone=True), nullable=False),
        UniqueConstraint("consumer", "event_id"),
    )
    Index("ix_waiting_fact", table.c.consumer, table.c.fact)
    Index("ix_waiting_due", table.c.consumer, table.c.due)
    return table


def _audit_entries(metadata: MetaData) -> Table:
    table = Table(
        "audit_entries",
        metadata,
        Column("seq", BigInteger, primary_key=True, autoincrement=True),
        Column("practice", Text, nullable=False),
        Column("actor", Text, nullable=False),
        Column("kind", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("digest", LargeBinary, nullable=False),
        Column("at", DateTime(timezone=True), nullable=False),
        Column("chain_seq", BigInteger, nullable=True, unique=True),
        Column("chain_hash", LargeBinary, nullable=True),
        CheckConstraint("kind IN ('event', 'read', 'act', 'purge')", name="kind"),
    )
    Index("ix_audit_entries_unsealed", table.c.seq, postgresql_where=table.c.chain_seq.is_(None))
    return table
