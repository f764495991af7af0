"""A remittance as events: chunks of at most 200 payments and 900 kB, each payment tied to what we sent where that can be told."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from claimstream_schemas import EraReceived
from claimstream_schemas.era_received import EraPerson
from claimstream_schemas.values.identifiers import id_of, read_control_number, read_line_control_number
from claimstream_schemas.values.payment import (
    Adjustment,
    ClaimPayment,
    LinePayment,
    ProviderAdjustment,
    RemittanceHeader,
)
from claimstream_x12 import Adjustment as AdjustmentRecord
from claimstream_x12 import find_reference
from claimstream_x12.remittance_835 import ClaimPayment as PaymentRecord
from claimstream_x12.remittance_835 import DateMark, ServicePayment
from claimstream_x12.remittance_835 import RemittanceHeader as HeaderRecord
from pydantic import ValidationError

from .domain.exchange_file import ExchangeFile
from .domain.payee import Payee, digits
from .domain.submission import Submission
from .inbound_reading import Plan, ReadFile, ReadSet, Remittance
from .remittance_findings import Informing

MOST_PAYMENTS = 200
MOST_BYTES = 900_000
MOST_NOTES = 50
_LONGEST_NOTE = 500
_ROOM = 650_000
"""For the payments of a chunk whose frame is not known yet."""
_TIED_BYTES = 100
"""What a payment, or a line of it, gains when it is tied to what was sent."""

Sent = Mapping[str, Sequence[Submission]]
"""What was sent, by control number, the latest first."""

_MIA_REMARKS = (5, 20, 21, 22, 23)
_MOA_REMARKS = (3, 4, 5, 6, 7)


class Unusable(Exception):
    """A remittance that cannot be told as it is."""

    def __init__(self, reason: str) -> None:
        """Why, with the element's name."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Turn:
    """When a remittance came: its number among the practice's, and which earlier ones name a claim of it."""

    number: int
    follows: tuple[UUID, ...] = ()


def remittance_id(practice: str, header: HeaderRecord, digest: str) -> UUID:
    """Payers reuse trace numbers, so payer, date, amount, payee and the body itself belong to the name (CAQH CORE 370, RFI 1847)."""
    trace, payment = header.trace, header.payment
    return id_of(
        "remittance", practice, trace.payer_id, trace.number, payment.paid_on, payment.amount, header.payee.id, digest
    )


def payee_npi(header: HeaderRecord) -> str:
    """N104 when it is an NPI."""
    return header.payee.id if header.payee.id_qualifier == "XX" else ""


def payee_tin(header: HeaderRecord) -> str:
    """N104 when it is a tax number, else REF*TJ."""
    return header.payee.id if header.payee.id_qualifier == "FI" else find_reference(header.payee.references, "TJ")


def payee_of(header: HeaderRecord) -> Payee:
    """The numbers of who is paid."""
    return Payee(payee_npi(header).strip(), digits(payee_tin(header)))


def payment_of(remittance: Remittance) -> dict[str, str | None]:
    """Who pays whom, how much and when: what a person needs to say whose it is. No patient data."""
    header = remittance.header
    amount, paid_on = header.payment.amount, header.payment.paid_on
    return {
        "trace_number": _plain(header.trace.number),
        "payer_name": _plain(header.payer.name),
        "payee_name": _plain(header.payee.name),
        "payee_npi": _plain(payee_npi(header)) or None,
        "payee_tin": _plain(payee_tin(header)) or None,
        "amount": f"{amount:.2f}" if amount == round(amount, 2) else f"{amount:f}",
        "paid_on": paid_on.isoformat() if paid_on else None,
    }


def payer_of(header: HeaderRecord) -> str:
    """What tells one payer from another: its id, else who originated the trace."""
    return _plain(_payer_id(header)) or _plain(header.trace.payer_id)


def _payer_id(header: HeaderRecord) -> str:
    return header.payer.id or find_reference(header.payer.references, "2U")


