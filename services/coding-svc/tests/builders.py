"""Encounters and bundles of invented people; a test names what matters to it."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from claimstream_codesets import open_code_sets
from claimstream_schemas.values.practice import PracticeDocument
from coding_svc.domain.answers import NONE, Answers
from coding_svc.domain.coding import code_visit
from coding_svc.domain.outcome import Outcome
from coding_svc.domain.visit import Visit
from coding_svc.handlers.code_encounter import code_encounters
from coding_svc.intake.fhir.reading import MappingReport, read_bundle

Json = dict[str, Any]

_PLACE = {"line1": "1 Main Street", "city": "Quincy", "state": "MA", "postal_code": "021690001"}

PRACTICE: Json = {
    "id": "bay-state",
    "name": "Bay State Test",
    "npi": "1699999995",
    "tin": "043998877",
    "taxonomy": "261QP2300X",
    "address": _PLACE,
    "contact": {"name": "Billing", "phone": "6175550100"},
    "submitter_id": "BAYSTATE",
    "payers": [
        {
            "id": "blue-cross",
            "name": "Blue Cross",
            "x12_id": "BCB01",
            "receiver_id": "CLEAR",
            "claim_filing_indicator": "BL",
            "timely_filing_days": 365,
            "also_known_as": ["payer-7"],
        }
    ],
    "charge_master": [
        {
            "sources": [{"system": "snomed", "code": "185347001"}, {"system": "encounter-class", "code": "AMB"}],
            "procedure": "99213",
            "price": "155.00",
            "label": "Visit",
            "revenue_code": "0510",
            "is_visit": True,
        },
        {
            "sources": [{"system": "preventive-visit", "code": "18-39"}],
            "procedure": "99395",
            "price": "210.00",
            "label": "Check-up",
            "is_visit": True,
        },
        {
            "sources": [{"system": "encounter-class", "code": "IMP"}],
            "procedure": "99231",
            "price": "2100.00",
            "label": "Day in hospital",
            "revenue_code": "0120",
            "is_visit": True,
        },
        {
            "sources": [{"system": "snomed", "code": "454711000124102"}, {"system": "loinc", "code": "55757-9"}],
            "procedure": "96127",
            "price": "32.00",
            "label": "Questionnaire",
        },
        {
            "sources": [{"system": "cvx", "code": "140"}],
            "procedure": "90656",
            "price": "42.00",
            "label": "Vaccine",
        },
        {
            "sources": [{"system": "cvx", "code": "140"}],
            "procedure": "90471",
            "price": "34.00",
            "label": "Giving a vaccine",
        },
    ],
    "locations": [
        {
            "id": "main",
            "name": "Main Street",
            "npi": "1700000023",
            "address": {**_PLACE, "line1": "3 Main Street"},
            "place_of_service": "11",
        },
        {
            "id": "org-1",
            "name": "North Clinic",
            "npi": "1700000015",
            "address": {**_PLACE, "line1": "9 North Street"},
            "place_of_service": "22",
        },
    ],
    "roster": [{"id": "dr-okafor", "npi": "1710000013", "last_name": "Okafor", "first_name": "Adaeze"}],
}


def an_encounter(**changes: Any) -> Json:
    """A native encounter with codes."""
    document: Json = {
        "encounter_id": "V-1",
        "source_system": "bay-ehr",
        "started_on": "2026-08-03",
        "location": "main",
        "patient": {"name": {"last": "Sample", "first": "Robin"}, "birth_date": "1990-02-01", "sex": "F"},
        "coverages": [{"payer": "blue-cross", "member_id": "M123"}],
        "providers": {"rendering": {"id": "dr-okafor"}},
        "diagnoses": [{"code": "E11.9"}],
        "services": [{"procedure": "99213", "charge": "155.00"}],
    }
    document = deepcopy(document)
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def a_bundle(*more: Json, encounter: Json | None = None, patient: Json | None = None) -> Json:
    """A FHIR bundle with a patient and an encounter, and what else is given."""
    person = {
        "resourceType": "Patient",
        "id": "p1",
        "name": [{"use": "official", "family": "Sample", "given": ["Robin", "Lee"]}],
        "gender": "female",
        "birthDate": "1990-02-01",
        "address": [{"line": ["1 Elm Street"], "city": "Quincy", "state": "MA", "postalCode": "02169"}],
        **(patient or {}),
    }
    visit = {
        "resourceType": "Encounter",
        "id": "e1",
        "identifier": [{"system": "urn:ehr", "value": "E-1", "use": "official"}],
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [
            {"coding": [{"system": "http://snomed.info/sct", "code": "185347001"}], "text": "Encounter for problem"}
        ],
        "subject": {"reference": "urn:uuid:p1"},
        "period": {"start": "2026-03-02T10:00:00-05:00", "end": "2026-03-02T10:20:00-05:00"},
        "reasonCode": [{"text": "Acute bronchitis (disorder)"}],
        "serviceProvider": {"reference": "urn:uuid:main"},
        **(encounter or {}),
    }
    house = {"resourceType": "Organization", "id": "main", "name": "Main Street"}
    others = [(str(place), resource) for place, resource in enumerate(more)]
    entries = [("p1", person), ("e1", visit), *others, ("main", house)]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": f"urn:uuid:{name}",
                "resource": {key: value for key, value in resource.items() if value is not None},
            }
            for name, resource in entries
        ],
    }


def a_coverage(**changes: Any) -> Json:
    """A FHIR Coverage of the bundle's patient."""
    return {
        "resourceType": "Coverage",
        "status": "active",
        "subscriberId": "M123",
        "beneficiary": {"reference": "urn:uuid:p1"},
        "relationship": {"coding": [{"code": "self"}]},
        "period": {"start": "2026-01-01", "end": "2026-12-31"},
        "payor": [{"identifier": {"value": "payer-7"}, "display": "Blue Cross"}],
        **changes,
    }


