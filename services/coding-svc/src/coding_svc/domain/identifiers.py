"""Who a practice is: the numbers that payers, partners and the tax office know it by, and where its document says them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from claimstream_codesets import luhn_npi
from claimstream_schemas.values.claim_kinds import KINDS
from claimstream_schemas.values.practice import Practice, ServiceLocation

Kind = Literal["npi", "tax_id", "submitter_id"]


@dataclass(frozen=True)
class Identifier:
    """A number, and where it stands in the document, as a JSON pointer."""

    kind: Kind
    value: str
    place: str


def held_identifiers(practice: Practice) -> Iterator[Identifier]:
    """What the practice is paid and known by: its own numbers, and those of locations that bill themselves.

    Partners write a submitter id in capitals, however it was loaded. A location that only serves holds nothing: two practices may see patients in one hospital.
    """
    yield Identifier("npi", practice.npi, "/npi")
    yield Identifier("tax_id", practice.tin, "/tin")
    yield Identifier("submitter_id", practice.submitter_id.upper(), "/submitter_id")
    for place, location in enumerate(practice.locations):
        if not _bills(location):
            continue
        yield Identifier("npi", location.npi, f"/locations/{place}/npi")
        if location.tax_id:
            yield Identifier("tax_id", location.tax_id, f"/locations/{place}/tax_id")


def is_same(one: Practice, other: Practice) -> bool:
    """Whether two documents say the same of who the practice is."""
    return _identity(one) == _identity(other)


def wrong_npis(practice: Practice) -> Iterator[str]:
    """Where an NPI, the practice's, a location's or a provider's, fails its check digit, as JSON pointers."""
    numbers = [("/npi", practice.npi)]
    numbers += [(f"/locations/{n}/npi", one.npi) for n, one in enumerate(practice.locations) if one.npi]
    numbers += [(f"/roster/{n}/npi", one.npi) for n, one in enumerate(practice.roster)]
    return (place for place, npi in numbers if not luhn_npi(npi))


def _identity(practice: Practice) -> tuple[object, ...]:
    of_locations = sorted(
        (one.npi, one.tax_id or "", _bills(one)) for one in practice.locations if one.npi or one.tax_id
    )
    sharing = sorted(practice.shares_identifiers_with)
    return (practice.npi, practice.tin, practice.submitter_id, sharing, of_locations)


def _bills(location: ServiceLocation) -> bool:
    return any(location.bills_itself(kind.name) for kind in KINDS.values())
