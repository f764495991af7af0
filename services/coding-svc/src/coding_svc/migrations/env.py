from claimstream_kit.migrations import run_migrations
from coding_svc.tables import metadata

run_migrations(metadata)
