"""What scrubbing asks of the code sets: a port, so that the domain does no I/O."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class CodeCheck:
    """Whether a code may be billed on a day; ``unchecked`` is neither good nor bad, and is counted."""

    standing: str
    """valid, invalid, not_billable, unchecked"""
    reason: str


class CodeSets(Protocol):
    """Codes by date of service."""

    tables: frozenset[str]
    """Which of the edits' tables are loaded: ncci, mue, global_days, excludes1, sex_age."""

    def diagnosis(self, code: str, on: date) -> CodeCheck:
        """An ICD-10-CM code."""

    def procedure(self, code: str, on: date) -> CodeCheck:
        """A HCPCS or CPT code."""

    def policies_for(self, procedure: str) -> tuple[str, ...]:
        """The coverage policies that name a procedure."""

    def supports(self, policy: str, procedure: str, diagnosis: str, on: date) -> bool:
        """Whether a policy lists the diagnosis as support for the procedure."""

    def is_modifier(self, code: str) -> bool:
        """Whether a modifier is in the list at hand, which may be older than the service."""

    def is_place_of_service(self, code: str) -> bool:
        """Whether a place of service is assigned."""

    def is_poa_exempt(self, code: str) -> bool:
        """Whether a diagnosis carries no present-on-admission indicator."""
