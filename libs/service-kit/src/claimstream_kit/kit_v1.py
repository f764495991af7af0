"""The tables that every service has beside its own, as their first release makes them: one step for its first migration.

A later change is a step of its own beside it; this text stays as it is.
"""

import re
from typing import Any

TABLES = """
CREATE TABLE outbox (
    id bigserial NOT NULL, day date NOT NULL, practice text NOT NULL, at timestamptz NOT NULL, actors jsonb NOT NULL,
    events integer NOT NULL, size integer NOT NULL, ids bytea NOT NULL, digests bytea NOT NULL, witnessed bytea NOT NULL, era integer, number bigint,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_era_number UNIQUE (era, number),
    CONSTRAINT ck_outbox_lengths CHECK (length(ids) = events * 16 AND length(digests) = events * 32 AND length(witnessed) % 48 = 0),
    CONSTRAINT ck_outbox_numbered CHECK ((era IS NULL) = (number IS NULL))
);
COMMENT ON COLUMN outbox.actors IS 'One for all events, or one for each';
COMMENT ON COLUMN outbox.ids IS '16 bytes an event';
COMMENT ON COLUMN outbox.digests IS '32 bytes an event';
COMMENT ON COLUMN outbox.witnessed IS 'Of each row that the unit wrote and that is not to change behind its back: 16 bytes of its id, 32 of its digest';
ALTER TABLE outbox ALTER ids SET STORAGE EXTERNAL, ALTER digests SET STORAGE EXTERNAL, ALTER witnessed SET STORAGE EXTERNAL;

CREATE TABLE outbox_payloads (
    day date NOT NULL, id bigint NOT NULL, packing smallint NOT NULL, payload bytea NOT NULL,
    CONSTRAINT pk_outbox_payloads PRIMARY KEY (day, id)
) PARTITION BY RANGE (day);
ALTER TABLE outbox_payloads ALTER payload SET STORAGE EXTERNAL;
CREATE TABLE outbox_payloads_else PARTITION OF outbox_payloads DEFAULT;

CREATE TABLE outbox_queue (
    id bigint NOT NULL, events integer NOT NULL, size integer NOT NULL, era integer, number bigint, since timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_outbox_queue PRIMARY KEY (id)
);
CREATE TABLE relay_state (
    one boolean NOT NULL DEFAULT true, epoch bigint NOT NULL DEFAULT 0, era integer NOT NULL DEFAULT 1, last bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_relay_state PRIMARY KEY (one),
    CONSTRAINT ck_relay_state_single CHECK (one),
    CONSTRAINT ck_relay_state_era CHECK (era BETWEEN 1 AND 8191)
);
CREATE TABLE inbox (
    consumer text NOT NULL, source text NOT NULL, era integer NOT NULL, number bigint NOT NULL, slot smallint NOT NULL,
    places bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_inbox PRIMARY KEY (consumer, source, era, number, slot)
);
CREATE TABLE inbox_foreign (
    consumer text NOT NULL, cluster text NOT NULL, topic text NOT NULL, partition integer NOT NULL, record_offset bigint NOT NULL,
    event_id uuid NOT NULL, received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_inbox_foreign PRIMARY KEY (consumer, cluster, topic, partition, record_offset),
    CONSTRAINT uq_inbox_foreign_consumer_event_id UNIQUE (consumer, event_id)
);
CREATE TABLE dead_letters (
    id bigserial NOT NULL, practice text NOT NULL, consumer text NOT NULL, event_id uuid NOT NULL, topic text NOT NULL,
    partition integer NOT NULL, record_offset bigint NOT NULL, aggregate text NOT NULL, key text NOT NULL, headers jsonb NOT NULL,
    payload bytea, state text NOT NULL, error_class text, reason text, handler text, attempts integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(), settled_at timestamptz, settled_by text, settled_why text,
    CONSTRAINT pk_dead_letters PRIMARY KEY (id),
    CONSTRAINT uq_dead_letters_consumer_event_id UNIQUE (consumer, event_id),
    CONSTRAINT ck_dead_letters_state CHECK (state IN ('dead', 'parked', 'redriven', 'discarded'))
);
CREATE INDEX ix_dead_letters_open ON dead_letters USING hash (key) WHERE state IN ('dead', 'parked');
COMMENT ON INDEX ix_dead_letters_open IS 'By hash: a key that somebody else chose may be longer than an index takes';
CREATE TABLE waiting (
    id bigserial NOT NULL, consumer text NOT NULL, event_id uuid NOT NULL, topic text NOT NULL, partition integer NOT NULL,
    record_offset bigint NOT NULL, key text NOT NULL, headers jsonb NOT NULL, payload bytea NOT NULL, fact text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(), due timestamptz NOT NULL,
    CONSTRAINT pk_waiting PRIMARY KEY (id),
    CONSTRAINT uq_waiting_consumer_event_id UNIQUE (consumer, event_id)
);
CREATE INDEX ix_waiting_fact ON waiting (consumer, fact);
CREATE INDEX ix_waiting_due ON waiting (consumer, due);
CREATE TABLE audit_entries (
    id bigserial NOT NULL, practice text NOT NULL, actor text NOT NULL, kind text NOT NULL, subject text NOT NULL, digest bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_audit_entries PRIMARY KEY (id),
    CONSTRAINT ck_audit_entries_kind CHECK (kind IN ('read', 'act', 'purge', 'restore'))
);
CREATE TABLE audit_queue (entry bigint NOT NULL, CONSTRAINT pk_audit_queue PRIMARY KEY (entry));
CREATE TABLE audit_chain (
    seq bigint NOT NULL, unit bigint, entry bigint, hash bytea NOT NULL,
    CONSTRAINT pk_audit_chain PRIMARY KEY (seq),
    CONSTRAINT uq_audit_chain_unit UNIQUE (unit),
    CONSTRAINT uq_audit_chain_entry UNIQUE (entry),
    CONSTRAINT ck_audit_chain_one_thing CHECK ((unit IS NULL) <> (entry IS NULL))
);
CREATE INDEX ix_audit_chain_units ON audit_chain (seq) WHERE unit IS NOT NULL;
CREATE TABLE audit_heads (
    head_seq bigint NOT NULL, head_hash bytea NOT NULL, key_id text NOT NULL, signature bytea NOT NULL, sealed_at timestamptz NOT NULL,
    CONSTRAINT pk_audit_heads PRIMARY KEY (head_seq)
);
CREATE TABLE idempotency_keys (
    practice text NOT NULL, key text NOT NULL, request_digest bytea NOT NULL, status integer, body bytea, content_type text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (practice, key)
);
"""

