"""An encounter: what the EHR told in its latest version, and what coding made of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from claimstream_schemas.values.identifiers import encounter_id

from .answers import NONE, Answers
from .outcome import Outcome, State
from .visit import Visit

RECEIVED = Outcome(state="received")


@dataclass(frozen=True)
class Encounter:
    """One encounter of a practice."""

    practice: str
    id: UUID
    version: int
    visit: Visit
    outcome: Outcome
    changed_at: datetime
    bundle: bytes | None = None
    answers: Answers = NONE
    """What people have answered about this version."""

    @classmethod
    def first(cls, practice: str, visit: Visit, *, at: datetime, bundle: bytes | None = None) -> "Encounter":
        """An encounter that is seen for the first time."""
        identity = encounter_id(practice, visit.source_system, visit.ehr_encounter_id)
        return cls(practice, identity, 1, visit, RECEIVED, at, bundle)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.outcome.state

    def is_told_again(self, visit: Visit) -> bool:
        """Whether this content is what we know already."""
        return self.visit.digest == visit.digest

    def is_newer_than(self, visit: Visit) -> bool:
        """Whether the EHR has changed it after the telling that comes now; where either does not say when, it is not."""
        known, told = self.visit.updated_at, visit.updated_at
        return known is not None and told is not None and told < known

    def revise(self, visit: Visit, *, at: datetime, bundle: bytes | None = None) -> "Encounter":
        """The next version, with other content."""
        return replace(
            self,
            version=self.version + 1,
            visit=visit,
            outcome=RECEIVED,
            changed_at=at,
            bundle=bundle,
            answers=NONE,
        )

    def answer(self, answers: Answers) -> "Encounter":
        """The same version with what a person has answered."""
        return replace(self, answers=self.answers.and_then(answers))

    def code(self, outcome: Outcome, *, at: datetime) -> "Encounter":
        """The same version with what coding made of it."""
        return replace(self, outcome=outcome, changed_at=at)
