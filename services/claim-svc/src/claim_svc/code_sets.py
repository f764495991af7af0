"""``libs/codesets`` behind the domain's port."""

from datetime import date
from functools import lru_cache

from claimstream_codesets import CodeSets as PublishedCodeSets
from claimstream_codesets import open_code_sets

from .domain.codes import CodeCheck
from .domain.poa import is_exempt


class CodeSetsFromFile:
    """Codes by date of service, from the read-only file."""

    def __init__(self, published: PublishedCodeSets) -> None:
        """Look-ups are remembered: a practice uses few codes."""
        self._published = published
        self.tables: frozenset[str] = frozenset()
        self.is_modifier = published.lists.is_modifier
        self.is_place_of_service = published.lists.is_place_of_service
        self.diagnosis = lru_cache(maxsize=20_000)(self._diagnosis)
        self.procedure = lru_cache(maxsize=20_000)(self._procedure)
        self.policies_for = lru_cache(maxsize=20_000)(self._policies_for)

    def _diagnosis(self, code: str, on: date) -> CodeCheck:
        said = self._published.icd10cm.validity(code, on=on)
        return CodeCheck(str(said.standing), said.reason)

    def _procedure(self, code: str, on: date) -> CodeCheck:
        said = self._published.procedures.validity(code, on=on)
        return CodeCheck(str(said.standing), said.reason)

    def _policies_for(self, procedure: str) -> tuple[str, ...]:
        return tuple(self._published.coverage.policies_for(procedure))

    def supports(self, policy: str, procedure: str, diagnosis: str, on: date) -> bool:
        """Whether a policy lists the diagnosis for the procedure."""
        return self._published.coverage.is_covered(policy, procedure, diagnosis, on=on)

    def is_poa_exempt(self, code: str) -> bool:
        """No free copy of CMS's list of exempt codes was found: by the categories that are public."""
        return is_exempt(code)


def code_sets() -> CodeSetsFromFile:
    """The code sets of this installation."""
    return CodeSetsFromFile(open_code_sets())
