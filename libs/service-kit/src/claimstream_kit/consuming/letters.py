"""What operators see of dead letters."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

LetterState = Literal["dead", "parked", "redriven", "discarded"]


class DeadLetter(BaseModel):
    """An event that could not be worked on, or is parked behind one; without its payload, which holds patient data."""

    id: int
    practice: str = Field(description="unknown where the event could not be read")
    event_id: UUID
    topic: str
    partition: int
    record_offset: int
    aggregate: str = Field(description="Events of one aggregate are parked behind each other")
    key: str
    state: LetterState
    error_class: str | None
    reason: str | None
    handler: str | None
    attempts: int
    created_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    settled_why: str | None = Field(description="Why it was given up")


class DeadLetterPage(BaseModel):
    """A page of dead letters by id."""

    dead_letters: list[DeadLetter]
    next_after: int | None = Field(description="Ask for the next page with `after`; null on the last")


class Redriven(BaseModel):
    """The letters that were worked on again, each as it stands now."""

    dead_letters: list[DeadLetter]
