"""What became of the resources that an EHR sent together."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class ResourceUse:
    """How many resources of one type there were, and whether they are read or only kept."""

    count: int
    use: Literal["read", "kept"]


@dataclass(frozen=True)
class Refused:
    """An encounter that could not be read."""

    place: str
    problem: str
    remedy: str
    ehr_encounter_id: str | None


@dataclass(frozen=True)
class Dangling:
    """A reference that leads nowhere."""

    place: str
    reference: str
    display: str | None


@dataclass
class MappingReport:
    """What was read, kept, refused and left dangling."""

    resources: dict[str, ResourceUse] = field(default_factory=dict)
    encounters: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    dangling: list[Dangling] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON, as it is kept."""
        return asdict(self)
