"""The kit's tables by its own step, the toy's straight from its metadata."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from alembic import op
from claimstream_kit import kit_v1

revision = "toy0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    kit_v1.upgrade(op)
    spec = spec_from_file_location("toy_tables", Path(__file__).parents[2] / "service.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.metadata.create_all(op.get_bind())
