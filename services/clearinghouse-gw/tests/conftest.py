import pytest
from claimstream_kit.testing import migrated_template, under_test
from clearinghouse_gw.main import MIGRATIONS, build
from clearinghouse_gw.settings import Settings

from .builders import a_practice_changed
from .office import Office


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "clearinghouse_gw", MIGRATIONS)


@pytest.fixture
async def gateway(new_database, template, tmp_path):
    database = new_database("clearinghouse_gw", template=template)
    told = {"exchange_dir": tmp_path / "exchange", "look_again_seconds": 0.0}
    async with under_test(build, Settings, database, tmp_path, **told) as service:
        await service.hears(a_practice_changed())
        yield Office(service, tmp_path / "exchange")
