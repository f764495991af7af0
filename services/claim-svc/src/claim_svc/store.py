"""Rows to domain and back: collections named by their plural, and the unit that holds them."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, TypeVar
from uuid import UUID

import orjson
from claimstream_kit import Clock, Collection, Journal, Row, Unit
from claimstream_kit.database import Connection
from claimstream_schemas.values.claim import PayerSequence, RuleFinding
from claimstream_schemas.values.identifiers import submission_id
from claimstream_schemas.values.money import cents, from_cents
from claimstream_schemas.values.people import Patient
from sqlalchemy import Table

from . import tables
from .domain.billing import Billing
from .domain.claim import Claim, ClaimContent, Override
from .domain.correction import Correction
from .domain.decisions import Decision
from .domain.headline import headline_of
from .domain.submission import Submission
from .domain.unchecked import bits_of
from .practice_store import ContractCache, ContractRevisions, Contracts, Practices
from .witnessed import CLAIMS, SUBMISSIONS, facts_of_claim

D = TypeVar("D", ClaimContent, Decision)


def patient_key(patient: Patient) -> str:
    """By what a patient's claims are found: «last first» without capitals."""
    return f"{patient.name.last} {patient.name.first or ''}".strip().casefold()


def claim_row(claim: Claim) -> Row:
    """A row of ``claims``."""
    document = {
        "content": orjson.Fragment(claim.content.document),
        "findings": [finding.model_dump(mode="json") for finding in claim.findings],
        "warnings": [warning.model_dump(mode="json") for warning in claim.warnings],
        "unchecked": list(claim.unchecked),
        "was_held": claim.was_held,
        "overrides": [override.model_dump(mode="json") for override in claim.overrides],
        "decisions": [orjson.Fragment(decision.document) for decision in claim.decisions],
        "billed": list(claim.billed),
        "replacing": list(claim.replacing),
        "correction": claim.correction,
        "is_voiding": claim.is_voiding,
        "visit_ended": claim.visit_ended,
    }
    return {
        "practice": claim.practice_id,
        "id": claim.claim_id,
        "control_number": claim.control_number,
        "encounter_id": claim.encounter_id,
        "kind": claim.content.kind,
        "state": claim.state,
        "headline": headline_of(claim),
        "patient": patient_key(claim.content.patient),
        "service_from": claim.content.service_from,
        "payer_id": claim.content.coverages[0].payer_id if claim.content.coverages else None,
        "total_charge_cents": cents(claim.content.total_charge),
        "submissions": claim.submissions,
        "warnings": len(claim.warnings),
        "unchecked": bits_of(claim.unchecked),
        "document": document,
        "updated_at": claim.updated_at,
    }


def _kept(kind: type[D], document: dict[str, Any]) -> D:
    """A value that was kept, with the document that it was read from: it is written again as it is."""
    value = kind.model_validate(document)
    vars(value)["document"] = orjson.dumps(document)
    return value


def claim_of(row: Row) -> Claim:
    """The claim of a row."""
    document: dict[str, Any] = row["document"]
    return Claim(
        practice_id=row["practice"],
        claim_id=row["id"],
        control_number=row["control_number"],
        encounter_id=row["encounter_id"],
        content=_kept(ClaimContent, document["content"]),
        state=row["state"],
        findings=tuple(RuleFinding.model_validate(each) for each in document["findings"]),
        warnings=tuple(RuleFinding.model_validate(each) for each in document.get("warnings", ())),
        unchecked=tuple(document.get("unchecked", ())),
        was_held=document.get("was_held", row["state"] == "held"),
        overrides=tuple(Override.model_validate(each) for each in document["overrides"]),
        submissions=row["submissions"],
        billed=tuple(document["billed"]),
        decisions=tuple(_kept(Decision, each) for each in document["decisions"]),
        replacing=tuple(document.get("replacing", ())),
        correction=document.get("correction"),
        is_voiding=document.get("is_voiding", False),
        visit_ended=document.get("visit_ended"),
        updated_at=row["updated_at"],
    )


class Claims(Collection[Claim]):
    """Claims, by practice and id."""

    table: ClassVar[Table] = tables.claims
    witnessed = CLAIMS

    def witnessed_part(self, value: Claim) -> object:
        """Its state and its content."""
        return value.state, value.content

    def witnessed_facts(self, value: Claim) -> object:
        """As its row has them."""
        return facts_of_claim(value)

    def to_row(self, value: Claim) -> Row:
        """A row of ``claims``."""
        return claim_row(value)

    def from_row(self, row: Row) -> Claim:
        """A claim."""
        return claim_of(row)


