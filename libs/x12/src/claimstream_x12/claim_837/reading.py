"""A transaction set to claims, one at a time: header, HL hierarchy and what stands at each level. Mirrors writing.py.

reader = ClaimReader(one_set)
for read in reader.claims(): read.billed, read.segments, read.unread
reader.header, reader.findings
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.claim_reading import read_claim
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
from claimstream_x12.names import Party
from claimstream_x12.names_reading import read_party, split_loops

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.errors import Finding
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.segments import Segment

_NAMES = frozenset({"NM1"})
_NO_PARTY = Party("", "")


@dataclass(frozen=True, slots=True)
class ReadClaim:
    """A claim as it came: typed, with its own segments (CLM to its last) and those that no record holds."""

    billed: BilledClaim
    position: int  # of its CLM, ST = 1
    segments: tuple[str, ...]
    unread: tuple[Segment, ...]


class ClaimReader:
    """Reads one 837 set, P or I, claim by claim."""

    def __init__(self, one_set: TransactionSet) -> None:
        self._set = one_set
        self._elements = ElementReader(set_control=one_set.control_number)
        self.guide = Guide.INSTITUTIONAL if "X223" in one_set.guide else Guide.PROFESSIONAL
        self.header = ClaimHeader(self.guide, "", datetime.min, _NO_PARTY, _NO_PARTY)  # noqa: DTZ901 — X12 has no zones
        self.unread: list[Segment] = []  # above the claims
        self._billing = BillingProvider(_NO_PARTY)
        self._subscriber = Subscriber(_NO_PARTY, _NO_PARTY, is_patient=False)
        self._patient: Patient | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was wrong with elements and hierarchy; whole after the last claim."""
        return (*self._set.findings, *self._elements.findings)

    def claims(self) -> Iterator[ReadClaim]:
        """Each claim with everything above it."""
        run: list[Segment] = []
        for segment in self._set:
            if segment.elements[0] in {"HL", "CLM"} and run:
                yield from self._run(run)
                run = []
            run.append(segment)
        if run:
            yield from self._run(run)

    def _run(self, run: list[Segment]) -> Iterator[ReadClaim]:
        first = run[0]
        if first.elements[0] == "CLM":
            yield self._claim(run)
        elif first.elements[0] == "HL":
            self._level(first, run[1:])
        else:
            self._read_header(run)

    def _claim(self, run: list[Segment]) -> ReadClaim:
        unread: list[Segment] = []
        claim = read_claim(run, self._elements, unread, self.guide)
        billed = BilledClaim(self._billing, self._subscriber, claim, self._patient)
        return ReadClaim(billed, run[0].position, tuple(segment.text for segment in run), tuple(unread))

    def _level(self, hl: Segment, run: list[Segment]) -> None:
        kind = hl[3]
        if kind == "20":
            self._billing, self._patient = self._read_billing(run), None
        elif kind == "22":
            self._subscriber, self._patient = self._read_subscriber(run), None
        elif kind == "23":
            self._patient = self._read_patient(run)
        else:
            self._elements.note("hierarchy", f'level "{kind}" is not 20, 22 or 23', hl, 3)
            self.unread += run

    def _read_header(self, run: list[Segment]) -> None:
        parties: dict[str, Party] = {}
        bht: Segment | None = None
        for loop in split_loops(run, _NAMES):
            if loop[0].elements[0] == "NM1":
                parties[loop[0][1]] = read_party(loop, self.unread.append)
                continue
            for segment in loop:
                if segment.elements[0] == "BHT":
                    bht = segment
                else:
                    self.unread.append(segment)
        self.header = ClaimHeader(
            guide=self.guide,
            reference=bht[3] if bht else "",
            created=(self._elements.moment(bht, 4, 5) if bht else None) or datetime.min,  # noqa: DTZ901
            submitter=parties.get("41", _NO_PARTY),
            receiver=parties.get("40", _NO_PARTY),
            purpose=bht[2] if bht else "",
            kind=bht[6] if bht else "",
        )

    def _read_billing(self, run: list[Segment]) -> BillingProvider:
        own, parties = self._parties(run)
        taxonomy = next((segment for segment in own if segment.elements[0] == "PRV"), None)
        self.unread += [segment for segment in own if segment is not taxonomy]
        billing = parties.get("85", _NO_PARTY)
        if taxonomy is not None:
            billing = _with_taxonomy(billing, taxonomy[3])
        return BillingProvider(billing, parties.get("87"), parties.get("PE"))

    def _read_subscriber(self, run: list[Segment]) -> Subscriber:
        own, parties, person = self._people(run)
        sbr = next((segment for segment in own if segment.elements[0] == "SBR"), None)
        return Subscriber(
            party=parties.get("IL", _NO_PARTY),
            payer=parties.get("PR", _NO_PARTY),
            responsibility=sbr[1] if sbr else "",
            is_patient=bool(sbr) and sbr[2] == "18" if sbr else False,
            group_number=sbr[3] if sbr else "",
            group_name=sbr[4] if sbr else "",
            insurance_type=sbr[5] if sbr else "",
            filing_indicator=sbr[9] if sbr else "",
            person=person,
        )

    def _read_patient(self, run: list[Segment]) -> Patient:
        own, parties, person = self._people(run)
        pat = next((segment for segment in own if segment.elements[0] == "PAT"), None)
        return Patient(parties.get("QC", _NO_PARTY), pat[1] if pat else "", person)

    def _people(self, run: list[Segment]) -> tuple[list[Segment], dict[str, Party], Demographics]:
        """A level that names a person: its own segments, its parties, and DMG and PAT as demographics."""
        dmg = next((segment for segment in run if segment.elements[0] == "DMG"), None)
        own, parties = self._parties([segment for segment in run if segment is not dmg])
        pat = next((segment for segment in own if segment.elements[0] == "PAT"), None)
        self.unread += [segment for segment in own if segment.elements[0] not in {"SBR", "PAT"}]
        person = Demographics(
            born=self._elements.date(dmg, 2) if dmg else None,
            gender=dmg[3] if dmg else "",
            died=self._elements.date(pat, 6) if pat else None,
            weight_pounds=self._elements.amount(pat, 8) if pat else None,
            pregnant=bool(pat) and pat[9] == "Y" if pat else False,
        )
        return own, parties, person

    def _parties(self, run: list[Segment]) -> tuple[list[Segment], dict[str, Party]]:
        own: list[Segment] = []
        parties: dict[str, Party] = {}
        for loop in split_loops(run, _NAMES):
            if loop[0].elements[0] == "NM1" and loop[0][1] not in parties:
                parties[loop[0][1]] = read_party(loop, self.unread.append)
            elif loop[0].elements[0] == "NM1":
                self.unread += loop
            else:
                own += loop
        return own, parties


def read_claims(one_set: TransactionSet) -> tuple[ClaimSet, tuple[Finding, ...]]:
    """A whole set at once, for sets that fit in memory."""
    reader = ClaimReader(one_set)
    claims = tuple(read.billed for read in reader.claims())
    return ClaimSet(reader.header, claims), reader.findings


def _with_taxonomy(party: Party, taxonomy: str) -> Party:
    return Party(
        role=party.role,
        kind=party.kind,
        name=party.name,
        first=party.first,
        middle=party.middle,
        suffix=party.suffix,
        id_qualifier=party.id_qualifier,
        id=party.id,
        address=party.address,
        taxonomy=taxonomy,
        references=party.references,
        contacts=party.contacts,
    )