def _plain(text: str) -> str:
    """What a database takes and a line has room for."""
    return "".join(sign for sign in text.strip() if sign.isprintable())[:80]


def control_numbers(claims: Iterable[PaymentRecord]) -> set[str]:
    """The CLP01s that could be ours by their shape."""
    return {number for claim in claims if (number := read_control_number(claim.control_number))}


def era_events(  # noqa: PLR0913  a remittance is told from this many facts
    practice: str,
    file: ExchangeFile,
    one_set: ReadSet,
    remittance: Remittance,
    sent: Sent,
    turn: Turn,
) -> list[EraReceived]:
    """The chunks of one remittance. Raises Unusable, or pydantic's ValidationError, when it cannot be told."""
    notes: list[str] = []
    told = [_told(claim, number, sent, notes) for number, claim in enumerate(remittance.claims, start=1)]
    segments = [_segments(claim) for claim in remittance.claims]
    total = sum((claim.paid for claim in remittance.claims), Decimal(0))
    frame = _frame(practice, file, one_set, remittance, turn, notes, total=total)
    sizes = map(_size, told, segments)
    ends = list(_ends(sizes, room=MOST_BYTES - len(frame.to_bytes())))
    return [
        _chunk(frame, number, len(ends), told[first:last], segments[first:last])
        for number, (first, last) in enumerate(pairwise((0, *ends)), start=1)
    ]


@dataclass(frozen=True)
class Parts:
    """How a remittance whose claims are not held in memory is told: what stands in each chunk, and where each ends."""

    frame: EraReceived
    ends: tuple[int, ...]

    def chunk(self, number: int, claims: Sequence[PaymentRecord], sent: Sent) -> EraReceived:
        """One chunk, from 1, of its claims, tied to what was sent of them."""
        first = 0 if number == 1 else self.ends[number - 2]
        told = [_told(claim, ordinal, sent, []) for ordinal, claim in enumerate(claims, start=first + 1)]
        return _chunk(self.frame, number, len(self.ends), told, [_segments(claim) for claim in claims])


def parts_of(practice: str, file: ExchangeFile, one_set: ReadSet, remittance: Remittance, turn: Turn) -> Parts:
    """As it was planned. Raises as `era_events`."""
    plan = remittance.plan or plan_of(remittance.claims)
    if plan.error is not None:
        raise plan.error
    frame = _frame(practice, file, one_set, remittance, turn, plan.notes, total=plan.total)
    findings = tuple(note[:_LONGEST_NOTE] for note in frame.findings)
    frame = frame.model_copy(update={"findings": findings})
    if len(frame.to_bytes()) > MOST_BYTES - _ROOM:
        raise Unusable("it follows more remittances, or adjusts more, than one event can say")
    return Parts(frame, plan.ends)


def planned(read: ReadFile) -> ReadFile:
    """The same with a plan for each remittance whose claims are not held in memory: one pass through them."""
    return replace(read, sets=tuple(map(_with_plan, read.sets)))


def _with_plan(one: ReadSet) -> ReadSet:
    content = one.content
    if not isinstance(content, Remittance) or isinstance(content.claims, tuple) or one.problem is not None:
        return one
    return replace(one, content=replace(content, plan=plan_of(content.claims)))


def plan_of(claims: Collection[PaymentRecord]) -> Plan:
    """Where a chunk ends is not to depend on what was sent."""
    notes: list[str] = []
    try:
        ends = tuple(_ends(_sizes_when_tied(claims, notes), room=_ROOM))
    except ValidationError as error:
        return Plan(error=error)
    return Plan(ends, sum((claim.paid for claim in claims), Decimal(0)), tuple(notes))


def _sizes_when_tied(claims: Iterable[PaymentRecord], notes: list[str]) -> Iterator[int]:
    """What each payment takes at most; the first of what is to be noted goes into ``notes``."""
    for number, claim in enumerate(claims, start=1):
        yield _size(_told(claim, number, {}, notes), _segments(claim)) + _TIED_BYTES * (1 + len(claim.lines))
        del notes[MOST_NOTES:]


