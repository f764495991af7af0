"""Days of a claim against each other: birth and death, service, admission and discharge, and what went before.

A day that cannot be is told of and refuses nothing: which of the two days is wrong nobody can see from here. Sources: the
situational notes of 005010X222A1, X223A2 and X224A2 at DMG, PAT06 and DTP; NUBC form locator 16 (the discharge hour
stands on inpatient bills of frequency 1 or 4, and so on what replaces them, but for bill type 21x).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claimstream_x12.checking.kinds import KINDS, Kind
from claimstream_x12.checking.rules import SetRules, days
from claimstream_x12.elements import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from claimstream_x12.checking.walking import Loop
    from claimstream_x12.segments import Segment

    Service = tuple[date, date, Segment, Loop]  # the first and last day, the DTP and its loop

KINDS.update(
    {
        "born-after-service": Kind(4, segment="8", element="8", status="158", category="A8"),
        "died-before-service": Kind(4, segment="8", element="8", status="187", category="A8"),
        "dates-contradict": Kind(4, segment="8", element="8", status="187", category="A8"),
        "discharge-hour": Kind(4, segment="I6", status="233", category="A6"),
    }
)
_BEFORE_SERVICE = {"431": "the illness began", "439": "the accident was", "484": "the last menstrual period was"}
_WITH_DISCHARGE_HOUR = frozenset({"11", "12", "18", "41"})
_FINAL = frozenset({"1", "4", "7"})
_STILL_PATIENT = "30"
_PROCEDURES = frozenset({"BBR", "BBQ", "BR", "BQ", "CAH"})
_OF_PROCEDURES = frozenset({"BB", "BR", "BQ", "CA"})  # how their qualifiers begin
_OF_SERVICE = frozenset({"472", "434", "435"})


@dataclass(frozen=True, slots=True)
class ClaimDays:
    """The days that a claim names, read in one pass."""

    found: list[tuple[date | None, date | None, Segment, Loop]]  # of service, statement and admission, readable or not
    services: list[Service]
    of_claim: dict[str, Segment]  # by DTP01


def days_of(claim: Loop, lines: Sequence[Loop]) -> ClaimDays:
    """The days of a claim and its lines."""
    read = ClaimDays([], [], {})
    for at in (claim, *lines):
        for segment in at.segments:
            elements = segment.elements
            if elements[0] != "DTP" or len(elements) < 4:  # noqa: PLR2004 — DTP03
                continue
            if at is claim:
                read.of_claim.setdefault(elements[1], segment)
            if elements[1] in _OF_SERVICE:
                first, last = days(segment)
                read.found.append((first, last, segment, at))
                if first is not None and last is not None and elements[1] != "435":
                    read.services.append((first, last, segment, at))
    return read


def check_days(rules: SetRules, claim: Loop, read: ClaimDays) -> None:
    """Note each day that another one rules out."""
    if not read.services:
        return
    _check_person(rules, claim, read.services)
    last = max(service[1] for service in read.services)
    for qualifier, said in _BEFORE_SERVICE.items():
        dtp = read.of_claim.get(qualifier)
        day = days(dtp)[0] if dtp is not None else None
        if dtp is not None and day is not None and day > last:
            rules.note("dates-contradict", f"{said} after the last day of service", dtp, 3, claim, warns=True)
    _check_hospital_days(rules, claim, read, last)


def _check_person(rules: SetRules, claim: Loop, services: Sequence[Service]) -> None:
    born, died = _born_and_died(claim)
    early = next((service for service in services if born is not None and service[0] < born), None)
    if early is not None:
        rules.note("born-after-service", "the patient was born after this service", early[2], 3, early[3], warns=True)
    late = next((service for service in services if died is not None and service[0] > died), None)
    if late is not None:
        rules.note("died-before-service", "the patient had died before this service", late[2], 3, late[3], warns=True)


def _born_and_died(claim: Loop) -> tuple[date | None, date | None]:
    """Of the patient: the level that the claim stands at, and the name below it."""
    level = claim.parent
    if level is None:
        return None, None
    name = next((below for below in level.loops if below.use.id in {"2010CA", "2010BA"}), None)
    dmg = name.find("DMG") if name is not None else None
    pat = level.find("PAT")
    born = parse_date(dmg[2]) if dmg is not None else None
    return born, parse_date(pat[6]) if pat is not None else None


def _check_hospital_days(rules: SetRules, claim: Loop, read: ClaimDays, last: date) -> None:
    """Admission, discharge and last day of service; a discharge without a day (DTP*096 of an 837I) is an hour."""
    admitted, discharged = read.of_claim.get("435"), read.of_claim.get("096")
    day = parse_date(admitted[3][:8]) if admitted is not None else None
    if admitted is None or day is None:
        return
    left = parse_date(discharged[3]) if discharged is not None else None
    if left is not None and left < day:
        rules.note("dates-contradict", "the admission comes after the discharge", admitted, 3, claim, warns=True)
    elif day > last and "434" in read.of_claim:
        rules.note(
            "dates-contradict", "the admission comes after the last day of the bill", admitted, 3, claim, warns=True
        )


def check_statement(rules: SetRules, claim: Loop, services: Sequence[Service]) -> None:
    """An institutional bill: lines and procedures lie within the days that it covers."""
    statement = next((one for one in services if one[2].elements[1] == "434"), None)
    if statement is None:
        return
    first, last, _, _ = statement
    for begins, ends, segment, at in services:
        if at is not claim and (begins < first or ends > last):
            message = "a day of service outside the days that the bill covers (DTP*434)"
            rules.note("dates-contradict", message, segment, 3, at, warns=True)
    for hi, number, day in _procedures(claim):
        if day > last:
            message = "a procedure after the last day that the bill covers (DTP*434)"
            rules.note("dates-contradict", message, hi, number, claim, component=4, warns=True)


def _procedures(claim: Loop) -> Iterator[tuple[Segment, int, date]]:
    for hi in claim.all("HI"):
        for number in range(1, len(hi.elements) if hi[1][:2] in _OF_PROCEDURES else 0):
            parts = hi.components(number)
            day = parse_date(parts[3]) if len(parts) > 3 and parts[0] in _PROCEDURES else None  # noqa: PLR2004 — C022-4
            if day is not None:
                yield hi, number, day


def check_discharge_hour(rules: SetRules, claim: Loop) -> None:
    """A final inpatient bill says at which hour the patient left, and one of a patient who is still there does not."""
    clm, cl1 = claim.first, claim.find("CL1")
    parts = clm.components(5)
    if cl1 is None or not cl1[3]:
        return
    hour = claim.find("DTP", "096")
    still_there = cl1[3] == _STILL_PATIENT
    if hour is not None and still_there:
        message = "status 30 says that the patient is still there: no discharge hour (DTP*096) can be"
        rules.note("discharge-hour", message, hour, 3, claim, warns=True)
    if hour is None and not still_there and parts[0] in _WITH_DISCHARGE_HOUR and parts[2:3] and parts[2] in _FINAL:
        message = "a final inpatient bill needs its discharge hour (DTP*096)"
        rules.note("discharge-hour", message, clm, 5, claim, warns=True)
