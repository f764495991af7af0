"""The 277CA to an 837 set: each claim accepted, or refused with its reasons (005010X214)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from claimstream_x12.answering.text import fit
from claimstream_x12.checking.kinds import kind_of
from claimstream_x12.claim_status_277ca import (
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
)
from claimstream_x12.elements import ZERO, format_amount
from claimstream_x12.names import Amount, Dated, Party, Quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claimstream_x12.checking import CheckedSet, SeenBatch, SeenClaim
    from claimstream_x12.errors import Finding
    from claimstream_x12.segments import Segment

_ACCEPTED = StatusCode("A2", "20", "PR")
_RECEIVED = StatusCode("A1", "19", "PR")
_ENTITIES = {
    "2010AA": "85",
    "2010AB": "87",
    "2010BA": "IL",
    "2010BB": "PR",
    "2010CA": "QC",
    "2310A": "DN",
    "2310B": "82",
}
_MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class _Outcome:
    claim: SeenClaim
    reasons: tuple[StatusCode, ...]

    @property
    def accepted(self) -> bool:
        return not self.reasons


def claim_acknowledgment(checked: CheckedSet, batch: SeenBatch, *, now: datetime, reference: str) -> ClaimStatusSet:
    """The record of a 277CA for the claims that were seen in a set."""
    by_unit: dict[int, list[Finding]] = defaultdict(list)
    for finding in checked.findings:
        if finding.is_error:
            by_unit[finding.unit].append(finding)
    outcomes = [_Outcome(claim, tuple(_reasons(claim, by_unit))) for claim in batch.claims]
    providers = tuple(
        ProviderAcknowledgment(_party(first.claim.provider, "85"), None, tuple(_patients(found, now.date())))
        for first, found in _runs(outcomes, lambda outcome: outcome.claim.levels[:1])
    )
    receiver = ReceiverAcknowledgment(
        _party(batch.submitter, "41"), _batch_status(outcomes, batch, now.date()), providers
    )
    source = SourceAcknowledgment(_source(batch.receiver), reference, now.date(), now.date(), (receiver,))
    return ClaimStatusSet(reference, now, (source,))


def _runs(outcomes: list[_Outcome], key: Callable[[_Outcome], object]) -> Iterator[tuple[_Outcome, list[_Outcome]]]:
    for _, run in groupby(outcomes, key=key):
        found = list(run)
        yield found[0], found


def _patients(outcomes: list[_Outcome], day: date) -> Iterator[PatientAcknowledgment]:
    for first, found in _runs(outcomes, lambda outcome: outcome.claim.levels):
        yield PatientAcknowledgment(_patient(first.claim), tuple(_claim(one, day) for one in found))


def _claim(outcome: _Outcome, day: date) -> ClaimAcknowledgment:
    claim = outcome.claim
    charge = _whole_cents(claim.charge)
    statuses = tuple(
        Status((code,), effective=day, action="WQ" if outcome.accepted else "U", amount=charge)
        for code in outcome.reasons or (_ACCEPTED,)
    )
    first, last = claim.service_dates
    dates = (Dated("472", first, last if last != first else None),) if first else (Dated("472", day),)
    return ClaimAcknowledgment(fit(claim.control_number, 50, "0"), statuses, dates=dates)


def _reasons(claim: SeenClaim, by_unit: dict[int, list[Finding]]) -> Iterator[StatusCode]:
    """What stands against a claim and the levels above it, each reason once."""
    seen: set[StatusCode] = set()
    for unit in (1, *claim.levels, claim.position):
        for finding in by_unit.get(unit, ()):
            kind = kind_of(finding.code)
            code = StatusCode(kind.category, kind.status, _ENTITIES.get(finding.place.loop, "85"))
            if code not in seen and len(seen) < _MOST_REASONS:
                seen.add(code)
                yield code


def _batch_status(outcomes: list[_Outcome], batch: SeenBatch, day: date) -> LevelStatus:
    accepted = [outcome for outcome in outcomes if outcome.accepted]
    refused = [outcome for outcome in outcomes if not outcome.accepted]
    total = _total(outcomes)
    quantities = [Quantity(code, Decimal(len(found))) for code, found in (("90", accepted), ("AA", refused)) if found]
    amounts = [Amount(code, _total(found)) for code, found in (("YU", accepted), ("YY", refused)) if found]
    status = Status((_RECEIVED,), effective=day, action="WQ", amount=total)
    return LevelStatus(fit(batch.reference, 50, "0"), (status,), quantities=tuple(quantities), amounts=tuple(amounts))


def _total(outcomes: Iterable[_Outcome]) -> Decimal:
    return sum((_whole_cents(outcome.claim.charge) for outcome in outcomes), ZERO)


def _whole_cents(amount: Decimal) -> Decimal:
    """An amount that can be written back: what has parts of a cent was refused for it."""
    return amount if format_amount(amount) is not None else amount.quantize(Decimal("0.01"))


def _source(nm1: Segment | None) -> Party:
    return Party(
        "AY",
        "2",
        fit(nm1[3] if nm1 else "", 60, "RECEIVER"),
        id_qualifier="46",
        id=fit(nm1[9] if nm1 else "", 80).ljust(2, "0"),
    )


def _party(nm1: Segment | None, role: str) -> Party:
    if nm1 is None:
        return Party(role, "2", "UNKNOWN", id_qualifier="46" if role == "41" else "XX", id="00")
    qualifier = nm1[8] if nm1[8] in {"XX", "FI", "SV", "46"} else ("46" if role == "41" else "FI")
    return Party(
        role,
        nm1[2] if nm1[2] in {"1", "2"} else "2",
        fit(nm1[3], 60, "UNKNOWN"),
        first=fit(nm1[4], 35) if nm1[2] == "1" else "",
        id_qualifier=qualifier,
        id=fit(nm1[9], 80).ljust(2, "0"),
    )


def _patient(claim: SeenClaim) -> Party:
    """The patient by name, with the subscriber's member id."""
    nm1 = claim.patient
    member = fit(claim.member_id, 80).ljust(2, "0")
    if nm1 is None:
        return Party("QC", "1", "UNKNOWN", id_qualifier="MI", id=member)
    return Party(
        "QC",
        "1",
        fit(nm1[3], 60, "UNKNOWN"),
        first=fit(nm1[4], 35),
        middle=fit(nm1[5], 25),
        id_qualifier="MI",
        id=member,
    )