def _frame(  # noqa: PLR0913  a remittance is told from this many facts
    practice: str,
    file: ExchangeFile,
    one_set: ReadSet,
    remittance: Remittance,
    turn: Turn,
    notes: Sequence[str],
    *,
    total: Decimal,
) -> EraReceived:
    """What stands in each chunk."""
    return EraReceived(
        practice_id=practice,
        remittance_id=remittance_id(practice, remittance.header, one_set.digest),
        body_digest=one_set.digest,
        header=_header(remittance.header),
        provider_adjustments=tuple(
            ProviderAdjustment(
                provider=one.provider_id,
                fiscal_period=one.fiscal_year_end,
                reason=one.reason,
                reference=one.reference or None,
                amount=one.amount,
            )
            for one in remittance.provider_adjustments
        ),
        payment_count=len(remittance.claims),
        payments_total=total,
        chunk=1,
        chunks=1,
        file_name=file.name,
        file_digest=file.digest or "",
        set_control_number=one_set.control_number,
        received_number=turn.number,
        follows=turn.follows,
        findings=(*notes, *one_set.findings)[:MOST_NOTES],
    )


def _chunk(
    frame: EraReceived,
    number: int,
    chunks: int,
    payments: Sequence[ClaimPayment],
    segments: Sequence[tuple[str, ...]],
) -> EraReceived:
    return frame.model_copy(
        update={
            "chunk": number,
            "chunks": chunks,
            "payments": tuple(payments),
            "person": EraPerson(segments=tuple(segments)),
        }
    )


def _size(payment: ClaimPayment, segments: Iterable[str]) -> int:
    return len(payment.model_dump_json(exclude_none=True)) + sum(len(text) * 2 + 4 for text in segments)


def _ends(sizes: Iterable[int], *, room: int) -> Iterator[int]:
    """Behind which payment each chunk ends; a remittance without payments is one chunk all the same."""
    first, filled, place = 0, 0, 0
    for size in sizes:
        if place > first and (place - first >= MOST_PAYMENTS or filled + size > room):
            yield place
            first, filled = place, 0
        filled += size
        place += 1
    yield place


def _header(header: HeaderRecord) -> RemittanceHeader:
    payment, payer, payee = header.payment, header.payer, header.payee
    if payment.paid_on is None:
        raise Unusable("BPR16, the day of payment, is missing or is no date")
    if not header.trace.number:
        raise Unusable("TRN02, the trace number, is missing: the payment could never be tied to a deposit")
    return RemittanceHeader(
        payer_name=payer.name,
        payer_x12_id=_payer_id(header) or None,
        payee_name=payee.name,
        payee_npi=payee_npi(header) or None,
        payee_tin=payee_tin(header) or None,
        amount=payment.amount,
        credit_or_debit=payment.credit_or_debit,
        handling=payment.handling,
        payment_method=payment.method,
        paid_on=payment.paid_on,
        trace_number=header.trace.number,
        trace_originator=header.trace.payer_id,
        production_date=header.produced_on,
    )


def _told(claim: PaymentRecord, ordinal: int, sent: Sent, notes: list[str]) -> ClaimPayment:
    """The payment; where it cannot be told, without what only informs and stands in its way. ``notes`` says what is left out."""
    informing = Informing()
    try:
        payment = _payment(claim, ordinal, sent, informing)
    except ValidationError:
        informing = Informing()
        payment = _payment(informing.without_untellable(claim), ordinal, sent, informing)
    notes += informing.notes
    return payment


