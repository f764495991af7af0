from denial_svc.tables import metadata
from claimstream_kit.migrations import run_migrations

run_migrations(metadata)
