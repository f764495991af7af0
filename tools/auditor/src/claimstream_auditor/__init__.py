"""An auditor from outside: it reads what the services left behind, shares no code with them, and says whether I1 to I14 hold."""

from .auditing import INVARIANTS, Invariant, audit
from .case import Bounds
from .evidence import (
    Acknowledged,
    Anchor,
    Databases,
    Evidence,
    Folder,
    Mark,
    MemoryFolder,
    Place,
    Row,
    Topic,
    TopicRecord,
    marks_of,
    read_topics,
)
from .report import Finding, Report, Violation

__all__ = [
    "INVARIANTS",
    "Acknowledged",
    "Anchor",
    "Bounds",
    "Databases",
    "Evidence",
    "Finding",
    "Folder",
    "Invariant",
    "Mark",
    "MemoryFolder",
    "Place",
    "Report",
    "Row",
    "Topic",
    "TopicRecord",
    "Violation",
    "audit",
    "marks_of",
    "read_topics",
]
