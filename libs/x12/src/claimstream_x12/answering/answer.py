"""The whole answer to a file: for each interchange that came, one back to its sender."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.acknowledgment_999 import GUIDE as GUIDE_999
from claimstream_x12.acknowledgment_999 import write_999
from claimstream_x12.answering.claim_acknowledgment import claim_acknowledgment
from claimstream_x12.answering.group_acknowledgment import group_acknowledgment, refuses_set
from claimstream_x12.answering.interchange_answer import interchange_answer
from claimstream_x12.answering.text import fit
from claimstream_x12.claim_status_277ca import GUIDE as GUIDE_277CA
from claimstream_x12.claim_status_277ca import write_277ca
from claimstream_x12.envelope import Envelope, Group, iter_interchange
from claimstream_x12.interchange_ta1 import write_ta1

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from claimstream_x12.checking import CheckedGroup, CheckedInterchange, Report

_ACKNOWLEDGMENTS = "FA"
_HIGHEST_CONTROL = 999_999_999
_QUALIFIERS = frozenset({"01", "14", "20", "27", "28", "29", "30", "33", "ZZ"})


def answer(report: Report, *, now: datetime, control_number: int = 1) -> bytes:
    """TA1, 999 and 277CA for everything in a report; empty when nothing came that can be answered."""
    return b"".join(_parts(report, now, control_number))


def _parts(report: Report, now: datetime, control_number: int) -> Iterator[bytes]:
    for offset, checked in enumerate(report.interchanges):
        number = (control_number + offset - 1) % _HIGHEST_CONTROL + 1
        acknowledged = checked.refused or checked.record.header.acknowledgment_requested
        groups = [] if checked.refused else _groups(checked, now, number)
        if acknowledged or groups:
            ta1 = [write_ta1(interchange_answer(checked, now=now))] if acknowledged else []
            yield from iter_interchange(_envelope(checked, now, number), groups, ta1)


def _envelope(checked: CheckedInterchange, now: datetime, number: int) -> Envelope:
    header = checked.record.header
    return Envelope(
        sender_qualifier=header.receiver_qualifier if header.receiver_qualifier in _QUALIFIERS else "ZZ",
        sender=_name(header.receiver, "RECEIVER"),
        receiver_qualifier=header.sender_qualifier if header.sender_qualifier in _QUALIFIERS else "ZZ",
        receiver=_name(header.sender, "SENDER"),
        created=now,
        control_number=number,
        usage=header.usage if header.usage in {"P", "T"} else "P",
    )


def _groups(checked: CheckedInterchange, now: datetime, number: int) -> list[Group]:
    groups: list[Group] = []
    acknowledged = [group for group in checked.groups if group.record.header.functional_code != _ACKNOWLEDGMENTS]
    for group in acknowledged:
        one_set = write_999(group_acknowledgment(group), "0001")
        groups.append(_group(group, "FA", GUIDE_999, now, len(groups) + 1, [one_set]))
    for group in acknowledged:
        sets = list(_claim_acknowledgments(group, now, number))
        if sets:
            groups.append(_group(group, "HN", GUIDE_277CA, now, len(groups) + 1, sets))
    return groups


def _claim_acknowledgments(group: CheckedGroup, now: datetime, number: int) -> list[bytes]:
    written: list[bytes] = []
    for one in () if group.refused else group.sets:
        if one.batch is not None and one.batch.claims and not refuses_set(one):
            reference = f"{number:09d}{len(written) + 1:04d}"
            status_set = claim_acknowledgment(one, one.batch, now=now, reference=reference)
            written.append(write_277ca(status_set, f"{len(written) + 1:04d}"))
    return written


def _group(group: CheckedGroup, code: str, guide: str, now: datetime, number: int, sets: list[bytes]) -> Group:  # noqa: PLR0913
    header = group.record.header
    return Group(code, _name(header.receiver, "RECEIVER"), _name(header.sender, "SENDER"), now, number, guide, sets)


def _name(text: str, instead: str) -> str:
    """The other side's name for itself or for us: 2 to 15 characters."""
    return fit(text, 15, instead).ljust(2, "0")
