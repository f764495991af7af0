"""The published files in ``data/``, read row by row."""

import csv
import hashlib
import lzma
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .errors import DataMissing

DATA = "CLAIMSTREAM_CODESETS_DATA"
ICD10CM_2026 = "icd10cm_fy2026_april_codes.csv.xz"
ICD10CM_2025 = "icd10cm_fy2025_april_code_list.txt.xz"
ICD10CM_NOTES = "icd10cm_fy2026_april_notes.csv.xz"
ICD10CM_INDEX = "icd10cm_2025_index.csv.xz"
ICD10CM_NEOPLASMS = "icd10cm_2025_neoplasm_table.csv.xz"
HCPCS = "hcpcs_level2.csv.xz"
ADJUSTMENTS = "adjustment_codes_2024-06.csv"
CLAIM_STATUS = "claim_status_bare.csv"
PLACES = "place_of_service_2024.csv"
NCD_190_20 = "ncd_190_20_from_narrative.csv"
BARE_LISTS = {
    "modifier": "modifiers_bare.csv",
    "taxonomy": "nucc_taxonomy_25_1_bare.csv",
    "revenue": "revenue_codes_bare.csv",
    "discharge_status": "discharge_status_bare.csv",
    "admission_source": "admission_source_bare.csv",
    "admission_type": "admission_type_bare.csv",
}


def folder() -> Path:
    """Where the published files lie: beside this library, or where ``CLAIMSTREAM_CODESETS_DATA`` says.

    Raises:
        DataMissing: when there is no such folder.
    """
    given = os.environ.get(DATA)
    place = Path(given) if given else Path(__file__).parents[2] / "data"
    if not (place / "SOURCES.tsv").is_file():
        raise DataMissing(place)
    return place


def digest(data: Path) -> str:
    """A short digest of the published files and of the code that reads them."""
    sha = hashlib.sha256()
    for path in [*sorted(data.iterdir()), *sorted(Path(__file__).parent.glob("*.py"))]:
        if path.is_file():
            sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()[:16]


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file, packed or not."""
    with _text(path) as file:
        yield from csv.DictReader(file)


def lines(path: Path) -> Iterator[str]:
    """The lines of a text file, packed or not."""
    with _text(path) as file:
        for line in file:
            if line.strip():
                yield line.strip()


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    if path.suffix == ".xz":
        with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
            yield file
    else:
        with path.open(encoding="utf-8", newline="") as file:
            yield file
