from claimstream_kit.migrations import differences, migrate
from denial_svc.main import MIGRATIONS
from denial_svc.tables import metadata


def test_the_migrations_make_what_the_tables_say(new_database):
    url = new_database("denial_svc")

    migrate(MIGRATIONS, url)

    assert differences(metadata, url) == []
