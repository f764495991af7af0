"""Rules of the 837: totals, coordination of benefits, and what stands in one segment because of another.

Each rule names its source: the guide's own section (005010X222A1, X223A2, X224A2), an X12 RFI, or a public edit list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from claimstream_x12.checking.coordination_rules import check_coordination, line_charge
from claimstream_x12.checking.date_rules import ClaimDays, check_days, check_discharge_hour, check_statement, days_of
from claimstream_x12.checking.diagnosis_rules import check_code_systems
from claimstream_x12.checking.explaining import is_tooth
from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, Situation, amount, days, first_day
from claimstream_x12.claim_837.validation import npi_is_valid
from claimstream_x12.elements import ZERO

if TYPE_CHECKING:
    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

KINDS.update(
    {
        "claim-charge": Kind(3, segment="8", element="I12", status="178", category="A8"),
        "claim-frequency": Kind(4, segment="8", element="7", status="535"),
        "original-reference": Kind(4, segment="I6", status="464", category="A6"),
        "frequency-and-status": Kind(4, segment="8", element="I12", status="535", category="A8"),
        "diagnosis-pointer": Kind(4, segment="8", element="7", status="477"),
        "line-control-twice": Kind(4, segment="8", element="I12"),
        "billing-street": Kind(4, segment="8", element="I12", status="126"),
        "line-number": Kind(4, segment="8", element="7", status="121"),
        "accident-date": Kind(4, segment="I6", status="281", category="A6"),
        "accident-state": Kind(4, segment="8", element="I9", status="496", category="A6"),
        "patient-level": Kind(4, segment="I6", status="33", category="A8"),
        "patient-person": Kind(4, segment="I6", status="158", category="A6"),
        "zip-plus-four": Kind(4, segment="8", element="I12", status="500"),
        "attachment-number": Kind(4, segment="8", element="I9", status="294", category="A6"),
        "service-date-future": Kind(4, segment="8", element="8", status="187"),
        "dates-reversed": Kind(4, segment="8", element="8", status="187", category="A8"),
        "admission-date": Kind(4, segment="I6", status="189", category="A6"),
        "admitting-diagnosis": Kind(4, segment="I6", status="232", category="A6"),
        "control-number-long": Kind(4, segment="8", element="5", status="478"),
        "npi": Kind(5, segment="8", element="I12", status="562"),
    }
)

_REPLACES_OR_VOIDS = frozenset({"7", "8"})
_ATTACHED_BY = frozenset({"BM", "EL", "EM", "FX", "FT"})
_INPATIENT = frozenset({"11", "12", "18", "21", "22", "41"})
_STILL_PATIENT = "30"
_POST_BOX = re.compile(
    r"\bP\W{0,2}O\W{0,2}(?:BOX|DRAWER|BX)\b|\bPOST(?:AL)? ?(?:OFFICE)? ?BOX\b|\bPOB\b|\bLOCK ?BOX\b|^ *BOX +[0-9]",
    re.IGNORECASE,
)
_LINE_CONTROL = ["6R"]
_NM109 = 9
_LONGEST_CONTROL = 20
_ZIP_LENGTH = 9
_POINTER_DIGITS = 2
_SLACK = timedelta(days=1)  # a sender west of us may still write yesterday


@dataclass(frozen=True, slots=True)
class SeenClaim:
    """What the acknowledgment of a claim says of it."""

    control_number: str  # CLM01
    charge: Decimal  # CLM02
    position: int  # of CLM
    levels: tuple[int, ...]  # the positions of the HL segments above it, provider first
    provider: Segment | None  # NM1*85
    patient: Segment | None  # NM1*QC, or NM1*IL where the subscriber is the patient
    member_id: str  # NM109 of the subscriber
    service_dates: tuple[date | None, date | None]


@dataclass(slots=True)
class SeenBatch:
    """What the acknowledgment of a set says of it."""

    reference: str = ""  # BHT03
    submitter: Segment | None = None  # NM1*41
    receiver: Segment | None = None  # NM1*40
    claims: list[SeenClaim] = field(default_factory=list)


class ClaimRules(SetRules):
    """The rules of 837P, 837I and 837D."""

    let_go = frozenset({"2000A", "2000B", "2000C", "2300"})

    def __init__(self, situation: Situation, *, kind: str) -> None:
        super().__init__(situation)
        self._kind = kind  # P, I or D
        self.batch: SeenBatch | None = SeenBatch() if situation.remember_claims else None
        self._closers = {
            "2300": self._claim_closed,
            "2010AA": self._billing_provider,
            "2000B": self._subscriber,
            "1000A": self._remember,
            "1000B": self._remember,
            "": self._remember,
        }

    def closed(self, loop: Loop) -> None:
        """Ask what there is to ask of this loop."""
        closer = self._closers.get(loop.use.id)
        if closer is not None:
            closer(loop)
        first = loop.segments[0].elements
        if first[0] == "NM1" and len(first) > _NM109 and first[_NM109 - 1] == "XX" and not npi_is_valid(first[_NM109]):
            message = "is no NPI: its check digit does not fit (45 CFR 162.406)"
            self.note("npi", message, loop.segments[0], _NM109, loop, warns=self.situation.test)

    def _claim_closed(self, loop: Loop) -> None:
        self._claim(loop)
        if self.batch is not None:
            self.batch.claims.append(self._seen(loop))

    def _remember(self, loop: Loop) -> None:
        """What stands above the claims and an acknowledgment repeats."""
        if self.batch is None:
            return
        match loop.use.id:
            case "1000A":
                self.batch.submitter = loop.first
            case "1000B":
                self.batch.receiver = loop.first
            case _:
                bht = loop.find("BHT")
                self.batch.reference = bht[3] if bht is not None else ""

    def _seen(self, loop: Loop) -> SeenClaim:
        levels: list[Loop] = []
        around = loop.parent
        while around is not None and around.parent is not None:
            levels.insert(0, around)
            around = around.parent
        names = {below.use.id: below.first for level in levels for below in level.loops}
        clm, subscriber = loop.first, names.get("2010BA")
        return SeenClaim(
            control_number=clm[1],
            charge=amount(clm, 2),
            position=clm.position,
            levels=tuple(level.first.position for level in levels),
            provider=names.get("2010AA"),
            patient=names.get("2010CA") or subscriber,
            member_id=subscriber[9] if subscriber is not None else "",
            service_dates=self._service_dates(loop),
        )

    @staticmethod
    def _service_dates(loop: Loop) -> tuple[date | None, date | None]:
        found = [dtp for at in (loop, *loop.below("2400")) for dtp in at.all("DTP") if dtp[1] in {"434", "472"}]
        known = [day for dtp in found for day in days(dtp) if day is not None]
        return min(known, default=None), max(known, default=None)

    def service_date(self, loop: Loop) -> date | None:
        """The first day of service; of a stay the last, since the codes in force at discharge hold for it."""
        statement = loop.find("DTP", "434")
        if statement is not None:
            return days(statement)[loop.first.components(5)[0] in _INPATIENT]
        of_lines = (first_day(line.find("DTP", "472")) for line in loop.below("2400"))
        known = [day for day in (first_day(loop.find("DTP", "472")), *of_lines) if day is not None]
        return min(known, default=None)

    def _billing_provider(self, loop: Loop) -> None:
        address = loop.find("N4")
        if address is not None and address[4] in {"", "US"} and len(address[3]) != _ZIP_LENGTH:
            # 005010X222A1 and X223A2, loop 2010AA, N403: all nine digits for an address in the United States
            message = "the billing provider's ZIP code needs nine digits"
            self.note("zip-plus-four", message, address, 3, loop, warns=self.situation.test)
        street = loop.find("N3")
        number = next((at for at in (1, 2) if street is not None and _POST_BOX.search(street[at])), 0)
        if street is not None and number:
            message = "the billing provider has a street address; a post box is for the pay-to address (X12 RFI 1451)"
            self.note("billing-street", message, street, number, loop, warns=True)

    def _subscriber(self, loop: Loop) -> None:
        sbr, hl = loop.find("SBR"), loop.first
        is_patient = sbr is not None and sbr[2] == "18"
        name = next(loop.below("2010BA"), None)
        if is_patient and name is not None:
            for segment_id, said in (("N3", "address"), ("N4", "city"), ("DMG", "birth date and sex")):
                if name.find(segment_id) is None:
                    self.note(
                        "patient-person",
                        f"the subscriber is the patient: {said} ({segment_id}) must stand",
                        name.first,
                        0,
                        name,
                    )
        if sbr is not None and is_patient and hl[4] == "1":
            self.note(
                "patient-level", "SBR02 18 says that the subscriber is the patient: no level may follow", hl, 4, loop
            )

    def _claim(self, loop: Loop) -> None:
        clm = loop.first
        if len(clm[1]) > _LONGEST_CONTROL:
            message = f"{len(clm[1])} characters: what is over {_LONGEST_CONTROL} need not come back (X12 RFI 525)"
            self.note("control-number-long", message, clm, 1, loop, warns=True)
        lines = [line for line in loop.loops if line.use.id == "2400"]
        self._total(clm, lines, loop)
        self._frequency(clm, loop)
        self._whose(loop, clm)
        self._cause(clm, loop)
        read = days_of(loop, lines)
        self._dates(read)
        self._lines(loop, lines)
        self._controls_and_attachments(loop, lines)
        check_code_systems(self, loop, read.services)
        check_days(self, loop, read)
        check_coordination(self, loop, lines)
        if self._kind == "D":
            self._tooth_statuses(loop)
        if self._kind == "I":
            check_statement(self, loop, read.services)
            check_discharge_hour(self, loop)
            self._institutional(clm, loop)

    def _total(self, clm: Segment, lines: list[Loop], loop: Loop) -> None:
        total = ZERO
        for line in lines:
            total += line_charge(line)
        if lines and total != amount(clm, 2):
            # 005010X222A1 section 1.4.3.1 (X223A2 and X224A2 alike): the claim's charge is the sum of its lines
            self.note("claim-charge", f"{clm[2][:18]} is charged, the lines come to {total}", clm, 2, loop)

    def _frequency(self, clm: Segment, loop: Loop) -> None:
        parts = clm.components(5)
        frequency = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 — CLM05-3
        if self._kind != "I" and frequency and frequency not in {"1", "7", "8"}:
            message = f'"{frequency[:2]}": a professional or dental claim is 1 original, 7 replaces or 8 voids'
            self.note("claim-frequency", message, clm, 5, loop, component=3)
        original = loop.find("REF", "F8")
        if frequency in _REPLACES_OR_VOIDS and original is None:
            message = f"frequency {frequency} needs the payer's own number of the claim (REF*F8)"
            self.note("original-reference", message, clm, 5, loop, component=3)
        if frequency == "1" and original is not None:
            message = "REF*F8 goes with frequency 7 or 8 and never with an original (X12 RFI 1538, 2110)"
            self.note("original-reference", message, original, 1, loop)

    def _whose(self, loop: Loop, clm: Segment) -> None:
        around = loop.parent
        if around is None or around.use.id != "2000B":
            return
        sbr = around.find("SBR")
        if sbr is not None and sbr[2] != "18":
            message = (
                "the claim stands under a subscriber who is not the patient: a patient level (2000C) must come between"
            )
            self.note("patient-level", message, clm, 0, loop)

    def _cause(self, clm: Segment, loop: Loop) -> None:
        causes = clm.components(11)
        if self._kind == "I" or not causes[0]:
            return
        if {"AA", "OA"} & set(causes[:2]) and loop.find("DTP", "439") is None:
            message = "an accident (AA, OA) needs its date (DTP*439)"
            self.note("accident-date", message, clm, 11, loop)
        country = causes[4] if len(causes) > 4 else ""  # noqa: PLR2004 — CLM11-5
        state = causes[3] if len(causes) > 3 else ""  # noqa: PLR2004 — CLM11-4
        if "AA" in causes[:2] and not state and country in {"", "US"}:
            self.note("accident-state", "a car accident needs its state", clm, 11, loop, component=4)

    def _dates(self, read: ClaimDays) -> None:
        today = self.situation.today
        for first, last, segment, at in read.found:
            if first and last and last < first:
                self.note("dates-reversed", "the last day is before the first", segment, 3, at)
            if today and first and first > today + _SLACK:
                message = "a service that lies in the future cannot be billed"
                self.note("service-date-future", message, segment, 3, at)

    def _lines(self, loop: Loop, lines: list[Loop]) -> None:
        diagnoses = _diagnoses(loop) if self._kind != "I" else 0
        for number, line in enumerate(lines, 1):
            lx = line.segments[0]
            if lx[1] != str(number):
                self.note("line-number", f"lines are counted from 1: {number} comes here", lx, 1, line)
            if self._kind == "I" or len(line.segments) == 1:
                continue
            service = line.segments[1]
            at = 7 if service.elements[0] == "SV1" else 11
            text = service[at]
            for component, pointer in enumerate(text.split(service.delimiters.component) if text else (), 1):
                if (
                    pointer.isdigit()
                    and pointer.isascii()
                    and (len(pointer) > _POINTER_DIGITS or int(pointer) > diagnoses)
                ):
                    message = f"points to diagnosis {pointer[:3]}, there are {diagnoses}"
                    self.note("diagnosis-pointer", message, service, at, line, component=component)

    def _tooth_statuses(self, loop: Loop) -> None:
        """DN201 is a tooth of the universal numbering where DN206 says so (005010X224A2, loop 2300)."""
        for dn2 in loop.all("DN2"):
            if dn2[6] == "JP" and dn2[1] and not is_tooth(dn2[1]):
                self.note("tooth", "is no tooth of the universal numbering", dn2, 1, loop)

    def _controls_and_attachments(self, loop: Loop, lines: list[Loop]) -> None:
        """What is sent apart has its number, and no two lines have the same REF*6R (X12 RFI 1917)."""
        controls: set[str] = set()
        for at in (loop, *lines):
            for segment in at.segments:
                elements = segment.elements
                if elements[0] == "PWK" and segment[2] in _ATTACHED_BY and not segment[6]:
                    message = "what is sent apart needs a control number (PWK05 AC, PWK06)"
                    self.note("attachment-number", message, segment, 6, at)
                elif elements[0] == "REF" and elements[1:2] == _LINE_CONTROL and at is not loop:
                    if segment[2] in controls:
                        message = "another line of the claim has this number: each line has its own (X12 RFI 1917)"
                        self.note("line-control-twice", message, segment, 2, at)
                    controls.add(segment[2])

    def _institutional(self, clm: Segment, loop: Loop) -> None:
        parts = clm.components(5)
        cl1 = loop.find("CL1")
        if len(parts) > 2 and parts[2] == "1" and cl1 is not None and cl1[3] == _STILL_PATIENT:  # noqa: PLR2004
            message = (
                "status 30 says that the patient is still there: a claim from admission to discharge (1) cannot be"
            )
            self.note("frequency-and-status", message, clm, 5, loop, component=3)
        if parts[0] not in _INPATIENT:
            return
        if loop.find("DTP", "435") is None:
            self.note("admission-date", "an inpatient claim needs its admission (DTP*435)", clm, 5, loop)
        if (
            parts[0] not in {"12", "22"}
            and not any(hi[1][:3] in {"ABJ", "BJ:"} for hi in loop.all("HI"))
            and not _admitting(loop)
        ):
            message = "an inpatient claim needs its admitting diagnosis (HI*ABJ)"
            self.note("admitting-diagnosis", message, clm, 5, loop)


def _diagnoses(loop: Loop) -> int:
    count = 0
    for hi in loop.all("HI"):
        if hi[1][:2] in {"BK", "AB"}:
            count += sum(1 for text in hi.elements[1:] if text)
    return count


def _admitting(loop: Loop) -> bool:
    """ABJ may share an HI with the principal diagnosis in older files."""
    return any(text[:4] in {"ABJ:", "BJ:"} or text[:3] == "ABJ" for hi in loop.all("HI") for text in hi.elements[1:])
