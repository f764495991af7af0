"""A staged set put together from its chunks, and what stands against posting it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from claimstream_schemas import EraReceived
from claimstream_schemas.values.payment import ClaimPayment, ProviderAdjustment, RemittanceHeader

from ..domain.balancing import imbalances
from ..domain.decisions import Place
from ..domain.posting import OfSet
from ..domain.remittance import Remittance
from ..store import RemitUnit


@dataclass(frozen=True)
class CompleteSet:
    """A remittance with all its chunks."""

    remittance: Remittance
    header: RemittanceHeader
    provider_adjustments: tuple[ProviderAdjustment, ...]
    payments: tuple[tuple[ClaimPayment, tuple[str, ...]], ...]
    """Each payment with its own segments."""

    @property
    def facts(self) -> OfSet:
        """What its payments are to know of it."""
        return of_set(self.remittance, self.header)


def of_set(remittance: Remittance, header: RemittanceHeader) -> OfSet:
    """What a payment is to know of its set."""
    return OfSet(remittance.id, remittance.received_number or 0, header.payer_x12_id, header.paid_on)


async def read_set(remittance: Remittance, unit: RemitUnit) -> CompleteSet:
    """The set, whole."""
    chunks = await _chunks(remittance, unit)
    payments = tuple(payment for chunk in chunks for payment in _payments(chunk))
    return CompleteSet(remittance, chunks[0].header, chunks[0].provider_adjustments, payments)


async def read_payment(
    remittance: Remittance, place: Place, unit: RemitUnit
) -> tuple[ClaimPayment, tuple[str, ...], OfSet]:
    """One payment of a set that was posted, with its segments.

    Raises:
        KeyError: the set has none there.
    """
    for chunk in await _chunks(remittance, unit):
        for payment, segments in _payments(chunk):
            if payment.ordinal == place[1]:
                return payment, segments, of_set(remittance, chunk.header)
    raise KeyError(place)


async def _chunks(remittance: Remittance, unit: RemitUnit) -> list[EraReceived]:
    rows = await unit.connection.fetch(
        "SELECT document FROM remittance_chunks WHERE practice = $1 AND remittance_id = $2 ORDER BY chunk",
        remittance.practice,
        remittance.id,
    )
    return [EraReceived.model_validate(row["document"]) for row in rows]


def _payments(chunk: EraReceived) -> Iterator[tuple[ClaimPayment, tuple[str, ...]]]:
    for place, payment in enumerate(chunk.payments):
        yield payment, chunk.person.segments[place] if place < len(chunk.person.segments) else ()


async def objection_to(whole: CompleteSet, unit: RemitUnit) -> Remittance | None:
    """The remittance as it is settled when it cannot be posted: in conflict or quarantined, with the cause; None when nothing stands against it."""
    remittance = whole.remittance
    if reason := await _conflict(remittance, unit):
        return replace(remittance, state="conflict", cause="conflict", reason=reason)
    if reason := _contradiction(whole):
        return replace(remittance, state="quarantined", cause="contradiction", reason=reason)
    faults = imbalances(whole.header, [payment for payment, _ in whole.payments], whole.provider_adjustments)
    if not faults:
        return None
    worst = next((each for each in faults if each.place.startswith("BPR02")), faults[0])
    reason = "; ".join(str(each) for each in faults[:5])
    return replace(
        remittance, state="quarantined", cause="unbalanced", reason=reason, missing_cents=worst.missing_cents
    )


def _contradiction(whole: CompleteSet) -> str | None:
    """Whether the set is what it says it is: each payment once, and as many as were announced."""
    ordinals = [payment.ordinal for payment, _ in whole.payments]
    if len(ordinals) != whole.remittance.payments:
        return f"{whole.remittance.payments} payments were announced, {len(ordinals)} came"
    if len(set(ordinals)) != len(ordinals):
        return "two payments have the same place in the set"
    return None


async def _conflict(remittance: Remittance, unit: RemitUnit) -> str | None:
    """A paid trace with another body is a conflict; a zero-pay trace may be used again (X12 RFI 1847, 604)."""
    if remittance.amount_cents == 0:
        return None
    for settled in unit.remittances.loaded():
        if settled.state == "posted" and settled.is_another_with_the_trace_of(remittance):
            return _conflicting(remittance, settled.file_name)
    other = await unit.connection.fetchrow(
        "SELECT file_name FROM remittances WHERE practice = $1 AND trace_originator = $2 AND trace_number = $3 AND paid_on = $4"
        " AND amount_cents = $5 AND payee = $6 AND id <> $7 AND state = 'posted'",
        remittance.practice,
        remittance.trace_originator,
        remittance.trace_number,
        remittance.paid_on,
        remittance.amount_cents,
        remittance.payee,
        remittance.id,
    )
    return None if other is None else _conflicting(remittance, other["file_name"])


def _conflicting(remittance: Remittance, file_name: str) -> str:
    return f"trace {remittance.trace_number} was posted from {file_name} with another content"
