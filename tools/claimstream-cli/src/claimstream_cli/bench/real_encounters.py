"""Makes the load generator's templates from ``demo/``: every encounter as native JSON, with marks where its people stood.

Run as ``python -m claimstream_cli.bench.real_encounters FILE``. The Synthea visits are read as coding-svc reads them and said again in
native JSON. What that cannot say is left out: vaccines as such, reasons by service, onset dates, and services without any code.
"""

import lzma
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.answers import NONE
from coding_svc.domain.places import place_of
from coding_svc.domain.visit import Condition, Service, StatedCoverage, Visit
from coding_svc.intake.fhir.reading import read_bundle

from claimstream_cli.places import checkout
from claimstream_cli.sample_encounters import FHIR, NDJSON, sample_encounters

Json = dict[str, Any]

_LONGEST_LABEL = 80
_PREFIX = re.compile(r"^[A-Z]*")


def real_encounters() -> Iterator[Json]:
    """Yield each template: where it comes from, whose it was (by a number), birth dates, and the document."""
    practice = _practice()
    people: dict[str, str] = {}
    for name, kind, body in sample_encounters():
        for document in _documents(kind, body, practice):
            identity = str(orjson.dumps([document["patient"]["name"], document["patient"]["birth_date"]]))
            person = people.setdefault(identity, f"p{len(people):03d}")
            yield {"from": name if kind != FHIR else "synthea", "person": person, **_without_people(document)}


def packed() -> bytes:
    """The file's content."""
    return lzma.compress(b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in real_encounters()))


def _practice() -> PracticeDocument:
    return PracticeDocument.model_validate_json((checkout() / "demo" / "practice.json").read_bytes())


def _documents(kind: str, body: bytes, practice: PracticeDocument) -> Iterator[Json]:
    if kind == FHIR:
        zone = ZoneInfo(practice.time_zone) if practice.time_zone else None
        visits, _ = read_bundle(orjson.loads(body), lambda _: zone)
        yield from (native(visit, practice) for visit in visits)
    elif kind == NDJSON:
        yield from map(orjson.loads, body.splitlines())
    else:
        yield orjson.loads(body)


def native(visit: Visit, practice: PracticeDocument) -> Json:
    """A visit as the native document that says the same, as far as it can: what the class of a visit says is its place of service."""
    said = visit.model_dump(mode="json", exclude_defaults=True)
    kind = visit.types[0] if visit.types else None
    document = {
        "encounter_id": visit.ehr_encounter_id,
        "source_system": visit.source_system,
        "kind": visit.setting,
        "started_on": said["started_on"],
        "ended_on": said.get("ended_on"),
        "location": location.id if (location := practice.location_known_as(*visit.location_ids)) else None,
        "place_of_service": place_of(visit, practice, NONE, {}).code,
        "visit_type": said["types"][0]["codes"][0] if kind and kind.codes else None,
        "visit_type_text": kind.text if kind else None,
        "patient": said["patient"],
        "coverages": [_coverage(each) for each in visit.coverages if _touches(each, visit)],
        "providers": said.get("clinicians"),
        "diagnoses": [_diagnosis(each) for each in visit.conditions if each.icd10 or each.text],
        "services": [_service(each, visit) for each in visit.services if each.codes or each.procedure],
        "stay": said.get("stay"),
    }
    return {name: value for name, value in document.items() if value is not None}


def _touches(stated: StatedCoverage, visit: Visit) -> bool:
    begins, ends = stated.period_start, stated.period_end
    return (begins is None or begins <= visit.through) and (ends is None or visit.started_on <= ends)


def _coverage(stated: StatedCoverage) -> Json:
    return {
        "payer": stated.payers[0],
        "member_id": stated.subscriber.member_id,
        "period_start": stated.period_start.isoformat() if stated.period_start else None,
        "period_end": stated.period_end.isoformat() if stated.period_end else None,
    }


def _diagnosis(condition: Condition) -> Json:
    told = {
        "code": condition.icd10,
        "text": condition.text,
        "source": condition.codes[0].model_dump() if condition.codes else None,
        "kind": condition.kind or ("principal" if condition.is_reason else None),
        "present_on_admission": condition.present_on_admission,
    }
    return {name: value for name, value in told.items() if value is not None}


def _service(service: Service, visit: Visit) -> Json:
    said = service.model_dump(mode="json", exclude_defaults=True)
    told = {
        "source": said["codes"][0] if service.codes else None,
        "procedure": service.procedure,
        "label": service.text[:_LONGEST_LABEL] if service.text else None,
        "service_from": said["service_from"] if service.service_from != visit.started_on else None,
        "units": said.get("units"),
        "charge": said.get("charge"),
    }
    return {name: value for name, value in told.items() if value is not None}


def _without_people(document: Json) -> Json:
    """Put a mark where a person stood; the birth dates are told beside, for the new ones lie near them."""
    patient = document["patient"]
    born = [patient["birth_date"]]
    patient.update(name={"last": "@last@", "first": "@first@"}, birth_date="@born@")
    patient.pop("medical_record_number", None)
    others = [each["subscriber"] for each in document.get("coverages", ()) if each.get("subscriber")]
    others += [document["guarantor"]] if document.get("guarantor") else []
    for other in others:
        other["name"] = {"last": "@last@", "first": "@relative@"}
        if other.get("birth_date"):
            born = [*born[:1], other["birth_date"]]
            other["birth_date"] = "@born2@"
    for holder in (patient, *others):
        if holder.get("address"):
            holder["address"]["line1"] = "@street@"
            holder["address"].pop("line2", None)
    for number, coverage in enumerate(document.get("coverages", ()), start=1):
        coverage["member_id"] = f"{_prefix(coverage['member_id'])}@member{number}@"
    return {"born": born, "document": {**document, "encounter_id": "@number@", "source_system": "@system@"}}


def _prefix(member: str) -> str:
    """How a member id begins: the payers of the demo have their roads by it."""
    found = _PREFIX.match(member)
    return found.group() if found else ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(packed())
