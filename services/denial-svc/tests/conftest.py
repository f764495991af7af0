import pytest
from claimstream_kit.testing import migrated_template, under_test
from denial_svc.main import MIGRATIONS, build
from denial_svc.settings import Settings


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "denial_svc", MIGRATIONS)


@pytest.fixture
async def denial_svc(new_database, template, tmp_path):
    async with under_test(build, Settings, new_database("denial_svc", template=template), tmp_path) as service:
        yield service
