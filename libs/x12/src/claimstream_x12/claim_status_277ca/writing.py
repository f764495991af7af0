"""A 277CA to a transaction set. Mirrors reading.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimstream_x12.claim_status_277ca.records import GUIDE, ClaimStatusSet
from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.names_writing import procedure, write_dates, write_name, write_references
from claimstream_x12.set_writer import SetWriter, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimstream_x12.claim_status_277ca.records import (
        ClaimAcknowledgment,
        LevelStatus,
        ProviderAcknowledgment,
        ReceiverAcknowledgment,
        SourceAcknowledgment,
        Status,
        StatusCode,
    )
    from claimstream_x12.extras import Extra
    from claimstream_x12.set_writer import Composite

_CATEGORIES = frozenset({"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8"})


def write_277ca(
    status_set: ClaimStatusSet, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """The set from ST to SE; raises NotWritable with every reason, `checked` by the guide too."""
    writer = SetWriter("277", control_number, GUIDE, delimiters)
    created = status_set.created
    if created is None:
        writer.refuse("missing-element", "the moment of creation is missing", "BHT", 4)
    else:
        writer.need(status_set.reference, "BHT", 3)
        writer.enter("header", status_set.extra)
        writer.add("BHT", "0085", "08", status_set.reference, created.date(), f"{created:%H%M}", "TH")
    levels = _Levels(writer)
    for source in status_set.sources:
        levels.source(source)
    return writer.finish(checked=checked)


class _Levels:
    def __init__(self, writer: SetWriter) -> None:
        self._writer = writer
        self._last = 0

    def source(self, source: SourceAcknowledgment) -> None:
        level = self._level("", "20", has_children=True, loop="2000A", extras=source.extra)
        write_name(self._writer, source.source)
        self._writer.add("TRN", "1", source.trace)
        for qualifier, day in (("050", source.received_on), ("009", source.processed_on)):
            if day is not None:
                self._writer.add("DTP", qualifier, "D8", day)
        for receiver in source.receivers:
            self._receiver(level, receiver)

    def _receiver(self, parent: int, receiver: ReceiverAcknowledgment) -> None:
        level = self._level(
            str(parent), "21", has_children=bool(receiver.providers), loop="2000B", extras=receiver.extra
        )
        write_name(self._writer, receiver.receiver)
        self._level_status(receiver.status, "2", "2200B")
        for provider in receiver.providers:
            self._provider(level, provider)

    def _provider(self, parent: int, provider: ProviderAcknowledgment) -> None:
        level = self._level(
            str(parent), "19", has_children=bool(provider.patients), loop="2000C", extras=provider.extra
        )
        write_name(self._writer, provider.provider)
        for status in provider.status.statuses if provider.status else ():
            if status.effective is not None:
                self._writer.refuse("not-used", "a date is not used at the provider's level", "STC", 2)
        self._level_status(provider.status, "1", "2200C")
        for patient in provider.patients:
            self._level(str(level), "PT", has_children=None, loop="2000D", extras=patient.extra)
            write_name(self._writer, patient.patient)
            for claim in patient.claims:
                self._claim(claim)

    def _level_status(self, status: LevelStatus | None, kind: str, loop: str) -> None:
        if status is None:
            return
        writer = self._writer
        writer.enter(loop, status.extra)
        writer.add("TRN", kind, status.trace)
        self._statuses(status.statuses)
        write_references(writer, status.references)
        for count in status.quantities:
            writer.add("QTY", count.qualifier, quantity(count.quantity))
        for amount in status.amounts:
            writer.add("AMT", amount.qualifier, amount.amount)

    def _claim(self, claim: ClaimAcknowledgment) -> None:
        writer = self._writer
        writer.enter("2200D", claim.extra)
        writer.add("TRN", "2", claim.control_number)
        self._statuses(claim.statuses)
        write_references(writer, claim.references)
        write_dates(writer, claim.dates)
        for line in claim.lines:
            writer.enter("2220D", line.extra)
            writer.add(
                "SVC", procedure(line.procedure), line.charge, "", line.revenue_code, "", "", quantity(line.quantity)
            )
            self._statuses(line.statuses)
            write_references(writer, line.references)
            write_dates(writer, line.dates)

    def _statuses(self, statuses: Iterable[Status]) -> None:
        for status in statuses:
            first, second, third = [*(_code(code) for code in status.codes), (), (), ()][:3]
            for code in status.codes:
                if code.category not in _CATEGORIES:
                    message = f'"{code.category}" is not one of A0 to A8 (X12 RFI 2203)'
                    self._writer.refuse("category", message, "STC", 1)
            self._writer.add(
                "STC", first, status.effective, status.action, status.amount, "", "", "", "", "", second, third,
                status.message,
            )  # fmt: skip

    def _level(self, parent: str, code: str, *, has_children: bool | None, loop: str, extras: Sequence[Extra]) -> int:
        self._last += 1
        self._writer.enter(loop, extras)
        child = "" if has_children is None else "1" if has_children else "0"
        self._writer.add("HL", str(self._last), parent, code, child)
        return self._last


def _code(code: StatusCode) -> Composite:
    return (code.category, code.status, code.entity)
