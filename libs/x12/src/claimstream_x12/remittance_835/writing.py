"""A remittance to a transaction set. Mirrors reading.py. Balance is for balancing.py: an unbalanced one can be written."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.names_writing import (
    procedure,
    write_address,
    write_adjustments,
    write_contacts,
    write_name,
    write_references,
)
from claimstream_x12.set_writer import SetWriter, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claimstream_x12.names import Amount, Quantity
    from claimstream_x12.remittance_835.records import (
        ClaimPayment,
        DateMark,
        Payment,
        ProviderAdjustment,
        ProviderGroup,
        Remittance,
        RemittanceHeader,
        ServicePayment,
    )
    from claimstream_x12.set_writer import Value

_ADJUSTMENTS_A_SEGMENT = 6


def write_remittance(
    remittance: Remittance, control_number: str, delimiters: Delimiters = STANDARD, *, checked: bool = True
) -> bytes:
    """The set from ST to SE (ST03 is not used by this guide); raises NotWritable with every reason.

    `checked` by the guide too, and it must balance; False writes what a payer may send all the same.
    """
    writer = SetWriter("835", control_number, "", delimiters)
    _write_header(writer, remittance.header)
    groups = {group.number: group for group in remittance.groups}
    written: set[int] = set()
    with_claims = {claim.provider_group for claim in remittance.claims}
    ahead = list(remittance.groups)  # those without claims come at their places too
    for number, claims in groupby(remittance.claims, key=lambda one: one.provider_group):
        if number in written or (number not in groups and number != 0):
            writer.refuse(
                "provider-group", f"claims of group LX {number} must stand together, and the group be listed", "LX"
            )
        written.add(number)
        while ahead and number in groups and ahead[0].number != number and ahead[0].number not in with_claims:
            _write_group(writer, ahead.pop(0))
        if number in groups:
            _write_group(writer, groups[number])
            ahead = [group for group in ahead if group.number != number]
        for claim in claims:
            _write_claim(writer, claim)
    for group in ahead:
        _write_group(writer, group)
    write_footer(writer, remittance)
    return writer.finish(checked=checked)


def _write_group(writer: SetWriter, group: ProviderGroup) -> None:
    writer.enter("2000", group.extra)
    writer.add("LX", str(group.number))
    for segment_id, elements in (("TS3", group.summary), ("TS2", group.supplement)):
        if elements:
            writer.add(segment_id, *elements)


def _write_header(writer: SetWriter, header: RemittanceHeader) -> None:
    writer.enter("header", header.extra)
    _write_bpr(writer, header.payment)
    trace = header.trace
    writer.add("TRN", trace.kind, trace.number, trace.payer_id, trace.supplement)
    write_references(writer, header.references)
    if header.produced_on is not None:
        writer.add("DTM", "405", header.produced_on)
    payer, payee = header.payer, header.payee
    writer.enter("1000A", payer.extra)
    writer.add("N1", "PR", payer.name, payer.id_qualifier, payer.id)
    write_address(writer, payer.address)
    write_references(writer, payer.references)
    write_contacts(writer, payer.contacts)
    writer.enter("1000B", payee.extra)
    writer.add("N1", "PE", payee.name, payee.id_qualifier, payee.id)
    write_address(writer, payee.address)
    write_references(writer, payee.references)
    if payee.delivery:
        writer.add("RDM", *payee.delivery)


def _write_bpr(writer: SetWriter, payment: Payment) -> None:
    if payment.amount < 0:
        writer.refuse("negative-payment", "BPR02 may not be negative: carry the balance forward by PLB FB", "BPR", 2)
    sender, receiver = payment.sender, payment.receiver
    writer.add(
        "BPR", payment.handling, payment.amount, payment.credit_or_debit, payment.method, payment.format,
        sender.bank_qualifier, sender.bank, sender.account_qualifier, sender.account,
        payment.originator, payment.originator_supplement,
        receiver.bank_qualifier, receiver.bank, receiver.account_qualifier, receiver.account, payment.paid_on,
    )  # fmt: skip


def _write_claim(writer: SetWriter, claim: ClaimPayment) -> None:
    write_own_claim(writer, claim)
    for line in claim.lines:
        write_line(writer, line)


def write_own_claim(writer: SetWriter, claim: ClaimPayment) -> None:
    """The segments of loop 2100 itself."""
    writer.enter("2100", claim.extra)
    writer.add(
        "CLP", claim.control_number, claim.status, claim.charge, claim.paid, claim.patient_responsibility,
        claim.filing_indicator, claim.payer_control_number, claim.facility_code, claim.frequency, "", claim.drg,
        quantity(claim.drg_weight), quantity(claim.discharge_fraction),
    )  # fmt: skip
    write_adjustments(writer, claim.adjustments)
    for party in claim.parties:
        write_name(writer, party)
    for segment_id, one in (("MIA", claim.inpatient), ("MOA", claim.outpatient)):
        if one is not None:
            writer.add(segment_id, *one.elements)
    write_references(writer, claim.references)
    _write_dates(writer, claim.dates)
    write_contacts(writer, claim.contacts)
    _write_amounts(writer, claim.amounts, claim.quantities)


def write_line(writer: SetWriter, line: ServicePayment) -> None:
    """Loop 2110."""
    writer.enter("2110", line.extra)
    writer.add(
        "SVC", procedure(line.procedure), line.charge, line.paid, line.revenue_code, quantity(line.quantity),
        procedure(line.submitted_procedure), quantity(line.submitted_quantity),
    )  # fmt: skip
    _write_dates(writer, line.dates)
    write_adjustments(writer, line.adjustments)
    write_references(writer, line.references)
    _write_amounts(writer, line.amounts, line.quantities)
    for remark in line.remarks:
        writer.add("LQ", remark.qualifier, remark.code)


def _write_dates(writer: SetWriter, dates: Iterable[DateMark]) -> None:
    for mark in dates:
        writer.add("DTM", mark.qualifier, mark.day)


def _write_amounts(writer: SetWriter, amounts: Iterable[Amount], quantities: Iterable[Quantity]) -> None:
    for amount in amounts:
        writer.add("AMT", amount.qualifier, amount.amount)
    for one in quantities:
        writer.add("QTY", one.qualifier, quantity(one.quantity))


def write_footer(writer: SetWriter, remittance: Remittance) -> None:
    """What stands behind the claims."""
    writer.enter("footer", remittance.extra)
    _write_provider_adjustments(writer, remittance.provider_adjustments)


def _write_provider_adjustments(writer: SetWriter, adjustments: Iterable[ProviderAdjustment]) -> None:
    """PLB segments: neighbours of one provider and year share a segment, six at most."""
    for (provider, year_end), members in groupby(adjustments, key=lambda one: (one.provider_id, one.fiscal_year_end)):
        ordered = list(members)
        for first in range(0, len(ordered), _ADJUSTMENTS_A_SEGMENT):
            values: list[Value] = [provider, year_end]
            for one in ordered[first : first + _ADJUSTMENTS_A_SEGMENT]:
                values += ((one.reason, one.reference), one.amount)
            writer.add("PLB", *values)
