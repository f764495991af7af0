"""Money in suspense, and where a person may move it: a payment or a part of it, a reversal, a provider adjustment."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from .ledger import OTHER_INCOME, PAYABLE

Target = Literal["owed_to_payer", "other_income"]

ACCOUNTS: Mapping[Target, str] = MappingProxyType({"owed_to_payer": PAYABLE, "other_income": OTHER_INCOME})
"""``owed_to_payer``: it is none of ours and will be given back; ``other_income``: it is ours, for no claim (an incentive, a capitation)."""
