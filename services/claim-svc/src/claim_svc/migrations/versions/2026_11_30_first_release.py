"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from claimstream_kit import kit_v1
from sqlalchemy.dialects import postgresql

revision = "claim_svc_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    op.create_table('acknowledgments',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('submission_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Text(), nullable=False, comment='file digest and level: the same answer is kept once'),
        sa.Column('level', sa.Text(), nullable=False),
        sa.Column('accepted', sa.Boolean(), nullable=False),
        sa.Column('payer_level', sa.Boolean(), nullable=False),
        sa.Column('message', sa.Text(), nullable=False),
        sa.Column('statuses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('acknowledged_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'submission_id', 'number', name=op.f('pk_acknowledgments'))
    )
    op.create_table('billed_services',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('fingerprint', sa.Text(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('is_live', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'fingerprint', name=op.f('pk_billed_services'))
    )
    op.create_table('billings',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('encounter_id', sa.Uuid(), nullable=False),
        sa.Column('encounter_version', sa.Integer(), nullable=False, comment='the newest that came, billed or waiting as a correction'),
        sa.Column('claims', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='the ids of the claims that stand; none: self-pay'),
        sa.PrimaryKeyConstraint('practice', 'encounter_id', name=op.f('pk_billings'))
    )
    op.create_table('charge_lines',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('line_id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('is_live', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'line_id', name=op.f('pk_charge_lines'))
    )
    op.create_table('claims',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('control_number', sa.Text(), nullable=False),
        sa.Column('encounter_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('headline', sa.Text(), server_default='unanswered', nullable=False, comment='derived, for lists'),
        sa.Column('patient', sa.Text(), server_default='', nullable=False, comment='last and first name without capitals'),
        sa.Column('service_from', sa.Date(), nullable=True),
        sa.Column('payer_id', sa.Text(), nullable=True),
        sa.Column('total_charge_cents', sa.BigInteger(), nullable=False),
        sa.Column('submissions', sa.Integer(), nullable=False),
        sa.Column('warnings', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='how many it leaves or left with'),
        sa.Column('unchecked', sa.Integer(), server_default=sa.text('0'), nullable=False, comment='tables that are not loaded and would have judged it, a bit each: NCCI, MUE, global days, Excludes1, sex and age'),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('held', 'released', 'withdrawn', 'voided')", name=op.f('ck_claims_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_claims')),
        sa.UniqueConstraint('control_number', name=op.f('uq_claims_control_number'))
    )
    op.create_index('ix_claims_practice_encounter_id', 'claims', ['practice', 'encounter_id'], unique=False)
    op.create_index('ix_claims_practice_headline_id', 'claims', ['practice', 'headline', 'id'], unique=False)
    op.create_index('ix_claims_practice_patient', 'claims', ['practice', 'patient'], unique=False, postgresql_ops={'patient': 'text_pattern_ops'})
    op.create_table('contracts',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False),
        sa.Column('chunks', sa.Integer(), nullable=False),
        sa.Column('is_complete', sa.Boolean(), nullable=False, comment='all its chunks have come; it never changes from then on'),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='the terms of each chunk'),
        sa.CheckConstraint('revision >= 1', name=op.f('ck_contracts_revision')),
        sa.PrimaryKeyConstraint('practice', 'id', 'revision', name=op.f('pk_contracts'))
    )
    op.create_table('corrections',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False, comment="of a new claim its future id, of self-pay the encounter's"),
        sa.Column('encounter_id', sa.Uuid(), nullable=False),
        sa.Column('encounter_version', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('origin', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('actor', sa.Text(), nullable=False),
        sa.Column('submission_ordinal', sa.Integer(), nullable=True),
        sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='what the claim is to become'),
        sa.Column('replaced', postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment='what the claim said before it left'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('replacement', 'void', 'rebill', 'next_payers', 'new_claim', 'self_pay')", name=op.f('ck_corrections_kind')),
        sa.CheckConstraint("origin IN ('encounter', 'person', 'payer', 'denial')", name=op.f('ck_corrections_origin')),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'dropped', 'superseded')", name=op.f('ck_corrections_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_corrections'))
    )
    op.create_index('ix_corrections_practice_encounter_id', 'corrections', ['practice', 'encounter_id'], unique=False)
    op.create_index('ix_corrections_practice_state_id', 'corrections', ['practice', 'state', 'id'], unique=False)
    op.create_index('uq_corrections_open', 'corrections', ['practice', 'claim_id'], unique=True, postgresql_where=sa.text("state IN ('waiting', 'sending')"))
    op.create_table('practices',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('contracts', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False, comment='the revision of each that it names'),
        sa.PrimaryKeyConstraint('practice', name=op.f('pk_practices'))
    )
    op.create_table('self_pay_visits',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('encounter_id', sa.Uuid(), nullable=False),
        sa.Column('encounter_version', sa.Integer(), nullable=False),
        sa.Column('total_charge_cents', sa.BigInteger(), nullable=False),
        sa.Column('is_live', sa.Boolean(), server_default=sa.text('true'), nullable=False),
        sa.Column('patient_paid_cents', sa.BigInteger(), server_default=sa.text('0'), nullable=False, comment='at the desk'),
        sa.PrimaryKeyConstraint('practice', 'encounter_id', name=op.f('pk_self_pay_visits'))
    )
    op.create_table('submissions',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('ordinal', sa.Integer(), nullable=False),
        sa.Column('payer_sequence', sa.Text(), nullable=False),
        sa.Column('payer_id', sa.Text(), nullable=False),
        sa.Column('frequency_code', sa.Text(), nullable=False),
        sa.Column('total_charge_cents', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('is_live', sa.Boolean(), nullable=False),
        sa.Column('file_name', sa.Text(), nullable=True),
        sa.Column('payer_claim_number', sa.Text(), nullable=True),
        sa.Column('rejection', sa.Text(), nullable=True),
        sa.Column('remedy', sa.Text(), nullable=True),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('queued', 'sent', 'file_accepted', 'payer_accepted', 'rejected')", name=op.f('ck_submissions_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_submissions')),
        sa.UniqueConstraint('practice', 'claim_id', 'ordinal', name=op.f('uq_submissions_practice_claim_id_ordinal'))
    )
    op.create_index('uq_submissions_live_sequence', 'submissions', ['practice', 'claim_id', 'payer_sequence'], unique=True, postgresql_where='is_live')
    op.create_table('unchecked_codes',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('code', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'claim_id', 'code', name=op.f('pk_unchecked_codes'))
    )


def downgrade() -> None:
    op.drop_table('unchecked_codes')
    op.drop_index('uq_submissions_live_sequence', table_name='submissions', postgresql_where='is_live')
    op.drop_table('submissions')
    op.drop_table('self_pay_visits')
    op.drop_table('practices')
    op.drop_index('uq_corrections_open', table_name='corrections', postgresql_where=sa.text("state IN ('waiting', 'sending')"))
    op.drop_index('ix_corrections_practice_state_id', table_name='corrections')
    op.drop_index('ix_corrections_practice_encounter_id', table_name='corrections')
    op.drop_table('corrections')
    op.drop_table('contracts')
    op.drop_index('ix_claims_practice_patient', table_name='claims', postgresql_ops={'patient': 'text_pattern_ops'})
    op.drop_index('ix_claims_practice_headline_id', table_name='claims')
    op.drop_index('ix_claims_practice_encounter_id', table_name='claims')
    op.drop_table('claims')
    op.drop_table('charge_lines')
    op.drop_table('billings')
    op.drop_table('billed_services')
    op.drop_table('acknowledgments')
    kit_v1.downgrade(op)
