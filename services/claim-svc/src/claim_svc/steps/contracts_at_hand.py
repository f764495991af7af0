"""Nothing is priced without its contract: a person who is too early is told to try again."""

from collections.abc import Iterable

from claimstream_kit import Conflict, WaitsFor
from claimstream_schemas.values.encounter import Coverage

from ..store import ClaimUnit


class ContractOnItsWay(Conflict):
    """The practice names a contract that has not come yet: nothing is priced without it."""

    slug = "contract-on-its-way"


async def have_contracts(practice: str, coverages: Iterable[Coverage], unit: ClaimUnit) -> None:
    """Have the contracts with these payers at hand.

    Raises:
        ContractOnItsWay: one has not come yet.
    """
    try:
        await unit.contracts.wait_for(practice, (each.payer_id for each in coverages))
    except WaitsFor as waits:
        raise ContractOnItsWay(f"{waits.fact} has not come yet", remedy="Try again in a moment.") from waits
