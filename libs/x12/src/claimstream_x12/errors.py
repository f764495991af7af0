"""What goes wrong with an X12 file, said so that a person finds the place.

    X12Error
     ├── NotWritable     records that would make an invalid file; carries every finding
     └── SetPassedOver   a set is read after the next one was asked for: a mistake of the caller

Reading never raises for what stands in a file: it collects findings.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from claimstream_x12.record import record


class Severity(StrEnum):
    """How much a finding weighs: an error stands in the way of use, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@record
class Place:
    """Where in a file: the segment's position (ST = 1 inside a set, ISA = 1 outside), element and component."""

    segment: int = 0
    segment_id: str = ""
    element: int = 0
    component: int = 0
    loop: str = ""
    set_control: str = ""

    @property
    def element_name(self) -> str:
        """The element as guides write it: CLM02, CLM05-3, or the segment alone."""
        element = f"{self.segment_id}{self.element:02d}" if self.element else self.segment_id
        return f"{element}-{self.component}" if self.component else element

    def __str__(self) -> str:
        loop = f" in loop {self.loop}" if self.loop else ""
        of_set = f" of set {self.set_control}" if self.set_control else ""
        named = f", {self.element_name}" if self.element_name else ""
        return f"segment {self.segment}{named}{loop}{of_set}" if self.segment else self.element_name


_NOWHERE = Place()


@record
class Finding:
    """One thing that is wrong: a stable code for programs, a message and a place for people."""

    code: str
    message: str
    place: Place = _NOWHERE
    severity: Severity = Severity.ERROR
    value: str = field(default="", repr=False)  # what stands there, for the acknowledgment to its sender alone
    unit: int = 0  # the position of what began the level or claim that it concerns: HL, CLM, CLP …
    unit_number: str = ""  # what names it: CLM01, CLP01, or the TRN02 of an inquiry

    @property
    def is_error(self) -> bool:
        """Whether it stands in the way of use."""
        return self.severity is Severity.ERROR

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class X12Error(Exception):
    """The base of what this library raises."""


class NotWritable(X12Error):
    """Records that would make an invalid file; `findings` says what is wrong with each."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(finding) for finding in findings))


class SetPassedOver(X12Error):
    """A set was not read before the next was asked for: its segments are gone."""
