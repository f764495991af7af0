"""A claim: what is charged, to whom, what stands against it, what was submitted and what payers decided.

A claim has one control number for life (RFI 1945) and goes to one payer after another under it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Literal, Self
from uuid import UUID

from claimstream_schemas.values.base import Value
from claimstream_schemas.values.claim import ClaimPayer, PayerSequence, RuleFinding
from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.encounter import (
    ChargeLine,
    ClaimKind,
    Coverage,
    Diagnosis,
    PlaceSource,
    Providers,
    Stay,
    VisitFacts,
)
from claimstream_schemas.values.identifiers import control_number
from claimstream_schemas.values.money import ZERO
from claimstream_schemas.values.people import Facility, Patient, Subscriber

from .decisions import Decision, standing

SEQUENCES: tuple[PayerSequence, ...] = ("P", "S", "T")

ClaimState = Literal["held", "released", "withdrawn", "voided"]
OpenCorrection = Literal["waiting", "sending"]
VisitEnding = Literal["cancelled", "entered_in_error", "reopened"]


class ClaimContent(Value):
    """What a claim is made of; a correction replaces parts of it."""

    kind: ClaimKind
    encounter_version: int
    source_system: str
    started_on: date
    ended_on: date
    place_of_service: str | None = None
    place_of_service_source: PlaceSource | None = None
    location_id: str | None = None
    facility: Facility | None = None
    providers: Providers = Providers()
    coverages: tuple[Coverage, ...] = ()
    payers: tuple[ClaimPayer, ...] = ()
    """In the order of billing, one per coverage."""
    diagnoses: tuple[Diagnosis, ...] = ()
    left_out: tuple[Diagnosis, ...] = ()
    """Diagnoses of the visit that the claim has no room for."""
    lines: tuple[ChargeLine, ...] = ()
    stay: Stay | None = None
    facts: VisitFacts = VisitFacts()
    patient: Patient
    subscribers: tuple[Subscriber, ...] = ()

    @cached_property
    def document(self) -> bytes:
        """The content as JSON; made once."""
        return self.model_dump_json(exclude_none=True).encode()

    @cached_property
    def total_charge(self) -> Decimal:
        """CLM02: the sum of the lines."""
        return sum((line.charge for line in self.lines), ZERO)

    def with_patient_paid(self, amount: Decimal | None) -> Self:
        """The same, and this is what the patient paid at the desk for it."""
        facts = self.facts.model_copy(update={"patient_paid": amount})
        return self if amount == self.facts.patient_paid else self.model_copy(update={"facts": facts})

    @cached_property
    def service_from(self) -> date:
        """The first day of service."""
        return min((line.service_from for line in self.lines), default=self.started_on)

    @cached_property
    def service_to(self) -> date:
        """The last day of service."""
        return max((line.service_to or line.service_from for line in self.lines), default=self.ended_on)

    @cached_property
    def judged_on(self) -> date:
        """The day that counts for codes, rules and the filing clock: of a stay the through date, whatever days its lines have."""
        return kind_of(self.kind).day(first=self.service_from, through=self.ended_on)

    @property
    def is_inpatient(self) -> bool:
        """Whether it bills a stay in a bed."""
        return self.stay is not None and self.stay.bills_the_stay


class Override(Value):
    """A finding that a person let pass, and why."""

    rule: str
    reason: str
    actor: str


@dataclass(frozen=True)
class Claim:
    """One claim of a practice."""

    practice_id: str
    claim_id: UUID
    control_number: str
    encounter_id: UUID
    content: ClaimContent
    state: ClaimState = "held"
    findings: tuple[RuleFinding, ...] = ()
    """What holds it."""
    warnings: tuple[RuleFinding, ...] = ()
    """What was found and does not hold it. One of severity hold is a later payer's: nothing goes to that one until it is mended."""
    unchecked: tuple[str, ...] = ()
    """The tables that are not loaded and by which it would have been checked."""
    was_held: bool = False
    """A rule held it before it left for the first time, whoever mended it or let it pass."""
    overrides: tuple[Override, ...] = ()
    submissions: int = 0
    billed: tuple[PayerSequence, ...] = ()
    """The payer sequences that have a live submission."""
    decisions: tuple[Decision, ...] = ()
    replacing: tuple[PayerSequence, ...] = ()
    """The payers that have decided before and have a newer submission, undecided."""
    correction: OpenCorrection | None = None
    """A correction of it waits for a person, or for the payer's decision."""
    is_voiding: bool = False
    """A void has left: it is done when no decision stands any more."""
    visit_ended: VisitEnding | None = None
    """The newest version of its encounter is not to be billed, or not yet: nothing more of it leaves."""
    updated_at: datetime | None = None

    @classmethod
    def first(cls, practice: str, number: UUID, encounter: UUID, content: ClaimContent) -> Self:
        """A claim that is made for the first time."""
        return cls(practice, number, control_number(number), encounter, content)

    @property
    def is_live(self) -> bool:
        """Whether its charges are on it: it was neither withdrawn nor voided."""
        return self.state not in ("withdrawn", "voided")

    @property
    def is_void_done(self) -> bool:
        """Whether every payer has taken back what it decided, as the void asks."""
        return self.is_voiding and not self.standing_decisions

    @property
    def patient_paid(self) -> Decimal | None:
        """What the patient paid at the desk for it. What a newer version did without has it no more; where nothing is billed it stays."""
        is_elsewhere = self.state == "withdrawn" and self.visit_ended is None
        return None if is_elsewhere else self.content.facts.patient_paid or None

    @property
    def is_submitted(self) -> bool:
        """Whether it has left at least once."""
        return self.submissions > 0

    @property
    def is_first_payers_alone(self) -> bool:
        """Whether no payer behind the first has anything of it."""
        behind = {*self.billed, *(decision.payer_sequence for decision in self.standing_decisions)}
        return behind <= {"P"}

    @property
    def has_left(self) -> bool:
        """Whether a payer has something of it, or has decided: what all refused before a decision never was filed."""
        return self.is_live and self.is_submitted and not self.is_with_nobody

    @property
    def is_open(self) -> bool:
        """Whether it lies with us: no payer has it, and one is to get it."""
        if not self.is_live or self.is_voiding or self.visit_ended is not None:
            return False
        return not self.is_with_payer and (not self.decisions or self.next_sequence() is not None)

    @property
    def is_with_payer(self) -> bool:
        """Whether a payer has a submission of it that it has not decided."""
        return any(self.is_with(sequence) for sequence in self.billed)

    @property
    def is_with_nobody(self) -> bool:
        """Whether no payer has anything of it: it never left, or all that left was refused before a decision."""
        return not self.billed and not self.standing_decisions

    def is_with(self, sequence: PayerSequence) -> bool:
        """Whether this payer has something of it that it has not decided: what it took back without a new word lies with us."""
        if sequence not in self.billed:
            return False
        return sequence in self.replacing or not any(each.payer_sequence == sequence for each in self.decisions)

    @property
    def is_reversed(self) -> bool:
        """Whether a payer has taken its decision back, and neither said anything new nor been sent anything since."""
        taken_back = {each.payer_sequence for each in self.decisions if each.is_payers_reversal}
        return any(
            each in taken_back and not self.is_with(each) and self.standing_decision(each) is None
            for each in self.billed
        )

    def judge(self, found: tuple[RuleFinding, ...]) -> Self:
        """What was found holds it; with warnings alone, or nothing, it is released."""
        holding = tuple(finding for finding in found if finding.severity == "hold")
        warnings = tuple(finding for finding in found if finding.severity == "warn")
        was_held = self.was_held or (bool(holding) and not self.is_submitted)
        state: ClaimState = "held" if holding else "released"
        return replace(self, state=state, was_held=was_held, findings=holding, warnings=warnings)

    def judge_next(self, found: tuple[RuleFinding, ...]) -> Self:
        """What a later payer's rules found takes the place of what they had found before; the claim stays released."""
        kept = tuple(each for each in self.warnings if each.severity == "warn" and each not in found)
        return replace(self, warnings=(*kept, *found))

    @property
    def is_stopped(self) -> bool:
        """Whether a rule keeps it from the payer that comes next, though an earlier one has it."""
        return any(finding.severity == "hold" for finding in self.warnings)

    @property
    def standing_against(self) -> tuple[RuleFinding, ...]:
        """What a person may mend or let pass: what holds it, or keeps it from the next payer."""
        return (*self.findings, *(each for each in self.warnings if each.severity == "hold"))

    def with_unchecked(self, tables: tuple[str, ...]) -> Self:
        """The same, and by these tables it was not checked."""
        return replace(self, unchecked=tables)

    def withdraw(self, encounter_version: int) -> Self:
        """A newer version of the encounter, come before it was submitted, does without it: nothing is charged on it any more."""
        content = self.voided(encounter_version)
        return replace(self, state="withdrawn", findings=(), warnings=(), content=content, visit_ended=None)

    def take_back(self) -> Self:
        """No payer has it, and a person wants nobody to get it: it is voided at once."""
        return replace(self.void(), findings=(), warnings=())

    @property
    def is_taken_back(self) -> bool:
        """Whether a person took it back though its visit stands: nothing of it leaves again by itself."""
        return self.state == "voided" and self.visit_ended is None

    def with_content(self, content: ClaimContent) -> Self:
        """The same claim with corrected content, which is to be billed."""
        return replace(self, content=content, visit_ended=None)

    def end_visit(self, ending: VisitEnding, encounter_version: int) -> Self:
        """Its visit is not to be billed: what was never submitted is withdrawn, of the rest nothing more leaves."""
        stopped = self if self.is_submitted else self.withdraw(encounter_version)
        return replace(stopped, visit_ended=ending)

    def voided(self, encounter_version: int) -> ClaimContent:
        """What a submitted claim is to become where nothing is charged any more: the same without lines."""
        return self.content.model_copy(update={"lines": (), "encounter_version": encounter_version})

    def recall(self, sequence: PayerSequence) -> Self:
        """Its submission to this payer gives way to the next one; payers after it that have decided are billed again when it has decided anew."""
        later = SEQUENCES[SEQUENCES.index(sequence) + 1 :]
        again = {sequence, *(each for each in later if self.standing_decision(each))}
        billed, replacing = (tuple(each for each in of if each not in again) for of in (self.billed, self.replacing))
        return replace(self, billed=billed, replacing=replacing)

    def stands_with(self, sequence: PayerSequence) -> Self:
        """What this payer has of it stays as it is."""
        return replace(self, billed=(*self.billed, sequence))

    def begin_void(self) -> Self:
        """Its void has left: nothing else of it leaves."""
        return replace(self, is_voiding=True)

    def void(self) -> Self:
        """Its payers have taken their decisions back: nothing is charged on it any more."""
        content = self.voided(self.content.encounter_version)
        return replace(
            self, state="voided", content=content, correction=None, is_voiding=False, billed=(), replacing=()
        )

    def with_correction(self, state: OpenCorrection | None) -> Self:
        """The same, and this is how its correction stands."""
        return replace(self, correction=state)

    def override(self, override: Override) -> Self:
        """A person lets one rule's findings pass."""
        others = tuple(earlier for earlier in self.overrides if earlier.rule != override.rule)
        return replace(self, overrides=(*others, override))

    def submitted(self, sequence: PayerSequence) -> Self:
        """One more submission, live for this payer sequence."""
        over = (sequence,) if any(decision.payer_sequence == sequence for decision in self.decisions) else ()
        return replace(
            self,
            submissions=self.submissions + 1,
            billed=(*self.billed, sequence),
            replacing=(*self.replacing, *over),
        )

    def rejected(self, sequence: PayerSequence) -> Self:
        """The submission for this payer sequence was refused before adjudication: none is live for it now."""
        billed, replacing = (tuple(each for each in of if each != sequence) for of in (self.billed, self.replacing))
        return replace(self, billed=billed, replacing=replacing, is_voiding=False)

    def knows(self, remittance_id: UUID, payment_ordinal: int) -> bool:
        """Whether this decision was heard before."""
        place = (remittance_id, payment_ordinal)
        return any((each.remittance_id, each.payment_ordinal) == place for each in self.decisions)

    def decided(self, decision: Decision) -> Self:
        """A payer has decided; a reversal stays on record and takes effect in ``standing_decision``."""
        decided = decision.payer_sequence if decision.outcome != "reversed" else None
        replacing = tuple(each for each in self.replacing if each != decided)
        return replace(self, decisions=(*self.decisions, decision), replacing=replacing)

    def standing_decision(self, sequence: PayerSequence) -> Decision | None:
        """What a payer's decisions come to that were not taken back."""
        return standing(self.decisions, sequence)

    @property
    def standing_decisions(self) -> tuple[Decision, ...]:
        """The latest decision of each payer that was not taken back, in the order of billing."""
        decided = (self.standing_decision(sequence) for sequence in SEQUENCES)
        return tuple(decision for decision in decided if decision is not None)

    def next_sequence(self) -> PayerSequence | None:
        """The payer to bill now: the one after the last decision that left the patient a share; None when there is none.

        A payer that forwarded the claim itself bills the next one (crossover), what was refused whole waits for its case, and lines that it has
        not answered for its next word.
        """
        if self.visit_ended is not None or self.is_voiding or not self.is_live:
            return None
        coverages = len(self.content.coverages)
        for place, sequence in enumerate(SEQUENCES[: coverages - 1]):
            decision = self.standing_decision(sequence)
            following = SEQUENCES[place + 1]
            if decision is None or sequence in self.replacing:
                return None
            if following not in self.billed:
                is_answered = not decision.unanswered and decision.outcome != "forwarded"
                return following if is_answered and decision.patient_responsibility > ZERO else None
        return None