def _payment(claim: PaymentRecord, ordinal: int, sent: Sent, informing: Informing) -> ClaimPayment:
    number = read_control_number(claim.control_number)
    ours = sent.get(number, ()) if number else ()
    by_line = {control: line for submission in ours for control, line in submission.line_ids.items()}
    lines = tuple(_line(line, by_line, informing) for line in claim.lines)
    at = f"segment {claim.position}"
    forwarded = claim.party("TT")
    return ClaimPayment(
        ordinal=ordinal,
        control_number=claim.control_number,
        status=claim.status,
        charge=claim.charge,
        paid=claim.paid,
        patient_responsibility=claim.patient_responsibility,
        claim_filing_indicator=informing.code(claim.filing_indicator, f"{at}, CLP06"),
        payer_claim_number=claim.payer_control_number or None,
        original_payer_claim_number=find_reference(claim.references, "F8") or None,
        frequency_code=informing.code(claim.frequency, f"{at}, CLP09"),
        adjustments=_adjustments(claim.adjustments),
        remarks=tuple(_claim_remarks(claim, informing, at)),
        interest=next((one.amount for one in claim.amounts if one.qualifier == "I"), None),
        service_from=_day(claim.dates, "232"),
        service_to=_day(claim.dates, "233"),
        received_on=_day(claim.dates, "050"),
        forwarded_to=(forwarded.name or forwarded.id or None) if forwarded else None,
        lines=lines,
        claim_id=ours[0].claim_id if ours else None,
        submission_ordinal=_submission_ordinal(claim, number) if ours else None,
    )


def _line(line: ServicePayment, by_line: Mapping[str, UUID], informing: Informing) -> LinePayment:
    control = line.control_number.strip().upper()
    start = _day(line.dates, "472") or _day(line.dates, "150")
    paid_as = line.procedure
    is_revenue_code = paid_as is not None and paid_as.qualifier == "NU"
    return LinePayment(
        procedure_qualifier=paid_as.qualifier if paid_as else None,
        procedure=paid_as.code if paid_as and not is_revenue_code else None,
        modifiers=paid_as.modifiers if paid_as else (),
        submitted_procedure=line.submitted_procedure.code if line.submitted_procedure else None,
        revenue_code=line.revenue_code or (paid_as.code if paid_as and is_revenue_code else None),
        charge=line.charge,
        paid=line.paid,
        units=line.quantity,
        service_from=start,
        service_to=_day(line.dates, "151") or start,
        line_control_number=line.control_number or None,
        adjustments=_adjustments(line.adjustments),
        remarks=tuple(
            code
            for remark in line.remarks
            if remark.qualifier == "HE"
            and (code := informing.code(remark.code, f"segment {line.position}, an LQ below it"))
        ),
        allowed=next((one.amount for one in line.amounts if one.qualifier == "B6"), None),
        line_id=by_line.get(control),
    )


def _adjustments(adjustments: Iterable[AdjustmentRecord]) -> tuple[Adjustment, ...]:
    return tuple(
        Adjustment(group=one.group, carc=one.reason, amount=one.amount, quantity=one.quantity) for one in adjustments
    )


def _claim_remarks(claim: PaymentRecord, informing: Informing, at: str) -> Iterator[str]:
    for adjudication, places in ((claim.inpatient, _MIA_REMARKS), (claim.outpatient, _MOA_REMARKS)):
        if adjudication is not None:
            said = (informing.code(adjudication[place], f"{at}, a MIA or MOA below it") for place in places)
            yield from (code for code in said if code)


def _submission_ordinal(claim: PaymentRecord, number: str | None) -> int | None:
    """The submission that the returned line numbers name, when they agree on one of this claim."""
    read = [parsed for line in claim.lines if (parsed := read_line_control_number(line.control_number))]
    named = {ordinal for control, ordinal, _ in read if control == number}
    return named.pop() if len(named) == 1 else None


def _segments(claim: PaymentRecord) -> tuple[str, ...]:
    return claim.segments + tuple(text for line in claim.lines for text in line.segments)


def _day(marks: Sequence[DateMark], qualifier: str) -> date | None:
    return next((mark.day for mark in marks if mark.qualifier == qualifier), None)
