"""Claims to a transaction set: header, HL hierarchy and what stands at each of its levels. Mirrors reading.py."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from claimstream_x12.claim_837.claim_writing import write_claim
from claimstream_x12.claim_837.records import Guide
from claimstream_x12.claim_837.validation import refusals
from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import format_date
from claimstream_x12.errors import Finding, NotWritable
from claimstream_x12.names_writing import (
    write_address,
    write_contacts,
    write_name,
    write_provider,
    write_references,
    write_taxonomy,
)
from claimstream_x12.set_writer import SetWriter, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from claimstream_x12.claim_837.records import (
        BilledClaim,
        BillingProvider,
        ClaimHeader,
        ClaimSet,
        Demographics,
        Patient,
        Subscriber,
    )
    from claimstream_x12.extras import Extra
    from claimstream_x12.names import Party


def write_claims(
    claim_set: ClaimSet, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """The set from ST to SE; raises NotWritable with every reason, `checked` by the guide too.

    Who has asked `check_claim` of each claim needs no second check.
    """
    writer = SetWriter("837", control_number, claim_set.header.guide.value, delimiters)
    _write_header(writer, claim_set.header)
    if not claim_set.claims:
        writer.refuse("no-claims", "a set needs a claim", "CLM")
    levels = _Levels(writer, claim_set.header.guide)
    for billing, of_provider in groupby(claim_set.claims, key=lambda one: one.billing):
        levels.provider(billing, list(of_provider))
    return writer.finish(checked=checked)


def check_claim(header: ClaimHeader, billed: BilledClaim) -> tuple[Finding, ...]:
    """Why this claim could not be written under this header, or nothing: so that one bad claim stops no others."""
    writer = SetWriter("837", "0001", header.guide.value)
    _write_header(writer, header)
    _Levels(writer, header.guide).provider(billed.billing, [billed])
    try:
        writer.finish(checked=True)
    except NotWritable as refused:
        return refused.findings
    return ()


def _write_header(writer: SetWriter, header: ClaimHeader) -> None:
    writer.enter("header", header.extra)
    created = header.created
    writer.need(header.reference, "BHT", 3)
    writer.add("BHT", "0019", header.purpose, header.reference, created.date(), f"{created:%H%M}", header.kind)
    write_provider(writer, header.submitter, "1000A")
    write_provider(writer, header.receiver, "1000B")


class _Levels:
    """The hierarchy: counts HL segments and remembers each one's parent."""

    def __init__(self, writer: SetWriter, guide: Guide) -> None:
        self._writer, self._guide = writer, guide
        self._last = 0

    def provider(self, billing: BillingProvider, claims: Sequence[BilledClaim]) -> None:
        """2000A with all claims below it."""
        parent = self._level("", "20", has_children=True, loop="2000A", extras=billing.extra)
        _write_billing_provider(self._writer, billing)
        for subscriber, of_subscriber in groupby(claims, key=lambda one: one.subscriber):
            for run in _own_claims_first(list(of_subscriber)):
                self._subscriber(parent, subscriber, run)

    def _subscriber(self, provider: int, subscriber: Subscriber, claims: list[BilledClaim]) -> None:
        has_patients = any(billed.patient is not None for billed in claims)
        parent = self._level(str(provider), "22", has_children=has_patients, loop="2000B", extras=subscriber.extra)
        _write_subscriber(self._writer, subscriber, self._guide)
        for patient, of_patient in groupby(claims, key=lambda one: one.patient):
            if patient is not None:
                self._level(str(parent), "23", has_children=False, loop="2000C", extras=patient.extra)
                _write_patient(self._writer, patient)
            for billed in of_patient:
                self._claim(billed)

    def _claim(self, billed: BilledClaim) -> None:
        for loop, code, message, segment, element in refusals(billed, self._guide):
            self._writer.enter(loop)
            self._writer.refuse(code, f"claim {billed.claim.control_number}: {message}", segment, element)
        write_claim(self._writer, billed.claim, self._guide)

    def _level(self, parent: str, code: str, *, has_children: bool, loop: str, extras: Sequence[Extra]) -> int:
        self._last += 1
        self._writer.enter(loop, extras)
        self._writer.add("HL", str(self._last), parent, code, "1" if has_children else "0")
        return self._last


def _own_claims_first(claims: list[BilledClaim]) -> Iterable[list[BilledClaim]]:
    """Runs in which no claim of the subscriber stands behind a dependent's: the hierarchy has no way back."""
    run: list[BilledClaim] = []
    for billed in claims:
        if billed.patient is None and run and run[-1].patient is not None:
            yield run
            run = []
        run.append(billed)
    yield run


def _write_billing_provider(writer: SetWriter, billing: BillingProvider) -> None:
    write_taxonomy(writer, billing.party)
    for loop, party in (("2010AA", billing.party), ("2010AB", billing.pay_to), ("2010AC", billing.pay_to_plan)):
        if party is not None:
            _write_level_party(writer, party, loop)


def _write_subscriber(writer: SetWriter, subscriber: Subscriber, guide: Guide) -> None:
    writer.add(
        "SBR", subscriber.responsibility, "18" if subscriber.is_patient else "", subscriber.group_number,
        subscriber.group_name, subscriber.insurance_type, "", "", "", subscriber.filing_indicator,
    )  # fmt: skip
    person = subscriber.person
    if guide is Guide.PROFESSIONAL and (person.died or person.weight_pounds is not None or person.pregnant):
        _write_pat(writer, "", person)
    _write_level_party(writer, subscriber.party, "2010BA", person)
    _write_level_party(writer, subscriber.payer, "2010BB")


def _write_patient(writer: SetWriter, patient: Patient) -> None:
    _write_pat(writer, patient.relationship, patient.person)
    _write_level_party(writer, patient.party, "2010CA", patient.person)


def _write_pat(writer: SetWriter, relationship: str, person: Demographics) -> None:
    weight = quantity(person.weight_pounds)
    writer.add(
        "PAT", relationship, "", "", "", "D8" if person.died else "", format_date(person.died) if person.died else "",
        "01" if weight else "", weight, "Y" if person.pregnant else "",
    )  # fmt: skip


def _write_level_party(writer: SetWriter, party: Party, loop: str, person: Demographics | None = None) -> None:
    writer.enter(loop, party.extra)
    write_name(writer, party)
    if loop != "2010AA":  # the billing provider's stands at its level
        write_taxonomy(writer, party)
    write_address(writer, party.address)
    if person is not None and person.born is not None:
        writer.need(person.gender, "DMG", 3)
        writer.add("DMG", "D8", person.born, person.gender)
    write_references(writer, party.references)
    write_contacts(writer, party.contacts)
