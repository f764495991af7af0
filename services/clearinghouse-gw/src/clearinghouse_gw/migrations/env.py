from claimstream_kit.migrations import run_migrations
from clearinghouse_gw.tables import metadata

run_migrations(metadata)
