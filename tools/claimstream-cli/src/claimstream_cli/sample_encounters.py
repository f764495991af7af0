"""The demo's encounters: Synthea's bundles, each with what it refers to and its patient's coverages, and the hand-written ones.

Synthea keeps organisations and clinicians in files of their own and has no Coverage. An EHR that posts a bundle sends both
along, and so does this: the entries that the bundle refers to, and a Coverage for each span of ``payer_transitions.csv``.
"""

import csv
import hashlib
import io
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from .places import checkout

FHIR = "application/fhir+json"
NATIVE = "application/json"
NDJSON = "application/x-ndjson"

_ARCHIVE = Path("synthea") / "synthea_3.2.0_ma_fy2026.tar.xz"
_COMMON = ("hospital_information", "practitioner_information")
_UNINSURED = "NO_INSURANCE"
_SYNTHEA = "https://github.com/synthetichealth/synthea"
SOURCES = (_SYNTHEA, "bay-ehr")
"""The source systems of the demo's encounters."""
_DAY = slice(0, 10)

_MEDICARE = "Medicare"
_DIGITS, _LETTERS = "0123456789", "ACDEFGHJKMNPQRTUVWXY"
_EITHER = _DIGITS + _LETTERS
_MBI = (_DIGITS[1:], _LETTERS, _EITHER, _DIGITS, _LETTERS, _EITHER, _DIGITS, _LETTERS, _LETTERS, _DIGITS, _DIGITS)
"""The characters of each place of a Medicare number (CMS, Understanding the MBI format)."""

Json = dict[str, Any]
Sample = tuple[str, str, bytes]
"""Name, content type, body."""


def sample_encounters(demo: Path | None = None) -> Iterator[Sample]:
    """Yield each body to post to ``/encounters``: the bundles first, then the hand-written encounters."""
    folder = demo or checkout() / "demo"
    yield from synthea_bundles(folder / _ARCHIVE)
    yield from written_encounters(folder / "encounters")


def written_encounters(folder: Path) -> Iterator[Sample]:
    """Yield the hand-written encounters, one file each, in the order of their names."""
    for path in sorted([*folder.glob("*.json"), *folder.glob("*.ndjson")]):
        yield path.name, NDJSON if path.suffix == ".ndjson" else NATIVE, path.read_bytes()


def synthea_bundles(archive: Path) -> Iterator[Sample]:
    """Yield the archive's patient bundles, completed."""
    members = dict(_members(archive))
    common = _CommonEntries(members)
    coverages = _Coverages(members)
    for name, content in sorted(members.items()):
        stem = Path(name).stem
        if name.endswith(".json") and not stem.startswith(_COMMON):
            bundle: Json = orjson.loads(content)
            patient = next(entry for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Patient")
            bundle["entry"] += [*common.referred_to_by(bundle), *coverages.of(patient)]
            yield f"{stem}.json", FHIR, orjson.dumps(bundle)


def _members(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member)
            if file is not None:
                yield Path(member.name).name, file.read()


class _CommonEntries:
    """Organisations, locations, clinicians and roles, by the references that name them."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._by_reference: dict[str, Json] = {}
        self._roles: dict[str, list[Json]] = defaultdict(list)
        for name, content in members.items():
            if name.startswith(_COMMON):
                for entry in orjson.loads(content)["entry"]:
                    self._know(entry)

    def _know(self, entry: Json) -> None:
        resource = entry["resource"]
        if resource["resourceType"] == "PractitionerRole":
            identifier = resource["practitioner"]["identifier"]
            self._roles[f"Practitioner?identifier={identifier['system']}|{identifier['value']}"].append(entry)
        for identifier in resource.get("identifier", ()):
            self._by_reference[
                f"{resource['resourceType']}?identifier={identifier['system']}|{identifier['value']}"
            ] = entry

    def referred_to_by(self, bundle: Json) -> list[Json]:
        """The common entries that a bundle refers to, each once, in the order of their first mention."""
        found: dict[int, Json] = {}
        for reference in _references(bundle["entry"]):
            entry = self._by_reference.get(reference)
            if entry is not None:
                for each in (entry, *self._roles.get(reference, ())):
                    found.setdefault(id(each), each)
        return list(found.values())


class _Coverages:
    """The spans of ``payer_transitions.csv`` as Coverage resources, by patient."""

    def __init__(self, members: Mapping[str, bytes]) -> None:
        self._payers = {row["Id"]: row["NAME"] for row in _rows(members, "payers.csv")}
        self._spans: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in _rows(members, "payer_transitions.csv"):
            self._spans[row["PATIENT"]].append(row)

    def of(self, patient: Json) -> Iterator[Json]:
        """Yield an entry for each insured span of a patient, who is the subscriber."""
        for span in self._spans[patient["resource"]["id"]]:
            if self._payers[span["PAYER"]] != _UNINSURED:
                yield {"fullUrl": f"urn:uuid:{span['MEMBERID']}", "resource": self._coverage(patient["fullUrl"], span)}

    def _member_id(self, span: Mapping[str, str]) -> str:
        """Synthea's own; of Medicare, whose numbers have a form, one in that form."""
        is_medicare = self._payers[span["PAYER"]] == _MEDICARE
        return medicare_number(span["MEMBERID"]) if is_medicare else span["MEMBERID"]

    def _coverage(self, patient: str, span: Mapping[str, str]) -> Json:
        return {
            "resourceType": "Coverage",
            "id": span["MEMBERID"],
            "status": "active",
            "subscriber": {"reference": patient},
            "subscriberId": self._member_id(span),
            "beneficiary": {"reference": patient},
            "relationship": {"coding": [{"code": "self"}]},
            "period": {"start": span["START_DATE"][_DAY], "end": span["END_DATE"][_DAY]},
            "payor": [
                {
                    "identifier": {"system": _SYNTHEA, "value": span["PAYER"]},
                    "display": self._payers[span["PAYER"]],
                }
            ],
        }


def medicare_number(member: str) -> str:
    """A made-up Medicare number (MBI) for a made-up member: always the same one."""
    rest, made = int.from_bytes(hashlib.sha256(member.encode()).digest()), ""
    for characters in _MBI:
        rest, place = divmod(rest, len(characters))
        made += characters[place]
    return made


def _rows(members: Mapping[str, bytes], name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(members[name].decode()))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield reference
        for member in value.values():
            yield from _references(member)
    elif isinstance(value, list):
        for member in value:
            yield from _references(member)
