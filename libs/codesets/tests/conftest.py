"""The code sets of this checkout, built once."""

import pytest
from claimstream_codesets import CodeSets, open_code_sets


@pytest.fixture(scope="session")
def sets() -> CodeSets:
    """The real code sets."""
    return open_code_sets()
