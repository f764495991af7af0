"""The migrations make exactly the tables that the code knows."""

import asyncio

from claimstream_kit.migrations import differences, migrate
from coding_svc.main import MIGRATIONS
from coding_svc.tables import metadata


async def test_an_empty_database_becomes_what_the_tables_say(new_database):
    url = new_database("coding_svc")

    await asyncio.to_thread(migrate, MIGRATIONS, new_database.as_owner(url))

    assert await asyncio.to_thread(differences, metadata, url) == []
