import asyncpg
import pytest
from claimstream_kit.testing import ServiceUnderTest, migrated_template, under_test
from remit_svc.main import MIGRATIONS, build
from remit_svc.settings import Settings


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "remit_svc", MIGRATIONS)


class Books:
    """remit-svc, with the questions that its tests ask of the ledger."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service

    async def hears(self, *events, ids=None):
        """Hear events, then post what is complete."""
        given = await self.service.hears(*events, ids=ids)
        await self.service.running.service.state["posting"].post_all(self.service.running)
        return given

    async def balances(self) -> dict[str, int]:
        """Cents by ledger account, without empty ones."""
        rows = await self.service.database.fetch(
            "SELECT account, sum(cents)::bigint AS cents FROM entries GROUP BY account HAVING sum(cents) <> 0"
        )
        return {row["account"]: row["cents"] for row in rows}

    async def states(self) -> list[str]:
        """The remittances' states, as they came."""
        return [
            row["state"]
            for row in await self.service.database.fetch(
                "SELECT state FROM remittances ORDER BY staged_at, trace_number"
            )
        ]

    async def told(self, kind):
        return await self.service.told(kind)


@pytest.fixture
async def books(new_database, template, tmp_path):
    async with under_test(build, Settings, new_database("remit_svc", template=template), tmp_path) as service:
        yield Books(service)


@pytest.fixture
async def owner(books, new_database):
    """A connection as the owner of the database: who may do what the service may not."""
    connection = await asyncpg.connect(new_database.as_owner(books.service.database.url))
    yield connection
    await connection.close()
