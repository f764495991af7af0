"""practice.changed."""

from typing import ClassVar

from pydantic import Field

from .envelope import Event
from .values.contract import NamedContract
from .values.practice import Practice, PracticeDocument


class PracticeChanged(Event):
    """A practice was loaded or changed: who bills, where, for which payers, and under which revision of each contract."""

    topic: ClassVar[str] = "practice.changed"
    aggregate: ClassVar[str] = "practice"
    version: ClassVar[int] = 2
    key_field: ClassVar[str] = "practice_id"

    practice_version: int = Field(ge=1)
    practice: Practice
    contracts: tuple[NamedContract, ...] = Field(
        default=(), description="Each comes on contract.changed, before this or after it"
    )


class PracticeChangedV1(Event):
    """A practice was loaded or changed: the whole document with its fee schedules and its charge master."""

    topic: ClassVar[str] = "practice.changed"
    aggregate: ClassVar[str] = "practice"
    key_field: ClassVar[str] = "practice_id"

    practice_version: int = Field(ge=1)
    practice: PracticeDocument
