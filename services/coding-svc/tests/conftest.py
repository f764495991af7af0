"""coding-svc on a database of its own for each test."""

import pytest
from claimstream_kit.auth import INSTALLATION
from claimstream_kit.testing import ServiceUnderTest, migrated_template, under_test
from coding_svc.main import MIGRATIONS, build
from coding_svc.settings import Settings

from .builders import PRACTICE


@pytest.fixture(scope="session")
def template(new_database):
    return migrated_template(new_database, "coding_svc", MIGRATIONS)


@pytest.fixture
async def empty(new_database, template, tmp_path):
    """The service without any practice."""
    async with under_test(build, Settings, new_database("coding_svc", template=template), tmp_path) as service:
        yield service


@pytest.fixture
async def coding_svc(empty) -> ServiceUnderTest:
    """The service with a practice loaded."""
    answer = await empty.client.put(
        "/practices/bay-state", json=PRACTICE, headers=empty.as_("practice-admin", practice=INSTALLATION)
    )
    assert answer.status_code == 200, answer.text
    return empty
