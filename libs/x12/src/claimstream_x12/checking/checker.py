"""A file, checked: every interchange, group and set with its findings and what becomes of it.

    report = Checker().check(path.open("rb"))
    for one_set in report.sets:
        one_set.status, one_set.findings
    report.rejected

Reading streams: memory grows with the number of sets and findings, not with the file.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.checking.claim_rules import ClaimRules, SeenBatch
from claimstream_x12.checking.code_sets import CodeSets, ShapesOnly
from claimstream_x12.checking.compiling import walked
from claimstream_x12.checking.drawer import Drawer, Page
from claimstream_x12.checking.envelope_rules import Reused, check_gs, check_isa, check_st
from claimstream_x12.checking.kinds import kind_of
from claimstream_x12.checking.noting import NONE_PASSED_OVER, Notebook
from claimstream_x12.checking.partner_rules import PartnerRule, PartnerRules
from claimstream_x12.checking.rules import SetRules, Situation
from claimstream_x12.checking.set_rules import rules_for
from claimstream_x12.checking.walking import Walk
from claimstream_x12.errors import Finding, Place, Severity
from claimstream_x12.guides import GuideName, known_guide
from claimstream_x12.interchange import TransactionSet, X12Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from claimstream_x12.envelope_records import GroupRecord, InterchangeRecord
    from claimstream_x12.segments import Segment


class SetStatus(StrEnum):
    """What becomes of a set: warnings are told of and taken, any error refuses it or a claim in it."""

    ACCEPTED = "accepted"
    WITH_ERRORS = "accepted_with_errors"
    REJECTED = "rejected"


@dataclass(slots=True)
class CheckedSet:
    """One transaction set, checked."""

    code: str  # ST01
    guide: str  # ST03, else GS08
    control_number: str  # ST02
    page: Page | None  # where its findings are kept, none where nothing was found
    place: int  # on that page
    has_errors: bool  # whether any of them stands in the way of use
    passed_over: int = 0  # findings beyond the limit, counted alone
    lowest_passed_over: int = NONE_PASSED_OVER  # the lowest SNIP level of the errors among them
    lowest_level: int = NONE_PASSED_OVER  # the lowest SNIP level of the findings
    batch: SeenBatch | None = None  # of an 837, when the checker was asked to remember claims
    envelope_refused: bool = False  # its group or interchange is

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the order of the segments."""
        return self.page.take(self.place, self.control_number) if self.page else ()

    @property
    def status(self) -> SetStatus:
        """Rejected when anything of it is refused, with errors when something is told of."""
        if self.envelope_refused or self.lowest_passed_over < NONE_PASSED_OVER or self.has_errors:
            return SetStatus.REJECTED
        return SetStatus.WITH_ERRORS if self.page else SetStatus.ACCEPTED


