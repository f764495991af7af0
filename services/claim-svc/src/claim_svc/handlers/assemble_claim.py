"""A coded encounter becomes a claim, and leaves at once when nothing stands against it.

A newer version of an encounter replaces what stood of it, claims and self-pay visit alike, until something of it was submitted; then it
waits as a correction (``domain/billing.py``). Of a visit that ended (cancelled, entered in error, opened again) nothing is billed.
"""

from collections.abc import Iterable
from typing import Any

from claimstream_kit import WaitsFor
from claimstream_schemas import EncounterCoded

from ..contents import content_of
from ..domain.billing import Billing
from ..domain.claim import Claim
from ..domain.parts import claims_of, is_of_another_bill
from ..rulebook import Rulebook
from ..steps.ended_visits import end_visit
from ..steps.newer_versions import give_way, standing_claims
from ..steps.services_taken import services_read
from ..steps.settling import settle
from ..store import ClaimUnit


def reads(event: EncounterCoded) -> Iterable[tuple[str, tuple[Any, ...]]]:
    """What assembling reads: the practice, how the encounter is billed, its claims, their lines and services; or its self-pay visit."""
    practice = event.practice_id
    yield "practices", (practice,)
    yield "billings", (practice, event.encounter_id)
    if not event.coverages or event.encounter_version > 1:
        yield "self_pay_visits", (practice, event.encounter_id)
    for coverage in event.coverages:
        yield "contracts", (practice, coverage.payer_id)
    for part in claims_of(event):
        yield "claims", (practice, part.claim_id)
        yield from services_read(event, part.lines)


async def assemble_claim(event: EncounterCoded, unit: ClaimUnit, book: Rulebook) -> None:
    """A coded encounter becomes its claims; without a coverage its charges are the patient's own."""
    known = await unit.practices.get(event.practice_id)
    if known is None:
        raise WaitsFor(f"practice/{event.practice_id}")
    practice = known.practice
    billing = await unit.billings.get(event.practice_id, event.encounter_id)
    if billing is not None and billing.encounter_version >= event.encounter_version:
        return
    all_claims = await standing_claims(billing, unit)
    if event.ended is not None:
        await end_visit(event, event.ended, all_claims, unit)
        return
    await unit.contracts.wait_for(event.practice_id, (coverage.payer_id for coverage in event.coverages))
    standing = [claim for claim in all_claims if not is_of_another_bill(claim.content, event)]
    other_bills = tuple(claim.claim_id for claim in all_claims if claim not in standing)
    parts = claims_of(event, standing)
    wanted = {part.claim_id: content_of(event, part.lines, practice, part=part.number) for part in parts}
    mended, claims = await give_way(event, standing, wanted, unit, practice, book)
    bills = (*other_bills, *claims)
    unit.billings.put(Billing(event.practice_id, event.encounter_id, event.encounter_version, bills))
    for number, content in mended.items():
        earlier = await unit.claims.get(event.practice_id, number)
        claim = earlier or Claim.first(event.practice_id, number, event.encounter_id, content)
        await settle(claim.with_content(content), unit, practice, book)