TABLES_MADE = tuple(re.findall(r"CREATE TABLE (\w+)", TABLES))
KEEP_DAYS = """
CREATE FUNCTION keep_outbox_days(days integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    today date := (now() AT TIME ZONE 'UTC')::date;
    one date;
    part text;
    gone bigint := 0;
    units bigint;
BEGIN
    IF days IS NULL OR days < 21 THEN
        RAISE EXCEPTION 'payloads are kept for as long as inboxes remember, 21 days, at least';
    END IF;
    PERFORM set_config('lock_timeout', '5s', true);
    FOR part, one IN
        SELECT c.relname, to_date(right(c.relname, 10), 'YYYY_MM_DD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.outbox_payloads'::regclass AND c.relname ~ '^outbox_payloads_[0-9]{4}_[0-9]{2}_[0-9]{2}$'
        ORDER BY c.relname
    LOOP
        CONTINUE WHEN one >= today - days;
        CONTINUE WHEN EXISTS (SELECT FROM public.outbox_queue q JOIN public.outbox o USING (id) WHERE o.day = one);
        EXECUTE format('SELECT count(*) FROM public.%I', part) INTO units;
        EXECUTE format('DROP TABLE public.%I', part);
        gone := gone + units;
    END LOOP;
    FOR one IN SELECT today + n FROM generate_series(0, 7) AS n LOOP
        part := 'outbox_payloads_' || to_char(one, 'YYYY_MM_DD');
        CONTINUE WHEN to_regclass('public.' || part) IS NOT NULL;
        CONTINUE WHEN EXISTS (SELECT FROM public.outbox_payloads_else WHERE day = one);
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.outbox_payloads FOR VALUES FROM (%L) TO (%L)', part, one, one + 1);
    END LOOP;
    DELETE FROM public.outbox_payloads_else e WHERE day < today - days
        AND NOT EXISTS (SELECT FROM public.outbox_queue q WHERE q.id = e.id);
    GET DIAGNOSTICS units = ROW_COUNT;
    RETURN gone + units;
END $$;
"""
"""Makes the days that come, and drops those whose time is over, but none with a unit that is still to be sent; how many units were dropped.

What a missing day would have held lies in the partition for all else.
"""


def upgrade(op: Any) -> None:
    """Make the tables, in a service's first migration (``op`` is Alembic's)."""
    for text in (*TABLES.split(";\n"), KEEP_DAYS, "SELECT keep_outbox_days(30)"):
        if text.strip():
            op.execute(text)


def downgrade(op: Any) -> None:
    """The way back."""
    op.execute("DROP FUNCTION keep_outbox_days")
    for name in TABLES_MADE:
        op.execute(f"DROP TABLE IF EXISTS {name}")
