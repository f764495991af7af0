"""The RFI conformance kit: what X12's own public answers say of a file, as cases that any parser can be run against.

`cases` holds them by subject, each named after its source; `adapter` says what a parser must answer; `running` runs the
one against the other. `python -m claimstream_x12.conformance` prints the result for this library, or for the adapter
that is named.
"""

from claimstream_x12.conformance.adapter import ABILITIES, Adapter, Facts, Finding, SetVerdict
from claimstream_x12.conformance.case import Case
from claimstream_x12.conformance.cases import CASES
from claimstream_x12.conformance.running import Outcome, Result, run, run_case

__all__ = [
    "ABILITIES",
    "CASES",
    "Adapter",
    "Case",
    "Facts",
    "Finding",
    "Outcome",
    "Result",
    "SetVerdict",
    "run",
    "run_case",
]
