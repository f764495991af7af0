"""practice.changed."""

from typing import ClassVar

from pydantic import Field

from .envelope import Event
from .values.practice import Practice


class PracticeChanged(Event):
    """A practice was loaded or changed: the whole document, so that each stage keeps what it needs of it."""

    topic: ClassVar[str] = "practice.changed"
    aggregate: ClassVar[str] = "practice"
    key_field: ClassVar[str] = "practice_id"

    practice_version: int = Field(ge=1)
    practice: Practice