async def post(service: Any, document: Any, *, kind: str = "application/json", **headers: str) -> Any:
    """Post to /encounters."""
    content = document if isinstance(document, bytes) else None
    return await service.client.post(
        "/encounters",
        **({"content": content} if content is not None else {"json": document}),
        headers={**service.as_("biller"), "Content-Type": kind, **headers},
    )


async def encode(service: Any) -> int:
    """What the background task does, once."""
    async with service.running.unit("coding-svc") as unit:
        return await code_encounters(unit, open_code_sets(), most=100)


@dataclass(frozen=True)
class Seen:
    """The one encounter of a bundle, read and coded without a database."""

    visit: Visit
    outcome: Outcome
    report: MappingReport

    @property
    def asked(self) -> set[str]:
        """The questions that are open."""
        return {each.question for each in self.outcome.asked}

    @property
    def codes(self) -> list[str]:
        """The diagnoses in their order."""
        return [each.code for each in self.outcome.diagnoses]

    @property
    def shown(self) -> list[str | None]:
        """What the coder sees and nobody codes."""
        return [each.code for each in self.outcome.shown]

    def details(self, question: str) -> str:
        """What is asked under one question."""
        return " | ".join(each.detail for each in self.outcome.asked if each.question == question)


def look_at(bundle: Json, *, zone: str | None = None, practice: Json = PRACTICE, answers: Answers = NONE) -> Seen:
    """What reading and coding make of a bundle's one encounter."""
    (visit,), report = read_bundle(bundle, lambda _: ZoneInfo(zone) if zone else None)
    outcome = code_visit(
        visit, PracticeDocument.model_validate(practice), open_code_sets(), UUID(int=1), answers=answers
    )
    return Seen(visit, outcome, report)


def a_condition(number: str, code: str, /, **more: object) -> Json:
    """A FHIR Condition of the bundle's encounter."""
    return {
        "resourceType": "Condition",
        "id": number,
        "encounter": {"reference": "urn:uuid:e1"},
        "subject": {"reference": "urn:uuid:p1"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]},
        **more,
    }


def a_procedure(number: str, code: str = "96127", /, **more: object) -> Json:
    """A FHIR Procedure of the bundle's encounter."""
    return {
        "resourceType": "Procedure",
        "id": number,
        "status": "completed",
        "encounter": {"reference": "urn:uuid:e1"},
        "code": {"coding": [{"system": "http://www.ama-assn.org/go/cpt", "code": code}]},
        **more,
    }


def a_stay(**changes: Any) -> Json:
    """What makes the bundle's encounter a finished stay in a hospital."""
    return {
        "class": {"code": "IMP"},
        "period": {"start": "2026-03-02T10:00:00Z", "end": "2026-03-05T09:00:00Z"},
        "hospitalization": {"dischargeDisposition": {"coding": [{"code": "01"}]}},
        "reasonCode": None,
        **changes,
    }
