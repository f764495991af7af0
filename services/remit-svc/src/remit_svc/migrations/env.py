from claimstream_kit.migrations import run_migrations
from remit_svc.tables import metadata

run_migrations(metadata)
