from pathlib import Path

import pytest

from .partner import PartnerAtWork

RULES = Path(__file__).parents[3] / "demo" / "payer-rules.json"


@pytest.fixture
def partner(tmp_path):
    return PartnerAtWork(tmp_path, RULES)
