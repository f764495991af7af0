"""What coding makes of a visit."""

from functools import cached_property
from typing import Literal

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.encounter import (
    ChargeLine,
    ClaimKind,
    Coverage,
    Diagnosis,
    PlaceSource,
    Providers,
    Stay,
    UncodedItem,
    VisitFacts,
)
from claimstream_schemas.values.people import Facility, Subscriber
from pydantic import Field

from .asking import Asked
from .visit import ShownCondition

State = Literal["received", "unfinished", "awaiting_coder", "coded", "not_billable"]
"""``unfinished``: the visit has not ended; a later version, or a cut-off date, lets it go on."""


class Proposal(Value):
    """A code that a text may stand for: for the coder to take or leave."""

    text: str
    code: str
    label: str
    score: float
    matched: str
    source: str


class CodeCheck(Value):
    """What a code set says of a code that was given."""

    code: str
    code_set: Literal["icd10cm", "procedure"]
    standing: Literal["valid", "invalid", "not_billable", "unchecked"]
    reason: str


class Outcome(Value):
    """A visit after coding: ready to be billed, or with what a person must settle first."""

    state: State
    asked: tuple[Asked, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    checks: tuple[CodeCheck, ...] = ()
    notes: tuple[str, ...] = ()
    shown: tuple[ShownCondition, ...] = ()
    kind: ClaimKind | None = None
    place_of_service: str | None = None
    place_of_service_source: PlaceSource | None = None
    location_id: str | None = None
    facility: Facility | None = None
    providers: Providers = Providers()
    coverages: tuple[Coverage, ...] = ()
    subscribers: tuple[Subscriber, ...] = ()
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ChargeLine, ...] = ()
    stay: Stay | None = None
    facts: VisitFacts = VisitFacts()
    uncoded: tuple[UncodedItem, ...] = ()
    code_sets: dict[str, str] = Field(default_factory=dict)
    coded_by: str = "encoder"

    @cached_property
    def document(self) -> bytes:
        """The outcome as JSON, without what is as usual; made once."""
        return self.model_dump_json(exclude_defaults=True).encode()

    @property
    def is_self_pay(self) -> bool:
        """Coded, and nobody but the patient to bill."""
        return self.state == "coded" and not self.coverages
