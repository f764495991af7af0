from claim_svc.main import MIGRATIONS
from claim_svc.tables import metadata
from claimstream_kit.migrations import differences, migrate


def test_the_migrations_make_what_the_tables_say(new_database):
    url = new_database("claim_svc")

    migrate(MIGRATIONS, new_database.as_owner(url))

    assert differences(metadata, url) == []
