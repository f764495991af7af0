from claimstream_kit.migrations import differences, migrate
from remit_svc.main import MIGRATIONS
from remit_svc.tables import metadata


def test_the_migrations_make_what_the_tables_say(new_database):
    url = new_database("remit_svc")

    migrate(MIGRATIONS, new_database.as_owner(url))

    assert differences(metadata, url) == []
