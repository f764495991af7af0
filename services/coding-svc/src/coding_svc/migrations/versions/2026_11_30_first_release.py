"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from claimstream_kit import kit_v1
from sqlalchemy.dialects import postgresql

revision = "coding_svc_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    op.create_table('bundles',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('report', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'digest', name=op.f('pk_bundles'))
    )
    op.create_table('coding_work',
        sa.Column('seq', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('encounter', sa.Uuid(), nullable=False),
        sa.Column('enqueued_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'encounter', name=op.f('pk_coding_work'))
    )
    op.create_index(op.f('ix_coding_work_seq'), 'coding_work', ['seq'], unique=False)
    op.create_table('contracts',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Text(), nullable=False),
        sa.Column('revision', sa.Integer(), nullable=False, comment='as it was told last'),
        sa.Column('digest', sa.LargeBinary(), nullable=True, comment='of its fee schedules; NULL: the practice has it no more'),
        sa.CheckConstraint('revision >= 1', name=op.f('ck_contracts_revision')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_contracts'))
    )
    op.create_table('encounter_keys',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('encounter', sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'encounter', name=op.f('pk_encounter_keys'))
    )
    op.create_table('encounter_versions',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('encounter', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('visit', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('bundle', sa.LargeBinary(), nullable=True),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'encounter', 'version', name=op.f('pk_encounter_versions'))
    )
    op.create_table('encounters',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('source_system', sa.Text(), nullable=False),
        sa.Column('ehr_encounter_id', sa.Text(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('is_self_pay', sa.Boolean(), nullable=False),
        sa.Column('started_on', sa.Date(), nullable=False),
        sa.Column('visit', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('outcome', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('bundle', sa.LargeBinary(), nullable=True),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('answers', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("NOT is_self_pay OR state = 'coded'", name=op.f('ck_encounters_self_pay')),
        sa.CheckConstraint("state IN ('received', 'unfinished', 'awaiting_coder', 'coded', 'not_billable')", name=op.f('ck_encounters_state')),
        sa.CheckConstraint('version >= 1', name=op.f('ck_encounters_version')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_encounters')),
        sa.UniqueConstraint('practice', 'source_system', 'ehr_encounter_id', name=op.f('uq_encounters_practice_source_system_ehr_encounter_id'))
    )
    op.create_index(op.f('ix_encounters_practice_state_id'), 'encounters', ['practice', 'state', 'id'], unique=False)
    op.create_table('npis',
        sa.Column('npi', sa.Text(), nullable=False, comment='of a practice, or of a location that bills itself: one practice has it'),
        sa.Column('practice', sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint('npi', name=op.f('pk_npis'))
    )
    op.create_index('ix_npis_practice', 'npis', ['practice'], unique=False)
    op.create_table('shared_identifiers',
        sa.Column('kind', sa.Text(), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('shares_with', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='practices that may have it too, if they name this one'),
        sa.CheckConstraint("kind IN ('tax_id', 'submitter_id')", name=op.f('ck_shared_identifiers_kind')),
        sa.PrimaryKeyConstraint('kind', 'value', 'practice', name=op.f('pk_shared_identifiers'))
    )
    op.create_index('ix_shared_identifiers_practice', 'shared_identifiers', ['practice'], unique=False)
    op.create_table('practices',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('document', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('practice', name=op.f('pk_practices'))
    )
    op.create_table('remembered_places',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('location', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), nullable=True),
        sa.Column('place_of_service', sa.Text(), nullable=True),
        sa.Column('told_by', sa.Text(), nullable=False),
        sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('kind IS NOT NULL OR place_of_service IS NOT NULL', name=op.f('ck_remembered_places_told')),
        sa.PrimaryKeyConstraint('practice', 'location', name=op.f('pk_remembered_places'))
    )


def downgrade() -> None:
    op.drop_table('remembered_places')
    op.drop_table('practices')
    op.drop_index('ix_shared_identifiers_practice', table_name='shared_identifiers')
    op.drop_table('shared_identifiers')
    op.drop_index('ix_npis_practice', table_name='npis')
    op.drop_table('npis')
    op.drop_index(op.f('ix_encounters_practice_state_id'), table_name='encounters')
    op.drop_table('encounters')
    op.drop_table('encounter_versions')
    op.drop_table('encounter_keys')
    op.drop_table('contracts')
    op.drop_index(op.f('ix_coding_work_seq'), table_name='coding_work')
    op.drop_table('coding_work')
    op.drop_table('bundles')
    kit_v1.downgrade(op)
