"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from claimstream_kit import kit_v1
from sqlalchemy.dialects import postgresql

revision = "remit_svc_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    op.create_table('accounts',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('encounter_id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=True),
        sa.Column('control_number', sa.Text(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('assembled_sequence', sa.BigInteger(), nullable=False),
        sa.Column('is_submitted', sa.Boolean(), nullable=False),
        sa.Column('patient_paid_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False, comment='at the desk'),
        sa.Column('charged_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("state IN ('released', 'held', 'self_pay')", name=op.f('ck_accounts_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_accounts'))
    )
    op.create_index('ix_accounts_practice_charged_cents', 'accounts', ['practice', 'charged_cents'], unique=False)
    op.create_index('ix_accounts_practice_control_number', 'accounts', ['practice', 'control_number'], unique=False)
    op.create_table('entries',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('journal_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('account', sa.Text(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False, comment='the claim, self-pay visit or remittance that the journal belongs to'),
        sa.Column('cents', sa.BigInteger(), nullable=False),
        sa.Column('line_id', sa.Uuid(), nullable=True),
        sa.Column('payer_id', sa.Text(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.CheckConstraint('cents <> 0', name=op.f('ck_entries_not_empty')),
        sa.PrimaryKeyConstraint('practice', 'journal_id', 'number', name=op.f('pk_entries'))
    )
    op.create_index('ix_entries_credit', 'entries', ['practice', 'account_id'], unique=False, postgresql_where=sa.text("account = 'receivable.credit'"))
    op.create_index('ix_entries_practice_account_id', 'entries', ['practice', 'account_id'], unique=False)
    op.create_table('journals',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=True),
        sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_journals'))
    )
    op.create_index('ix_journals_practice_account_id', 'journals', ['practice', 'account_id'], unique=False)
    op.create_index('ix_journals_practice_remittance_id', 'journals', ['practice', 'remittance_id'], unique=False)
    op.create_table('payments',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.Column('ordinal', sa.Integer(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=True),
        sa.Column('payer_sequence', sa.Text(), nullable=True),
        sa.Column('payer_id', sa.Text(), nullable=True),
        sa.Column('outcome', sa.Text(), nullable=False, comment='as claim.adjudicated tells it, or suspended, or predetermination'),
        sa.Column('paid_cents', sa.BigInteger(), nullable=False),
        sa.Column('denied_cents', sa.BigInteger(), nullable=False, comment='as it was told'),
        sa.Column('underpaid_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False, comment='as it was told'),
        sa.Column('patient_cents', sa.BigInteger(), nullable=False),
        sa.Column('standing_denied_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False, comment='stands refused now'),
        sa.Column('variance_cents', sa.BigInteger(), nullable=True, comment='allowed minus expected, while it stands'),
        sa.Column('suspense_cents', sa.BigInteger(), nullable=False),
        sa.Column('moved_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False, comment='out of suspense, by a person'),
        sa.Column('moved_to', sa.Text(), nullable=True),
        sa.Column('edition', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='put on a claim, or taken off, by a person'),
        sa.Column('payer_claim_number', sa.Text(), nullable=True, comment='CLP07'),
        sa.Column('reason', sa.Text(), nullable=True, comment='why all or part of it is in suspense'),
        sa.Column('question', sa.Text(), nullable=True, comment='what a person has to find out'),
        sa.PrimaryKeyConstraint('practice', 'remittance_id', 'ordinal', name=op.f('pk_payments'))
    )
    op.create_index('ix_payments_practice_claim_id', 'payments', ['practice', 'claim_id'], unique=False)
    op.create_index('ix_payments_practice_payer_claim_number', 'payments', ['practice', 'payer_claim_number'], unique=False)
    op.create_index('ix_payments_waiting', 'payments', ['practice', 'remittance_id'], unique=False, postgresql_where=sa.text('reason IS NOT NULL OR question IS NOT NULL OR variance_cents > 0'))
    op.create_table('provider_adjustments',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False, comment='position in the set, from 1'),
        sa.Column('provider', sa.Text(), nullable=False),
        sa.Column('fiscal_period', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False, comment='PLB03-1'),
        sa.Column('reference', sa.Text(), nullable=True, comment='PLB03-2'),
        sa.Column('cents', sa.BigInteger(), nullable=False, comment='positive lowers the payment'),
        sa.Column('account', sa.Text(), nullable=False, comment='where it stands on the ledger'),
        sa.Column('claim_id', sa.Uuid(), nullable=True, comment='the claim that its reference names'),
        sa.Column('refers_to', sa.Uuid(), nullable=True, comment='the remittance that its reference names'),
        sa.PrimaryKeyConstraint('practice', 'remittance_id', 'number', name=op.f('pk_provider_adjustments'))
    )
    op.create_table('remittance_chunks',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.Column('chunk', sa.Integer(), nullable=False),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'remittance_id', 'chunk', name=op.f('pk_remittance_chunks'))
    )
    op.create_table('remittances',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('body_digest', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('payer_name', sa.Text(), nullable=False),
        sa.Column('trace_number', sa.Text(), nullable=False),
        sa.Column('trace_originator', sa.Text(), nullable=False),
        sa.Column('payee', sa.Text(), nullable=False),
        sa.Column('paid_on', sa.Date(), nullable=False),
        sa.Column('amount_cents', sa.BigInteger(), nullable=False),
        sa.Column('payments', sa.Integer(), nullable=False),
        sa.Column('chunks', sa.Integer(), nullable=False),
        sa.Column('chunks_here', sa.Integer(), nullable=False),
        sa.Column('file_name', sa.Text(), nullable=False),
        sa.Column('received_number', sa.BigInteger(), nullable=True, comment="place among the practice's, as they were received"),
        sa.Column('follows', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False, comment='are posted before it'),
        sa.Column('passed', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False, comment='of those, not posted when it was'),
        sa.Column('cause', sa.Text(), nullable=True, comment='why it is quarantined or in conflict, for programs'),
        sa.Column('reason', sa.Text(), nullable=True, comment='why it is quarantined or in conflict, for people'),
        sa.Column('missing_cents', sa.BigInteger(), nullable=True, comment='what an unbalanced set lacks at transaction level, or first lower down'),
        sa.Column('staged_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('posted_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cause IN ('unbalanced', 'contradiction', 'not_posted', 'conflict')", name=op.f('ck_remittances_cause')),
        sa.CheckConstraint("state IN ('staged', 'posted', 'quarantined', 'conflict')", name=op.f('ck_remittances_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_remittances')),
        sa.UniqueConstraint('practice', 'body_digest', name=op.f('uq_remittances_practice_body_digest'))
    )
    op.create_index('ix_remittances_practice_trace', 'remittances', ['practice', 'trace_originator', 'trace_number'], unique=False)
    op.create_index('ix_remittances_staged', 'remittances', ['staged_at'], unique=False, postgresql_where=sa.text("state = 'staged'"))
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
    op.execute("DROP FUNCTION ledger_is_append_only() CASCADE")
    op.execute("DROP FUNCTION journal_must_balance() CASCADE")
    op.drop_index('ix_remittances_staged', table_name='remittances', postgresql_where=sa.text("state = 'staged'"))
    op.drop_index('ix_remittances_practice_trace', table_name='remittances')
    op.drop_table('remittances')
    op.drop_table('remittance_chunks')
    op.drop_table('provider_adjustments')
    op.drop_index('ix_payments_waiting', table_name='payments', postgresql_where=sa.text('reason IS NOT NULL OR question IS NOT NULL OR variance_cents > 0'))
    op.drop_index('ix_payments_practice_payer_claim_number', table_name='payments')
    op.drop_index('ix_payments_practice_claim_id', table_name='payments')
    op.drop_table('payments')
    op.drop_index('ix_journals_practice_remittance_id', table_name='journals')
    op.drop_index('ix_journals_practice_account_id', table_name='journals')
    op.drop_table('journals')
    op.drop_index('ix_entries_practice_account_id', table_name='entries')
    op.drop_index('ix_entries_credit', table_name='entries', postgresql_where=sa.text("account = 'receivable.credit'"))
    op.drop_table('entries')
    op.drop_index('ix_accounts_practice_control_number', table_name='accounts')
    op.drop_index('ix_accounts_practice_charged_cents', table_name='accounts')
    op.drop_table('accounts')
    kit_v1.downgrade(op)
