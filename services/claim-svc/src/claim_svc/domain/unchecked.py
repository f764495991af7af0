"""What a claim was not checked for, since the code table that says it is not loaded: neither passed nor failed, and counted."""

from collections import Counter
from collections.abc import Set as AbstractSet
from typing import Literal

from claimstream_schemas.values.claim_kinds import kind_of

from .claim import ClaimContent
from .hipps import hcpcs_lines
from .visits import is_visit

Table = Literal["ncci", "mue", "global_days", "excludes1", "sex_age"]
"""A table of CMS's or NCHS's that a check needs."""

NOT_LOADED: dict[Table, str] = {
    "ncci": "NCCI pairs are not loaded",
    "mue": "MUE limits are not loaded",
    "global_days": "global days are not loaded",
    "excludes1": "Excludes1 pairs are not loaded",
    "sex_age": "sex and age edits are not loaded",
}
"""Why each was not done, as people read it; in the order of the bits under which a claim's row counts them."""


def unchecked_in(content: ClaimContent, loaded: AbstractSet[str]) -> tuple[Table, ...]:
    """The checks that this claim gives reason for and that cannot be done: pairs of two procedures of a day, several units, and so on."""
    return tuple(table for table in NOT_LOADED if table not in loaded and _asks_for(content, table))


def _asks_for(content: ClaimContent, table: Table) -> bool:
    lines = tuple(hcpcs_lines(content))
    match table:
        case "ncci":
            days = Counter(line.service_from for line in lines if line.procedure)
            return any(count > 1 for count in days.values())
        case "mue":
            return any(line.units > 1 and line.procedure for line in lines)
        case "global_days":
            return kind_of(content.kind).bills_clinicians and any(is_visit(line.procedure) for line in lines)
        case "excludes1":
            return len(content.diagnoses) > 1
        case "sex_age":
            return bool(content.diagnoses)


def bits_of(tables: tuple[str, ...]) -> int:
    """The tables as bits of a number, so that a row can be counted without reading its document."""
    return sum(1 << place for place, table in enumerate(NOT_LOADED) if table in tables)
