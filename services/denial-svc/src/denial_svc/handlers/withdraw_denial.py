"""The payer took a decision back: the cases it had opened are withdrawn."""

from claimstream_schemas import ClaimAdjudicated

from ..events import denial_changed
from ..store import DenialUnit, Reversal


async def withdraw_denial(event: ClaimAdjudicated, unit: DenialUnit) -> None:
    """Withdraw the cases of the reversed payment; if they are not open yet, they will be opened as withdrawn."""
    if event.reverses_remittance_id is None or event.reverses_payment_ordinal is None:
        return
    place = (event.practice_id, event.reverses_remittance_id, event.reverses_payment_ordinal)
    await unit.alone("payment", *place)
    if await unit.reversals.get(*place) is not None:
        return
    unit.reversals.put(Reversal(*place))
    for case in await unit.load_cases_of(*place):
        if case.state == "open":
            withdrawn = case.withdraw()
            unit.cases.put(withdrawn)
            unit.publish(denial_changed(withdrawn, unit.actor))