@dataclass(slots=True)
class CheckedGroup:
    """One functional group, its sets, and what is wrong with its own envelope."""

    record: GroupRecord
    sets: list[CheckedSet] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether its envelope refuses everything in it."""
        return any(finding.is_error for finding in (*self.findings, *self.record.findings))


@dataclass(slots=True)
class CheckedInterchange:
    """One interchange, its groups, and what is wrong with its own envelope."""

    record: InterchangeRecord
    groups: list[CheckedGroup] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def own_findings(self) -> tuple[Finding, ...]:
        """What is wrong with ISA and IEA, without what is wrong with its groups."""
        of_groups = {id(finding) for group in self.record.group_records for finding in group.findings}
        return (*self.findings, *(one for one in self.record.findings if id(one) not in of_groups))

    @property
    def refused(self) -> bool:
        """Whether its envelope refuses everything in it."""
        return any(finding.is_error for finding in self.own_findings)


@dataclass(slots=True)
class Report:
    """What was found in a file."""

    interchanges: list[CheckedInterchange] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)  # of the file itself

    @property
    def sets(self) -> list[CheckedSet]:
        """Every set in the file's order."""
        return [one for interchange in self.interchanges for group in interchange.groups for one in group.sets]

    @property
    def envelope_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the file, its interchanges and its groups."""
        found = list(self.findings)
        for interchange in self.interchanges:
            found += interchange.own_findings
            for group in interchange.groups:
                found += (*group.findings, *group.record.findings)
        return tuple(found)

    @property
    def read_something(self) -> bool:
        """Whether there was an interchange at all."""
        return bool(self.interchanges)

    @property
    def rejected(self) -> bool:
        """Whether any set, group or interchange is refused."""
        return any(one.status is SetStatus.REJECTED for one in self.sets) or any(
            finding.is_error for finding in self.envelope_findings
        )


class Checker:
    """Checks files; `codes` says which codes were in force, `today` which day's service lies in the future."""

    def __init__(
        self,
        codes: CodeSets | None = None,
        *,
        today: date | None = None,
        remember_claims: bool = False,
        partner_rules: Sequence[PartnerRule] = (),
        rules: Callable[[GuideName, Situation], SetRules] = rules_for,
    ) -> None:
        self._codes = codes or ShapesOnly()
        self._today = today
        self._remember_claims = remember_claims
        self._partner_rules = partner_rules
        self._rules = rules

    def check(self, source: bytes | BinaryIO) -> Report:
        """The whole file's report."""
        report = Report()
        for _ in self.sets(source, report):
            pass
        return report

    def sets(self, source: bytes | BinaryIO, report: Report) -> Iterator[CheckedSet]:
        """Each set as it is checked; the report is whole after the last."""
        reader = X12Reader(source)
        reused, drawer = Reused(), Drawer()
        for one_set in reader.sets():
            self._enter(one_set, report, reused)
            interchange = report.interchanges[-1]
            group = interchange.groups[-1] if interchange.groups else None
            checked = self._check(one_set, reused, drawer)
            if group is not None:
                group.sets.append(checked)
            yield checked
        self._enter_records(reader.interchanges, report, reused)
        report.findings += reader.own_findings
        for interchange in report.interchanges:
            for group in interchange.groups:
                if interchange.refused or group.refused:
                    for one in group.sets:
                        one.envelope_refused = True

    def _enter(self, one_set: TransactionSet, report: Report, reused: Reused) -> None:
        self._enter_records(one_set.reader.interchanges, report, reused)

    @staticmethod
    def _enter_records(records: list[InterchangeRecord], report: Report, reused: Reused) -> None:
        """Take in the interchanges and groups that the reader has met since the last set."""
        known = len(report.interchanges)
        for number in range(max(0, known - 1), len(records)):
            if number >= known:
                report.interchanges.append(
                    CheckedInterchange(records[number], findings=list(check_isa(records[number], reused)))
                )
            interchange = report.interchanges[number]
            for group in records[number].group_records[len(interchange.groups) :]:
                interchange.groups.append(CheckedGroup(group, findings=list(check_gs(group, reused))))

    def _check(self, one_set: TransactionSet, reused: Reused, drawer: Drawer) -> CheckedSet:
        notebook = Notebook(one_set.control_number, of_each_claim=self._remember_claims)
        for finding in check_st(one_set, reused):
            notebook.add(finding)
        segments = iter(one_set)
        first = next(segments, None)
        batch: SeenBatch | None = None
        guide = known_guide(one_set.code, one_set.guide.strip(), first[2] if first is not None else "")
        if guide is None:
            self._unknown_guide(one_set, notebook)
            one_set.pass_over()
        else:
            self._note_version(one_set, guide, notebook)
            batch = self._walk(
                one_set, guide, chain((one_set.st,), () if first is None else (first,), segments), notebook
            )
        for finding in one_set.findings:
            notebook.add(finding)
        findings = sorted(notebook.findings, key=lambda finding: finding.place.segment)
        return CheckedSet(
            sys.intern(one_set.code),
            sys.intern(one_set.guide.strip()),
            one_set.control_number,
            *drawer.put(findings),
            any(finding.is_error for finding in findings),
            notebook.passed_over,
            notebook.lowest_passed_over,
            min((kind_of(finding.code).snip for finding in findings), default=NONE_PASSED_OVER),
            batch,
        )

    def _walk(
        self, one_set: TransactionSet, guide: GuideName, segments: Iterator[Segment], notebook: Notebook
    ) -> SeenBatch | None:
        situation = Situation(
            notebook,
            self._codes,
            self._today,
            remember_claims=self._remember_claims,
            test=one_set.interchange.usage == "T",
        )
        rules = self._rules(guide, situation)
        notebook.units = rules.let_go
        partner = PartnerRules(self._partner_rules, guide.version) if self._partner_rules else None
        walk = Walk(walked(guide.table, one_set.delimiters), rules, partner)
        walk.follow(segments)
        walk.finish(one_set.segment_count)
        return rules.batch if isinstance(rules, ClaimRules) else None

    @staticmethod
    def _unknown_guide(one_set: TransactionSet, notebook: Notebook) -> None:
        place = Place(1, "ST", 3, set_control=one_set.control_number)
        message = f"{one_set.guide.strip()[:12] or 'no guide'} is not read here for a set {one_set.code[:3]}: only its envelope was checked"
        notebook.add(Finding("guide-unknown", message, place))

    @staticmethod
    def _note_version(one_set: TransactionSet, guide: GuideName, notebook: Notebook) -> None:
        version = one_set.guide.strip()
        if version != guide.version:
            code = "guide-newer" if version > guide.version else "guide-older"
            message = f"{version} is read as {guide.version}"
            place = Place(1, "ST", 3, set_control=one_set.control_number)
            notebook.add(Finding(code, message, place, Severity.WARNING))


def snip_of(finding: Finding) -> int:
    """The SNIP level of a finding."""
    return kind_of(finding.code).snip