class Submissions(Collection[Submission]):
    """Submissions, by practice and id."""

    table: ClassVar[Table] = tables.submissions
    witnessed = SUBMISSIONS
    updates_first = True  # one that gives way is live no more before the next one is

    def witnessed_part(self, value: Submission) -> object:
        """What was sent, to whom; it stays."""
        return value.payer_id, value.frequency_code, value.total_charge, value.submitted_at

    def to_row(self, value: Submission) -> Row:
        """A row of ``submissions``."""
        return {
            "practice": value.practice_id,
            "id": value.submission_id,
            "claim_id": value.claim_id,
            "ordinal": value.ordinal,
            "payer_sequence": value.payer_sequence,
            "payer_id": value.payer_id,
            "frequency_code": value.frequency_code,
            "total_charge_cents": cents(value.total_charge),
            "state": value.state,
            "is_live": value.is_live,
            "file_name": value.file_name,
            "payer_claim_number": value.payer_claim_number,
            "rejection": value.rejection,
            "remedy": value.remedy,
            "submitted_at": value.submitted_at,
        }

    def from_row(self, row: Row) -> Submission:
        """A submission."""
        return Submission(
            practice_id=row["practice"],
            submission_id=row["id"],
            claim_id=row["claim_id"],
            ordinal=row["ordinal"],
            payer_sequence=row["payer_sequence"],
            payer_id=row["payer_id"],
            frequency_code=row["frequency_code"],
            total_charge=from_cents(row["total_charge_cents"]),
            state=row["state"],
            is_live=row["is_live"],
            file_name=row["file_name"],
            payer_claim_number=row["payer_claim_number"],
            rejection=row["rejection"],
            remedy=row["remedy"],
            submitted_at=row["submitted_at"],
        )


class Corrections(Collection[Correction]):
    """Corrections, by practice and id."""

    table: ClassVar[Table] = tables.corrections
    updates_first = True  # one that gives way is open no more before the next one is

    def to_row(self, value: Correction) -> Row:
        """A row of ``corrections``."""
        return {
            "practice": value.practice_id,
            "id": value.correction_id,
            "claim_id": value.claim_id,
            "encounter_id": value.encounter_id,
            "encounter_version": value.encounter_version,
            "kind": value.kind,
            "origin": value.origin,
            "state": value.state,
            "reason": value.reason,
            "actor": value.actor,
            "submission_ordinal": value.submission_ordinal,
            "findings": [finding.model_dump(mode="json") for finding in value.findings],
            "content": orjson.Fragment(value.content.document),
            "replaced": orjson.Fragment(value.replaced.document) if value.replaced is not None else None,
            "created_at": value.created_at,
            "changed_at": value.changed_at,
        }

    def from_row(self, row: Row) -> Correction:
        """A correction."""
        return Correction(
            practice_id=row["practice"],
            correction_id=row["id"],
            claim_id=row["claim_id"],
            encounter_id=row["encounter_id"],
            encounter_version=row["encounter_version"],
            kind=row["kind"],
            origin=row["origin"],
            content=_kept(ClaimContent, row["content"]),
            reason=row["reason"],
            actor=row["actor"],
            created_at=row["created_at"],
            changed_at=row["changed_at"],
            state=row["state"],
            submission_ordinal=row["submission_ordinal"],
            findings=tuple(RuleFinding.model_validate(each) for each in row["findings"]),
            replaced=_kept(ClaimContent, row["replaced"]) if row["replaced"] is not None else None,
        )


@dataclass(frozen=True)
class Ownership:
    """Which claim has a charge line, or a service; not live once the claim has given it up."""

    practice: str
    key: UUID | str
    claim_id: UUID
    is_live: bool = True


class ChargeLines(Collection[Ownership]):
    """Which claim a charge line is on, by practice and line id."""

    table: ClassVar[Table] = tables.charge_lines
    _key = "line_id"

    def to_row(self, value: Ownership) -> Row:
        """A row of ``charge_lines``."""
        return {
            "practice": value.practice,
            self._key: value.key,
            "claim_id": value.claim_id,
            "is_live": value.is_live,
        }

    def from_row(self, row: Row) -> Ownership:
        """An ownership."""
        return Ownership(row["practice"], row[self._key], row["claim_id"], row["is_live"])


