"""A practice is loaded: who bills, its payers, contracts, charge master and places."""

from claimstream_kit.auth import INSTALLATION, UNREADABLE
from claimstream_kit.errors import Conflict, Forbidden, Invalid
from claimstream_schemas.values.contract import NamedContract
from claimstream_schemas.values.practice import PracticeDocument

from ..domain.billing_addresses import post_boxes
from ..domain.contracts import ContractVersion, contracts_of
from ..domain.identifiers import held_identifiers, is_same, wrong_npis
from ..events import contract_changed, contract_removed, practice_changed
from ..store import CodingUnit, PracticeVersion, digest_of

_NO_PRACTICES = {
    INSTALLATION: "the installation itself",
    UNREADABLE: "who is named where nobody could read a practice",
}
_ANSWERED_BY_A_PRACTICE = ({"question": "payer"}, {"question": "place_of_service"})


class BillsFromAPostBox(Invalid):
    """Who bills has a post box for an address."""

    slug = "post-box"
    title = "A billing address is a post box"


class NpiIsWrong(Invalid):
    """An NPI's last digit does not check the others."""

    slug = "npi-check-digit"
    title = "An NPI does not pass its check digit"


class IdentifierTaken(Conflict):
    """Another practice has the number."""

    slug = "identifier-taken"
    title = "The number is another practice's"


class IdentityIsTheInstallations(Forbidden):
    """Who a practice is, is not its own to say."""

    slug = "identity"
    title = "Who a practice is, the installation says"


async def load_practice(practice: PracticeDocument, unit: CodingUnit, *, by: str = INSTALLATION) -> PracticeVersion:
    """Keep the document as the next version and tell everybody; the same document again changes nothing.

    ``by``: whose act it is; another than the installation makes no practice and changes no number that one is known by.

    Raises:
        BillsFromAPostBox: names the place of the first such address.
        NpiIsWrong: names the place of the first such number.
        IdentityIsTheInstallations: the practice is new, or another than before.
        IdentifierTaken: names the place of the first number that another practice has.
    """
    _check(practice)
    await unit.alone("practice", practice.id)
    known = await unit.practices.get(practice.id)
    if known is None or not is_same(known.practice, practice):
        await _take_identifiers(practice, unit, by)
    loaded = PracticeVersion(practice, known.version + 1 if known else 1, unit.clock.now())
    if known is not None and known.digest == loaded.digest:
        return known
    unit.practices.put(loaded)
    contracts = await _tell_contracts(loaded, unit)
    unit.holds(practice.id, practice.id)
    unit.publish(practice_changed(practice, loaded.version, contracts))
    await unit.enqueue_asked(practice.id, *_ANSWERED_BY_A_PRACTICE)
    return loaded


def _check(practice: PracticeDocument) -> None:
    for place in post_boxes(practice):
        raise BillsFromAPostBox(
            "the address of who bills is a post box",
            place=place,
            remedy="give the street; the payers' payment address is not sent",
        )
    for place in wrong_npis(practice):
        raise NpiIsWrong(
            "the NPI does not pass its check digit",
            place=place,
            remedy="look the number up: one of its digits is wrong",
        )
    if practice.id in _NO_PRACTICES:
        raise Invalid(
            f"{practice.id} is {_NO_PRACTICES[practice.id]}", place="/id", remedy="give the practice another id"
        )


async def _take_identifiers(practice: PracticeDocument, unit: CodingUnit, by: str) -> None:
    if by != INSTALLATION:
        raise IdentityIsTheInstallations(
            "the practice is new, or its NPI, tax ids, submitter id, those of its locations, or whom it shares them with are others",
            remedy=f"ask who runs the installation: it is done with a token of the practice {INSTALLATION}",
        )
    held = list(held_identifiers(practice))
    for taken in await unit.take_identifiers(practice.id, held, practice.shares_identifiers_with):
        raise IdentifierTaken(
            "another practice has this number",
            place=taken.place,
            remedy="an NPI is one practice's; let both practices name each other in shares_identifiers_with for any other number",
        )


async def _tell_contracts(loaded: PracticeVersion, unit: CodingUnit) -> tuple[NamedContract, ...]:
    """Tell each contract that changed or is gone; the revision of each that the practice has.

    A contract's first revision is the practice's version: above the versions in which a whole document had it.
    """
    practice, wanted = loaded.practice.id, contracts_of(loaded.practice)
    known = {each.id: each for each in await unit.contracts_of(practice)}
    named = []
    for name, schedules in wanted.items():
        digest = digest_of([schedule.model_dump(mode="json") for schedule in schedules])
        earlier = known.get(name)
        if earlier is None or earlier.digest != digest:
            now = earlier.changed(digest) if earlier else ContractVersion(practice, name, loaded.version, digest)
            unit.contracts.put(now)
            for event in contract_changed(now, schedules):
                unit.publish(event)
        else:
            now = earlier
        named.append(NamedContract(id=name, revision=now.revision))
    for gone in [each for each in known.values() if each.digest is not None and each.id not in wanted]:
        unit.contracts.put(gone.changed(None))
        unit.publish(contract_removed(gone.changed(None)))
    return tuple(named)
