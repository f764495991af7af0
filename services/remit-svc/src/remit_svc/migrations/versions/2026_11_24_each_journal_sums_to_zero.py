"""Each journal sums to zero, at the latest when its transaction commits."""

from alembic import op

revision = "b0a1a9ce0001"
down_revision = "c18c1af0e46d"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE FUNCTION journal_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF (SELECT sum(cents) FROM entries WHERE practice = NEW.practice AND journal_id = NEW.journal_id) <> 0 THEN
                RAISE EXCEPTION 'journal % does not sum to zero', NEW.journal_id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON entries
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.number = 1) EXECUTE FUNCTION journal_must_balance()
    """)
    op.execute("""
        CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$
    """)
    for table in ("entries", "journals"):
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()"
        )


def downgrade() -> None:
    for table in ("entries", "journals"):
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    op.execute("DROP FUNCTION ledger_is_append_only()")
    op.execute("DROP TRIGGER journal_balances ON entries")
    op.execute("DROP FUNCTION journal_must_balance()")