class BilledServices(ChargeLines):
    """Which claim a service is billed on, by practice and fingerprint."""

    table: ClassVar[Table] = tables.billed_services
    _key = "fingerprint"


@dataclass(frozen=True)
class SelfPayVisit:
    """A visit that nobody but the patient, or the guarantor, pays."""

    practice: str
    encounter_id: UUID
    encounter_version: int
    total_charge_cents: int
    is_live: bool = True
    """False once a newer version has a coverage, or the visit ended: nobody owes it any more."""
    patient_paid_cents: int = 0
    """What the patient paid at the desk and has not got back."""


class SelfPayVisits(Collection[SelfPayVisit]):
    """Self-pay visits, by practice and encounter."""

    table: ClassVar[Table] = tables.self_pay_visits

    def to_row(self, value: SelfPayVisit) -> Row:
        """A row of ``self_pay_visits``."""
        return dict(vars(value))

    def from_row(self, row: Row) -> SelfPayVisit:
        """A visit."""
        return SelfPayVisit(**row)


class Billings(Collection[Billing]):
    """How encounters are billed, by practice and encounter."""

    table: ClassVar[Table] = tables.billings

    def to_row(self, value: Billing) -> Row:
        """A row of ``billings``."""
        return {
            "practice": value.practice,
            "encounter_id": value.encounter_id,
            "encounter_version": value.encounter_version,
            "claims": [str(each) for each in value.claims],
        }

    def from_row(self, row: Row) -> Billing:
        """A billing."""
        claims = tuple(UUID(each) for each in row["claims"])
        return Billing(row["practice"], row["encounter_id"], row["encounter_version"], claims)


class ClaimUnit(Unit):
    """One transaction of claim-svc."""

    def __init__(
        self,
        connection: Connection,
        *,
        service: str,
        clock: Clock,
        contracts: ContractCache | None = None,
    ) -> None:
        super().__init__(connection, service=service, clock=clock)
        self.practices = Practices(self)
        self.contract_revisions = ContractRevisions(self)
        self.contracts = Contracts(self, self.practices, self.contract_revisions, contracts or ContractCache())
        self.billings = Billings(self)
        self.claims = Claims(self)
        self.self_pay_visits = SelfPayVisits(self)
        self.charge_lines = ChargeLines(self)
        self.billed_services = BilledServices(self)
        self.submissions = Submissions(self)
        self.acknowledgments = Journal(self, tables.acknowledgments)
        self.corrections = Corrections(self)
        self.unchecked_codes = Journal(self, tables.unchecked_codes)

    async def open_correction(self, practice: str, claim: UUID) -> Correction | None:
        """The correction of a claim that waits, or leaves when its payer has decided; kept in this unit or before it."""
        rows = await self.connection.fetch(
            "SELECT id FROM corrections WHERE practice = $1 AND claim_id = $2 AND state IN ('waiting', 'sending')",
            practice,
            claim,
        )
        await self.corrections.load((practice, row["id"]) for row in rows)
        return next((each for each in self._corrections_of(practice, claim) if each.is_open), None)

    async def correction_sent_as(self, practice: str, claim: UUID, ordinal: int) -> Correction | None:
        """The correction that left as this submission of a claim."""
        rows = await self.connection.fetch(
            "SELECT id FROM corrections WHERE practice = $1 AND claim_id = $2 AND submission_ordinal = $3",
            practice,
            claim,
            ordinal,
        )
        await self.corrections.load((practice, row["id"]) for row in rows)
        return next(
            (each for each in self._corrections_of(practice, claim) if each.submission_ordinal == ordinal), None
        )

    def _corrections_of(self, practice: str, claim: UUID) -> list[Correction]:
        of_claim = [
            each for each in self.corrections.loaded() if (each.practice_id, each.claim_id) == (practice, claim)
        ]
        return sorted(of_claim, key=lambda each: each.created_at, reverse=True)

    async def retire_submissions(self, claim: Claim, sequence: PayerSequence) -> None:
        """The claim's submissions to this payer give way to the next one."""
        ordinals = range(1, claim.submissions + 2)  # the next one is known to be new then
        keys = [(claim.practice_id, submission_id(claim.practice_id, claim.claim_id, each)) for each in ordinals]
        await self.submissions.load(keys)
        for key in keys:
            submission = await self.submissions.get(*key)
            if submission is not None and submission.is_live and submission.payer_sequence == sequence:
                self.submissions.put(replace(submission, is_live=False))
