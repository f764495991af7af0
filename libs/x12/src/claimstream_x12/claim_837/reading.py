"""A transaction set to claims, one at a time: header, HL hierarchy and what stands at each level. Mirrors writing.py.

reader = ClaimReader(one_set)
for read in reader.claims(): read.billed, read.segments, read.unread
reader.header, reader.findings
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.claim_reading import read_claim
from claimstream_x12.claim_837.cutting import Loops, by_role, cut
from claimstream_x12.claim_837.records import (
    BilledClaim,
    BillingProvider,
    ClaimHeader,
    ClaimSet,
    Demographics,
    Guide,
    Patient,
    Subscriber,
)
from claimstream_x12.elements import ElementReader
from claimstream_x12.extras import Extra, Keeper
from claimstream_x12.names import Party
from claimstream_x12.names_reading import read_party
from claimstream_x12.record import maker, record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.segments import Segment

_HEADER_ROLES = frozenset({"41", "40"})
_BILLING_ROLES = frozenset({"85", "87", "PE"})
_PERSON_ROLES = frozenset({"IL", "PR", "QC"})
_PERSONS = ("IL", "QC")
_NO_PARTY = Party("", "")
_NO_BILLING = BillingProvider(_NO_PARTY)
_NO_SUBSCRIBER = Subscriber(_NO_PARTY, _NO_PARTY, is_patient=False)

make_subscriber = maker(Subscriber)
make_patient = maker(Patient)
make_billing_provider = maker(BillingProvider)
make_claim_header = maker(ClaimHeader)
make_demographics = maker(Demographics)
make_billed_claim = maker(BilledClaim)


@record
class ReadClaim:
    """A claim as it came: typed, with its own segments (CLM to its last) and those that no record holds."""

    billed: BilledClaim
    position: int  # of its CLM, ST = 1
    segments: tuple[str, ...]
    unread: tuple[Segment, ...]


make_read_claim = maker(ReadClaim)


class ClaimReader:
    """Reads one 837 set, P, I or D, claim by claim."""

    def __init__(self, one_set: TransactionSet) -> None:
        self._set = one_set
        self._elements = ElementReader(set_control=one_set.control_number)
        self.guide = Guide.of(one_set.guide)
        self.header = ClaimHeader(self.guide, "", datetime.min, _NO_PARTY, _NO_PARTY)  # noqa: DTZ901 — X12 has no zones
        self.unread: list[Segment] = []  # above the claims
        self._billing = _NO_BILLING
        self._subscriber = _NO_SUBSCRIBER
        self._patient: Patient | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with elements and hierarchy; whole after the last claim."""
        return (*self._set.findings, *self._elements.findings)

    def claims(self) -> Iterator[ReadClaim]:
        """Each claim with everything above it."""
        for beginning, loops in cut(self._set):
            if beginning == "CLM":
                yield self._claim(loops)
            elif beginning == "HL":
                hl = loops[0].pop(0)
                self._level(hl, loops)
            else:
                self._read_header(loops)

    def _claim(self, loops: Loops) -> ReadClaim:
        unread: list[Segment] = []
        position, texts = loops[0][0].position, [segment.text for loop in loops for segment in loop]
        claim = read_claim(loops, self._elements, unread, self.guide)
        billed = make_billed_claim(self._billing, self._subscriber, claim, self._patient)
        return make_read_claim(billed, position, tuple(texts), tuple(unread))

    def _level(self, hl: Segment, loops: Loops) -> None:
        kind = hl[3]
        if kind == "20":
            self._billing, self._patient = self._read_billing(loops), None
        elif kind == "22":
            self._subscriber, self._patient = self._read_subscriber(loops), None
        elif kind == "23":
            self._patient = self._read_patient(loops)
        else:
            self._elements.note("hierarchy", f'level "{kind}" is not 20, 22 or 23', hl, 3)
            self.unread += [segment for loop in loops for segment in loop]

    def _read_header(self, loops: Loops) -> None:
        keeper, parties = Keeper(), self._parties(loops, _HEADER_ROLES)
        bht: Segment | None = None
        for segment in parties.own:
            if segment.elements[0] == "BHT" and bht is None:
                bht = segment
                keeper.held += 1
            else:
                self._keep(segment, keeper)
        self.header = make_claim_header(
            guide=self.guide,
            reference=bht[3] if bht else "",
            created=(self._elements.moment(bht, 4, 5) if bht else None) or datetime.min,  # noqa: DTZ901
            submitter=parties.get("41"),
            receiver=parties.get("40"),
            purpose=bht[2] if bht else "",
            kind=bht[6] if bht else "",
            extra=tuple(keeper.extras),
        )

    def _keep(self, segment: Segment, keeper: Keeper) -> None:
        keeper.keep(segment)
        self.unread.append(segment)

    def _read_billing(self, loops: Loops) -> BillingProvider:
        own, named = by_role(loops, _BILLING_ROLES)
        keeper, taxonomy = Keeper(1), ""  # the HL
        for segment in own:
            if segment.elements[0] == "PRV" and segment[3] and not taxonomy:
                taxonomy = segment[3]
                keeper.held += 1
            else:
                self._keep(segment, keeper)
        found = {
            role: read_party(loop, self.unread.append, strays=strays, taxonomy=taxonomy if role == "85" else "")
            for role, (loop, strays) in named.items()
        }
        billing = found.get("85") or replace(_NO_PARTY, taxonomy=taxonomy)
        return make_billing_provider(billing, found.get("87"), found.get("PE"), tuple(keeper.extras))

    def _read_subscriber(self, loops: Loops) -> Subscriber:
        people = self._people(loops, "SBR", "PAT")
        sbr = people.first.get("SBR")
        return make_subscriber(
            party=people.parties.get("IL"),
            payer=people.parties.get("PR"),
            responsibility=sbr[1] if sbr else "",
            is_patient=sbr[2] == "18" if sbr else False,
            group_number=sbr[3] if sbr else "",
            group_name=sbr[4] if sbr else "",
            insurance_type=sbr[5] if sbr else "",
            filing_indicator=sbr[9] if sbr else "",
            person=people.person,
            extra=people.extra,
        )

    def _read_patient(self, loops: Loops) -> Patient:
        people = self._people(loops, "PAT")
        pat = people.first.get("PAT")
        return make_patient(people.parties.get("QC"), pat[1] if pat else "", people.person, people.extra)

    def _people(self, loops: Loops, *held: str) -> _People:
        """A level that names a person: its own segments, its parties, and DMG and PAT as demographics."""
        parties, keeper = self._parties(loops, _PERSON_ROLES), Keeper(1)  # the HL
        dmg = parties.dmg
        first: dict[str, Segment] = {}
        for segment in parties.own:
            if segment.elements[0] in held and segment.elements[0] not in first:
                first[segment.elements[0]] = segment
                keeper.held += 1
            else:
                self._keep(segment, keeper)
        pat = first.get("PAT")
        person = make_demographics(
            born=self._elements.date(dmg, 2) if dmg else None,
            gender=dmg[3] if dmg else "",
            died=self._elements.date(pat, 6) if pat else None,
            weight_pounds=self._elements.amount(pat, 8) if pat else None,
            pregnant=pat[9] == "Y" if pat else False,
        )
        return make_people(parties, first, person, tuple(keeper.extras))

    def _parties(self, loops: Loops, roles: frozenset[str]) -> _Parties:
        """The names of a level, one in each role, the person with its DMG."""
        own, named = by_role(loops, roles)
        dmg = next(
            (one for role in _PERSONS if role in named for one in named[role][0] if one.elements[0] == "DMG"), None
        )
        found = {
            role: read_party(loop, self.unread.append, besides=dmg, strays=strays)
            for role, (loop, strays) in named.items()
        }
        return make_parties(own, found, dmg)


@record
class _Parties:
    """The names of a level by role, and the level's own segments."""

    own: list[Segment]
    found: dict[str, Party]
    dmg: Segment | None

    def get(self, role: str) -> Party:
        """The name in this role, or one that says nothing."""
        return self.found.get(role, _NO_PARTY)


@record
class _People:
    """A level that names a person."""

    parties: _Parties
    first: dict[str, Segment]
    person: Demographics
    extra: tuple[Extra, ...]


make_parties, make_people = maker(_Parties), maker(_People)


def read_claims(one_set: TransactionSet) -> tuple[ClaimSet, tuple[Finding, ...]]:
    """A whole set at once, for sets that fit in memory."""
    reader = ClaimReader(one_set)
    claims = tuple(read.billed for read in reader.claims())
    return ClaimSet(reader.header, claims), reader.findings
