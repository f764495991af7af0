from claimstream_kit.migrations import differences
from clearinghouse_gw.tables import metadata


def test_the_migrations_make_the_tables(new_database, template):
    assert differences(metadata, new_database("clearinghouse_gw", template=template)) == []
