"""``playbooks/catalogue.toml`` to ``domain/catalogue.py``."""

import tomllib
from pathlib import Path
from typing import Any

from .domain.catalogue import ROUTES, SCENARIOS, Catalogue, Cause, Filing, HardStop, NeverPatient, Note

_SETS = ("carcs", "but_carcs", "remarks", "filing_indicators", "routes")


class CatalogueWrong(ValueError):
    """A row of the catalogue says what no row may say."""

    def __init__(self, row: str, reason: str) -> None:
        super().__init__(f"the catalogue's row {row}: {reason}")
        self.row = row


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of a file.

    Raises:
        TypeError: a row lacks cause, scenario or route, or has something else.
        CatalogueWrong: a row has an unknown route or scenario, asks the patient without another way, or a stop offers an appeal.
        KeyError: a section is missing, as the one that says when a patient is never asked.
    """
    written = tomllib.loads(path.read_text())
    return Catalogue(
        by_carc={code: _cause(code, row) for code, row in written["carc"].items()},
        by_remark={code: _cause(code, row) for code, row in written["remark"].items()},
        underpayment=_cause("underpayment", written["underpayment"]),
        patient_groups=frozenset(written["patient"]["groups"]),
        never_patient=tuple(_never_patient(row) for row in written["patient"]["never"]),
        filing=Filing(**_with_sets(written["filing"])),
        notes=tuple(Note(**_with_sets(row)) for row in written["note"]),
        hard_stops=tuple(_hard_stop(row) for row in written["hard_stop"]),
    )


def _cause(name: str, row: dict[str, Any]) -> Cause:
    cause = Cause(**row)
    if not {cause.route, cause.otherwise or cause.route} <= ROUTES:
        raise CatalogueWrong(name, "its route is unknown")
    if cause.scenario not in SCENARIOS:
        raise CatalogueWrong(name, "its scenario is unknown")
    if {cause.route == "P"} != {
        cause.otherwise is not None,
        cause.otherwise_remedy is not None,
    } or cause.otherwise == "P":
        raise CatalogueWrong(name, "a route P, and no other, says what is done otherwise: route and remedy")
    if cause.route == "P" and cause.remedy_without_remark:
        raise CatalogueWrong(name, "a route P has no remedy of its own for a refusal without a remark")
    return cause


def _never_patient(row: dict[str, Any]) -> NeverPatient:
    never = NeverPatient(**_with_sets(row))
    if not (never.filing_indicators or never.remarks):
        raise CatalogueWrong(never.why, "whose patient is never asked is told by filing indicators or remarks")
    return never


def _hard_stop(row: dict[str, Any]) -> HardStop:
    stop = HardStop(**_with_sets(row))
    if stop.route not in ROUTES - {"A", "P"}:
        raise CatalogueWrong(stop.why, "a stop has a known route, which is no appeal and never the patient")
    if not (stop.carcs or stop.remarks):
        raise CatalogueWrong(stop.why, "a stop names CARCs or remarks")
    return stop


def _with_sets(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: frozenset(row[name]) for name in _SETS if name in row}
