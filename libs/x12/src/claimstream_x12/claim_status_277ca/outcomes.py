"""What a 277CA decides about each claim, with what was said above it taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.claim_status_277ca.records import (
        ClaimAcknowledgment,
        ClaimStatusSet,
        LevelStatus,
        Status,
    )
    from claimstream_x12.names import Party


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """One claim, whether it goes on, and the statements that decide it."""

    claim: ClaimAcknowledgment
    accepted: bool
    statuses: tuple[Status, ...]  # those of the level that decides
    level: str  # 2200B, 2200C or 2200D
    source: Party  # who says so: NM1*PR or NM1*AY
    batch: str  # TRN02 of 2200B: the BHT03 of the 837


@dataclass(frozen=True, slots=True)
class BatchRefusal:
    """A level that refuses all below it: claims of the batch that are not listed are refused with it."""

    status: LevelStatus
    level: str  # 2200B or 2200C
    source: Party
    batch: str
    provider: Party | None  # NM1*85, where one provider's claims are refused


def claim_outcomes(status_set: ClaimStatusSet) -> Iterator[ClaimOutcome]:
    """Each claim that is listed, in the order of the set."""
    for source in status_set.sources:
        for receiver in source.receivers:
            batch = receiver.status.trace if receiver.status else ""
            for provider in receiver.providers:
                above = next(
                    (
                        (level, name)
                        for level, name in ((receiver.status, "2200B"), (provider.status, "2200C"))
                        if level is not None and level.refused
                    ),
                    None,
                )
                for claim in (claim for patient in provider.patients for claim in patient.claims):
                    if above is None:
                        yield ClaimOutcome(claim, not claim.refused, claim.statuses, "2200D", source.source, batch)
                    else:
                        yield ClaimOutcome(claim, False, above[0].statuses, above[1], source.source, batch)


def batch_refusals(status_set: ClaimStatusSet) -> Iterator[BatchRefusal]:
    """Each level that refuses all below it, whether or not it lists claims."""
    for source in status_set.sources:
        for receiver in source.receivers:
            batch = receiver.status.trace if receiver.status else ""
            if receiver.status is not None and receiver.status.refused:
                yield BatchRefusal(receiver.status, "2200B", source.source, batch, None)
                continue
            for provider in receiver.providers:
                if provider.status is not None and provider.status.refused:
                    yield BatchRefusal(provider.status, "2200C", source.source, batch, provider.provider)
