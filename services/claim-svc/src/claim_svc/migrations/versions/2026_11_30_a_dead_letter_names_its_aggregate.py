"""A dead letter names its aggregate, so that what is parked behind it does not hang on a topic's name."""

from claimstream_kit.migrations import add_aggregate_to_dead_letters, drop_aggregate_from_dead_letters

revision = "b1111ed00005"
down_revision = "b1111ed00004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_aggregate_to_dead_letters()


def downgrade() -> None:
    drop_aggregate_from_dead_letters()
