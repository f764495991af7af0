import pytest
from claim_svc.main import MIGRATIONS, build
from claim_svc.settings import Settings
from claimstream_kit.testing import migrated_template, under_test

from .builders import a_contract_changed, a_practice_changed


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "claim_svc", MIGRATIONS)


@pytest.fixture
async def new_claim_svc(new_database, template, tmp_path):
    async with under_test(build, Settings, new_database("claim_svc", template=template), tmp_path) as service:
        yield service


@pytest.fixture
async def claim_svc(new_claim_svc):
    await new_claim_svc.hears(a_practice_changed(), a_contract_changed())
    return new_claim_svc
