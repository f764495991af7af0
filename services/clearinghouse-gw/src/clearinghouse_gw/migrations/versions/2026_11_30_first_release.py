"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from claimstream_kit import kit_v1
from sqlalchemy.dialects import postgresql

revision = "clearinghouse_gw_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    op.create_table('files',
        sa.Column('practice', sa.Text(), nullable=False, comment="'-' of an inbound file: not the file is a practice's, its sets are"),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('direction', sa.Text(), nullable=False),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False, comment='837P, 837I; inbound: the kinds of its sets'),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('partner_id', sa.Text(), nullable=False),
        sa.Column('submitter_id', sa.Text(), nullable=False),
        sa.Column('control_number', sa.BigInteger(), nullable=True, comment='ISA13, and GS06, of a file of ours'),
        sa.Column('digest', sa.Text(), nullable=True, comment='SHA-256; NULL until rendered'),
        sa.Column('size', sa.BigInteger(), nullable=True),
        sa.Column('changed_ns', sa.BigInteger(), nullable=True, comment='when an inbound file was last written, as its folder says'),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('interchange_answer', sa.Text(), nullable=True, comment='of an outbound file: its TA1'),
        sa.Column('group_answer', sa.Text(), nullable=True, comment='of an outbound file: its 999'),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('remedy', sa.Text(), nullable=True),
        sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('copy_of', sa.Uuid(), nullable=True, comment='of a duplicate the file whose sets it has'),
        sa.CheckConstraint("direction IN ('outbound', 'inbound')", name=op.f('ck_files_direction')),
        sa.CheckConstraint("group_answer IN ('accepted', 'partly', 'rejected')", name=op.f('ck_files_group_answer')),
        sa.CheckConstraint("interchange_answer IN ('accepted', 'rejected')", name=op.f('ck_files_interchange_answer')),
        sa.CheckConstraint("state IN ('prepared', 'sent', 'processed', 'duplicate', 'refused')", name=op.f('ck_files_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_files'))
    )
    op.create_index('ix_files_inbound_name', 'files', ['name'], unique=False, postgresql_where=sa.text("direction = 'inbound'"))
    op.create_index('ix_files_prepared', 'files', ['created_at'], unique=False, postgresql_where=sa.text("state = 'prepared'"))
    op.create_index('uq_files_inbound_digest', 'files', ['digest'], unique=True, postgresql_where=sa.text("direction = 'inbound' AND state = 'processed'"))
    op.create_index('uq_files_outbound_control_number', 'files', ['partner_id', 'control_number'], unique=True, postgresql_where=sa.text("direction = 'outbound'"))
    op.create_table('named_claims',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('payer', sa.Text(), nullable=False, comment="the payer's id in the 835, else TRN03"),
        sa.Column('control_number', sa.Text(), nullable=False, comment='CLP01: of a claim that we sent'),
        sa.Column('number', sa.BigInteger(), nullable=False, comment='of the latest remittance of this payer that names the claim'),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'payer', 'control_number', name=op.f('pk_named_claims'))
    )
    op.create_table('partners',
        sa.Column('receiver_id', sa.Text(), nullable=False, comment='ISA08; one folder serves all practices, so numbers are per partner'),
        sa.Column('last_control_number', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('receiver_id', name=op.f('pk_partners'))
    )
    op.create_table('practices',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('npi', sa.Text(), nullable=False),
        sa.Column('tin', sa.Text(), nullable=False),
        sa.Column('submitter_id', sa.Text(), nullable=False),
        sa.Column('location_npis', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False, comment='of locations that bill themselves'),
        sa.Column('location_tins', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False, comment='of locations that bill themselves'),
        sa.Column('shares_with', postgresql.JSONB(astext_type=sa.Text()), server_default='[]', nullable=False, comment='practices that may have the same tax id'),
        sa.PrimaryKeyConstraint('practice', name=op.f('pk_practices'))
    )
    op.create_table('readings',
        sa.Column('replica', sa.Text(), nullable=False, comment="who reads, or '-' where a person wants it tried again"),
        sa.Column('name', sa.Text(), nullable=False),
        sa.Column('size', sa.BigInteger(), nullable=False),
        sa.Column('changed_ns', sa.BigInteger(), nullable=False),
        sa.Column('is_alone', sa.Boolean(), nullable=False),
        sa.Column('is_open', sa.Boolean(), nullable=False, comment='it began, and has not ended'),
        sa.Column('ends', sa.Integer(), server_default='0', nullable=False, comment='of the process while it was read'),
        sa.Column('ends_alone', sa.Integer(), server_default='0', nullable=False, comment='of these while it was read alone'),
        sa.PrimaryKeyConstraint('replica', 'name', name=op.f('pk_readings'))
    )
    op.create_table('remittance_numbers',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('last', sa.BigInteger(), nullable=False, comment="the place of the practice's latest remittance among all of its own"),
        sa.PrimaryKeyConstraint('practice', name=op.f('pk_remittance_numbers'))
    )
    op.create_table('sets',
        sa.Column('practice', sa.Text(), nullable=False, comment="'-' where it can be tied to none, or is several practices'"),
        sa.Column('file_id', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False, comment='position in the file, from 1'),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('control_number', sa.Text(), nullable=False, comment="ST02; TA1: the interchange's own"),
        sa.Column('digest', sa.Text(), nullable=False, comment='of its content without control values'),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=True),
        sa.Column('remedy', sa.Text(), nullable=True),
        sa.Column('told', sa.Integer(), nullable=False, comment='events published for it'),
        sa.Column('remittance_id', sa.Uuid(), nullable=True),
        sa.Column('trace_number', sa.Text(), nullable=True),
        sa.Column('payment', postgresql.JSONB(astext_type=sa.Text()), nullable=True, comment='of an unclaimed set: who pays whom, how much and when'),
        sa.CheckConstraint("state IN ('processed', 'duplicate', 'refused', 'unclaimed')", name=op.f('ck_sets_state')),
        sa.PrimaryKeyConstraint('practice', 'file_id', 'number', name=op.f('pk_sets'))
    )
    op.create_index('ix_sets_file', 'sets', ['file_id', 'practice'], unique=False)
    op.create_index('ix_sets_unclaimed', 'sets', ['kind', 'digest'], unique=False, postgresql_where=sa.text("state = 'unclaimed'"))
    op.create_index('ix_sets_unclaimed_place', 'sets', ['practice', 'file_id', 'number'], unique=False, postgresql_where=sa.text("state = 'unclaimed'"))
    op.create_index('uq_sets_digest', 'sets', ['practice', 'kind', 'digest'], unique=True, postgresql_where=sa.text("state = 'processed'"))
    op.create_table('submissions',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('ordinal', sa.Integer(), nullable=False),
        sa.Column('payer_sequence', sa.Text(), nullable=False),
        sa.Column('control_number', sa.Text(), nullable=False),
        sa.Column('payer_x12_id', sa.Text(), nullable=False),
        sa.Column('submitter_id', sa.Text(), nullable=False),
        sa.Column('receiver_id', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('file_id', sa.Uuid(), nullable=True),
        sa.Column('set_number', sa.Integer(), nullable=True),
        sa.Column('place', sa.Integer(), nullable=True, comment='position in the file, from 1'),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='claim.submitted as it was heard'),
        sa.Column('heard_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state IN ('prepared', 'sent')) = (file_id IS NOT NULL)", name=op.f('ck_submissions_file_when_prepared')),
        sa.CheckConstraint("state IN ('queued', 'prepared', 'sent', 'refused')", name=op.f('ck_submissions_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_submissions')),
        sa.UniqueConstraint('practice', 'file_id', 'place', name=op.f('uq_submissions_practice_file_id_place'))
    )
    op.create_index('ix_submissions_control_number', 'submissions', ['control_number', 'practice'], unique=False)
    op.create_index('ix_submissions_queued', 'submissions', ['heard_at'], unique=False, postgresql_where=sa.text("state = 'queued'"))


def downgrade() -> None:
    op.drop_index('ix_submissions_queued', table_name='submissions', postgresql_where=sa.text("state = 'queued'"))
    op.drop_index('ix_submissions_control_number', table_name='submissions')
    op.drop_table('submissions')
    op.drop_index('uq_sets_digest', table_name='sets', postgresql_where=sa.text("state = 'processed'"))
    op.drop_index('ix_sets_unclaimed_place', table_name='sets', postgresql_where=sa.text("state = 'unclaimed'"))
    op.drop_index('ix_sets_unclaimed', table_name='sets', postgresql_where=sa.text("state = 'unclaimed'"))
    op.drop_index('ix_sets_file', table_name='sets')
    op.drop_table('sets')
    op.drop_table('remittance_numbers')
    op.drop_table('readings')
    op.drop_table('practices')
    op.drop_table('partners')
    op.drop_table('named_claims')
    op.drop_index('uq_files_outbound_control_number', table_name='files', postgresql_where=sa.text("direction = 'outbound'"))
    op.drop_index('uq_files_inbound_digest', table_name='files', postgresql_where=sa.text("direction = 'inbound' AND state = 'processed'"))
    op.drop_index('ix_files_inbound_name', table_name='files', postgresql_where=sa.text("direction = 'inbound'"))
    op.drop_index('ix_files_prepared', table_name='files', postgresql_where=sa.text("state = 'prepared'"))
    op.drop_table('files')
    kit_v1.downgrade(op)
