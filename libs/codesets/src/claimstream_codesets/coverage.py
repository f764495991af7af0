"""National coverage determinations: which diagnoses support which procedures."""

import sqlite3
from datetime import date

from .errors import NoSuchPolicy
from .icd10cm import bare

NCD_190_20 = "NCD190.20"
"""Blood glucose testing."""


class CoveragePolicies:
    """The policies that are loaded, held in memory."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Read from the built file."""
        self._supporting: dict[str, dict[tuple[str, str], tuple[date, date]]] = {}
        sql = "select policy, procedure, diagnosis, first, last from policy"
        for policy, procedure, diagnosis, first, last in database.execute(sql):
            span = (date.fromisoformat(first), date.fromisoformat(last))
            self._supporting.setdefault(policy, {})[procedure, diagnosis] = span
        self._procedures = {name: {procedure for procedure, _ in pairs} for name, pairs in self._supporting.items()}

    def policies_for(self, procedure: str) -> tuple[str, ...]:
        """The policies that ask for a supporting diagnosis with this procedure."""
        return tuple(name for name, procedures in self._procedures.items() if procedure in procedures)

    def is_covered(self, policy: str, procedure: str, diagnosis: str, *, on: date) -> bool:
        """Whether the diagnosis supports the procedure under the policy on that day.

        Raises:
            NoSuchPolicy: when the policy is not loaded.
        """
        if policy not in self._supporting:
            raise NoSuchPolicy(policy)
        span = self._supporting[policy].get((procedure, bare(diagnosis)))
        return span is not None and span[0] <= on <= span[1]
