"""The tables of the first release."""

import sqlalchemy as sa
from alembic import op
from claimstream_kit import kit_v1
from sqlalchemy.dialects import postgresql

revision = "denial_svc_1"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    op.create_table('cases',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('claim_id', sa.Uuid(), nullable=False),
        sa.Column('control_number', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.Column('payment_ordinal', sa.Integer(), nullable=False),
        sa.Column('payer_id', sa.Text(), nullable=False),
        sa.Column('line_id', sa.Uuid(), nullable=True),
        sa.Column('procedure', sa.Text(), nullable=True),
        sa.Column('adjustment_group', sa.Text(), nullable=False),
        sa.Column('carc', sa.Text(), nullable=False),
        sa.Column('remarks', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('amount_cents', sa.BigInteger(), nullable=False),
        sa.Column('standing_cents', sa.BigInteger(), nullable=True, comment='what of it stands refused now; null: written by an earlier release, all of it while open'),
        sa.Column('cause', sa.Text(), nullable=False),
        sa.Column('scenario', sa.Text(), nullable=False),
        sa.Column('route', sa.Text(), nullable=False),
        sa.Column('paid_on', sa.Date(), nullable=False),
        sa.Column('answer_by', sa.Date(), nullable=False),
        sa.Column('payer_claim_number', sa.Text(), nullable=True),
        sa.Column('state', sa.Text(), nullable=False),
        sa.Column('kind', sa.Text(), server_default='refusal', nullable=False),
        sa.Column('remedy', sa.Text(), nullable=True, comment='what to do first'),
        sa.Column('may_appeal', sa.Boolean(), server_default='true', nullable=False),
        sa.Column('hard_stop', sa.Text(), nullable=True, comment='why there is no appeal'),
        sa.Column('closed_because', sa.Text(), nullable=True),
        sa.Column('closed_by', sa.Uuid(), nullable=True, comment='the remittance that settled it'),
        sa.CheckConstraint("(state = 'closed') = (closed_because IS NOT NULL) AND (state = 'closed') = (closed_by IS NOT NULL) AND closed_because IN ('paid', 'decided_anew')", name=op.f('ck_cases_closed')),
        sa.CheckConstraint("kind IN ('refusal', 'underpayment')", name=op.f('ck_cases_kind')),
        sa.CheckConstraint("may_appeal = (hard_stop IS NULL) AND (may_appeal OR route <> 'A')", name=op.f('ck_cases_appeal')),
        sa.CheckConstraint("state IN ('open', 'withdrawn', 'closed')", name=op.f('ck_cases_state')),
        sa.PrimaryKeyConstraint('practice', 'id', name=op.f('pk_cases'))
    )
    op.create_index('ix_cases_practice_state_answer_by', 'cases', ['practice', 'state', 'answer_by'], unique=False)
    op.create_index('uq_cases_refusal', 'cases', ['practice', 'remittance_id', 'payment_ordinal', 'claim_id', 'line_id', 'adjustment_group', 'carc'], unique=True, postgresql_nulls_not_distinct=True)
    op.create_table('payers',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('appeal_days', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='payer id to days from the notice to our answer'),
        sa.Column('filing_days', postgresql.JSONB(astext_type=sa.Text()), server_default='{}', nullable=False, comment='payer id to days from the service to our submission'),
        sa.PrimaryKeyConstraint('practice', name=op.f('pk_payers'))
    )
    op.create_table('reversals',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False),
        sa.Column('payment_ordinal', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('practice', 'remittance_id', 'payment_ordinal', name=op.f('pk_reversals'))
    )
    op.create_table('settlements',
        sa.Column('practice', sa.Text(), nullable=False),
        sa.Column('case_id', sa.Uuid(), nullable=False, comment='of a case that is opened, or will be'),
        sa.Column('standing_cents', sa.BigInteger(), nullable=True, comment='0: settled; null: all of it stands'),
        sa.Column('why', sa.Text(), nullable=False),
        sa.Column('remittance_id', sa.Uuid(), nullable=False, comment='of the last decision that spoke of it'),
        sa.Column('decisions', postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment='all that spoke of it: remittance/ordinal, as heard'),
        sa.CheckConstraint("why IN ('paid', 'decided_anew', 'taken_back')", name=op.f('ck_settlements_why')),
        sa.PrimaryKeyConstraint('practice', 'case_id', name=op.f('pk_settlements'))
    )


def downgrade() -> None:
    op.drop_table('settlements')
    op.drop_table('reversals')
    op.drop_table('payers')
    op.drop_index('uq_cases_refusal', table_name='cases', postgresql_nulls_not_distinct=True)
    op.drop_index('ix_cases_practice_state_answer_by', table_name='cases')
    op.drop_table('cases')
    kit_v1.downgrade(op)
