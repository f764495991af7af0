"""`show`: a remittance, a claim or an acknowledgment as a person reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from claimstream_x12.claim_837 import BilledClaim, ClaimHeader
from claimstream_x12.code_lists import CLAIM_PAYMENT_STATUSES
from claimstream_x12.command_line.sources import OK, each, nothing_in
from claimstream_x12.interchange import X12Reader
from claimstream_x12.interchange_ta1 import read_ta1
from claimstream_x12.remittance_835 import Balance, ClaimPayment, ProviderAdjustment, RemittanceHeader
from claimstream_x12.typed import as_object, read_typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Adjustment, Party, Procedure

_FREQUENCIES = {"1": "original", "7": "replaces", "8": "voids"}
_PERSON = "1"


def show(names: Iterable[str]) -> int:
    """Print each file for people; 1 when a file holds no X12, 2 when it cannot be read."""
    return each(names, lambda name, stream: OK if _show(name, stream) else nothing_in(name))


def _show(name: str, stream: BinaryIO) -> bool:
    reader = X12Reader(stream)
    print(name)
    for one_set in reader.sets():
        for line in _set(one_set):
            print(f"  {line}")
    for header, segment in reader.acknowledgments:
        answer = read_ta1(segment)
        said = "accepted" if answer.accepted else "refused"
        print(
            f"  TA1 in interchange {header.control_number}: interchange {answer.control_number} is {said}, note {answer.note}"
        )
    for finding in reader.findings:
        print(f"  ! {finding}")
    return bool(reader.interchanges)


def _set(one_set: TransactionSet) -> Iterator[str]:
    yield f"Set {one_set.control_number}: {one_set.code} {one_set.guide.strip()}"
    typed = read_typed(one_set)
    balance = Balance()
    said_header = False
    for unit in typed.units:
        if not said_header:
            yield from _header(typed.frame().get("header"))
            said_header = True
        match unit:
            case BilledClaim():
                yield from _indented(_claim(unit))
            case ClaimPayment():
                yield from _indented(_payment(unit))
                yield from (f"    ! {imbalance}" for imbalance in balance.claim(unit))
            case list():
                yield "  " + "*".join(unit)
            case _:
                yield from _indented(_outline(as_object(unit)))
    frame = typed.frame()
    header = frame.get("header")
    if not said_header:
        yield from _header(header)
    if isinstance(header, RemittanceHeader):
        adjustments = [one for one in _listed(frame.get("provider_adjustments")) if isinstance(one, ProviderAdjustment)]
        for one in adjustments:
            yield f"  Provider adjustment {one.reason} {one.reference}: {one.amount}"
        unbalanced = list(balance.transaction(header, adjustments))
        yield from (f"  ! {imbalance}" for imbalance in unbalanced) if unbalanced else ["  The transaction balances."]
    yield from (f"  ! {finding}" for finding in typed.findings())


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _header(header: object) -> Iterator[str]:
    match header:
        case RemittanceHeader():
            payment = header.payment
            yield f"  {header.payer.name} pays {payment.amount} to {header.payee.name} ({header.payee.id})"
            paid_on = f" on {payment.paid_on}" if payment.paid_on else ""
            yield f"  by {payment.method or 'no method'}{paid_on}, trace {header.trace.number} of {header.trace.payer_id}"
        case ClaimHeader():
            yield f"  {header.submitter.name} to {header.receiver.name}, batch {header.reference} of {header.created}"


def _claim(billed: BilledClaim) -> Iterator[str]:
    claim, subscriber = billed.claim, billed.subscriber
    patient = billed.patient.party if billed.patient else subscriber.party
    kind = _FREQUENCIES.get(claim.frequency, f"frequency {claim.frequency}")
    original = claim.reference("F8")
    yield f"Claim {claim.control_number} ({kind}{f' {original}' if original else ''}): {claim.charge} charged"
    yield f"  patient {_name(patient)}, member {subscriber.party.id} of {subscriber.payer.name} ({subscriber.payer.id})"
    yield f"  billed by {_name(billed.billing.party)} ({billed.billing.party.id}), place {claim.facility_code}"
    yield f"  diagnoses {', '.join(one.code for one in claim.diagnoses) or 'none'}"
    for other in claim.other_coverages:
        paid = f"paid {other.paid}" if other.paid is not None else "has not decided"
        yield f"  other payer {other.payer.name} ({other.responsibility}): {paid}{_adjusted(other.adjustments)}"
    for number, line in enumerate(claim.lines, 1):
        when = line.service_dates[0].isoformat() if line.service_dates else "no date"
        what = " ".join(part for part in (line.revenue_code, _procedure(line.procedure)) if part)
        yield f"  {number:>3}  {when}  {what:<22} {line.quantity} {line.unit:<3} {line.charge:>10}"


def _payment(payment: ClaimPayment) -> Iterator[str]:
    status = CLAIM_PAYMENT_STATUSES.get(payment.status, "unknown status")
    patient = payment.party("QC")
    yield f"Claim {payment.control_number}, payer's number {payment.payer_control_number}: {payment.status} {status}"
    if patient is not None:
        yield f"  patient {_name(patient)}"
    share = payment.patient_responsibility
    owed = f", patient {share}" if share is not None else ""
    yield f"  charged {payment.charge}, paid {payment.paid}{owed}{_adjusted(payment.adjustments)}"
    for number, line in enumerate(payment.lines, 1):
        when = next((mark.day.isoformat() for mark in line.dates), "no date")
        remarks = "".join(f", remark {remark.code}" for remark in line.remarks)
        yield (
            f"  {number:>3}  {when:<10}  {_procedure(line.procedure):<16} charged {line.charge:>9}, paid {line.paid:>9}"
            f"{_adjusted(line.adjustments)}{remarks}"
        )


def _adjusted(adjustments: tuple[Adjustment, ...]) -> str:
    return "".join(f", {one.group}-{one.reason} {one.amount}" for one in adjustments)


def _procedure(procedure: Procedure | None) -> str:
    return "-".join((procedure.code, *procedure.modifiers)) if procedure else "no procedure"


def _name(party: Party) -> str:
    return f"{party.first} {party.name}".strip() if party.kind == _PERSON else party.name


def _outline(value: object, depth: int = 0) -> Iterator[str]:
    """Nested records as indented lines, a name each."""
    pad = "  " * depth
    if isinstance(value, dict):
        for name, held in value.items():
            if isinstance(held, dict | list):
                yield f"{pad}{name.replace('_', ' ')}"
                yield from _outline(held, depth + 1)
            else:
                yield f"{pad}{name.replace('_', ' ')}: {held}"
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, dict | list):
                yield f"{pad}-"
                yield from _outline(one, depth + 1)
            else:
                yield f"{pad}- {one}"
    else:
        yield f"{pad}{value}"
