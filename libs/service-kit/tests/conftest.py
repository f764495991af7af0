import asyncpg
import pytest
from claimstream_kit import ServiceSettings
from claimstream_kit.testing import access_of, migrated_template, under_test

from .toy.service import MIGRATIONS, build


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "toy_svc", MIGRATIONS)


@pytest.fixture(scope="session")
def kafka(kafka_server):
    """The run's Kafka, as its administrator."""
    return access_of(kafka_server)


@pytest.fixture
async def owner(toy, new_database):
    """A connection as the owner of the toy's database: who may do what the service may not."""
    connection = await asyncpg.connect(new_database.as_owner(toy.database.url))
    yield connection
    await connection.close()


@pytest.fixture
async def toy(new_database, template, tmp_path):
    async with under_test(build, ServiceSettings, new_database("toy_svc", template=template), tmp_path) as service:
        yield service
