"""A submitted line as the record of loop 2400, with what earlier payers decided about it."""

from collections.abc import Iterable
from decimal import Decimal

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim import SubmittedLine
from claimstream_schemas.values.claim_kinds import KindOfClaim, kind_of
from claimstream_schemas.values.payment import Adjustment as AdjustmentValue
from claimstream_schemas.values.revenue_codes import has_hipps_code
from claimstream_schemas.values.unlisted import is_unlisted
from claimstream_x12 import Adjustment, Procedure, Reference, transliterate
from claimstream_x12.claim_837 import NationalDrug, PriorPayment, ServiceLine

from .guides import GUIDES

HCPCS, HIPPS = "HC", "HP"


def line_record(line: SubmittedLine, event: ClaimSubmitted, pointers: dict[int, int]) -> ServiceLine:
    """The line; `pointers` says where each diagnosis of the event went."""
    kind = kind_of(event.kind)
    other_place = line.place_of_service if line.place_of_service != event.place_of_service else None
    return ServiceLine(
        charge=line.charge,
        quantity=line.units,
        procedure=_procedure(line, kind),
        revenue_code=_revenue_code(line, kind),
        unit=line.unit_of_measure,
        place_of_service=(other_place or "") if kind.has_place_of_service else "",
        diagnosis_pointers=_pointers(line, pointers) if kind.has_pointers else (),
        dates=GUIDES[event.kind].line_dates(line, event),
        references=_references(line, kind),
        drug=_drug(line),
        providers=tuple(GUIDES[event.kind].line_providers(line, event)),
        prior_payments=tuple(_prior_payments(line, event)),
    )


def _revenue_code(line: SubmittedLine, kind: KindOfClaim) -> str:
    return (line.revenue_code or "") if kind.has_revenue_codes else ""


def _procedure(line: SubmittedLine, kind: KindOfClaim) -> Procedure | None:
    """With its description where the code alone says nothing (SV101-7, SV202-7)."""
    if line.procedure is None:
        return None
    told = line.description if is_unlisted(line.procedure) else None
    return Procedure(line.procedure, line.modifiers, _code_list(line, kind), transliterate(told or ""))


def _code_list(line: SubmittedLine, kind: KindOfClaim) -> str:
    """SV101-1, SV202-1, SVD03-1."""
    return HIPPS if has_hipps_code(_revenue_code(line, kind)) else HCPCS


def _pointers(line: SubmittedLine, pointers: dict[int, int]) -> tuple[int, ...]:
    """Each diagnosis once; a pointer to nothing stays as it is, so that the writer refuses it with its place."""
    return tuple(dict.fromkeys(pointers.get(number, number) for number in line.diagnosis_pointers))


def _drug(line: SubmittedLine) -> NationalDrug | None:
    """LIN and CTP go together, and only with the drug's own quantity: the procedure's units are another."""
    if line.ndc is None or line.ndc_quantity is None or line.ndc_unit is None:
        return None
    return NationalDrug(line.ndc, line.ndc_quantity, line.ndc_unit)


def _references(line: SubmittedLine, kind: KindOfClaim) -> tuple[Reference, ...]:
    authorization = line.prior_authorization if kind.has_line_authorization else None
    named = (("G1", authorization), ("6R", line.line_control_number))
    return tuple(Reference(qualifier, transliterate(value)) for qualifier, value in named if value)


def _prior_payments(line: SubmittedLine, event: ClaimSubmitted) -> Iterable[PriorPayment]:
    kind = kind_of(event.kind)
    for coverage in event.other_coverages:
        decision = coverage.decision
        for prior in decision.lines if decision is not None else ():
            if decision is None or prior.line_id != line.line_id:
                continue
            procedure = prior.procedure or line.procedure
            yield PriorPayment(
                payer_id=transliterate(coverage.payer.x12_id),
                paid=prior.paid,
                procedure=Procedure(procedure, prior.modifiers, _code_list(line, kind)) if procedure else None,
                quantity=prior.units,
                revenue_code=_revenue_code(line, kind),
                adjustments=adjustment_records(prior.adjustments),
                decided_on=decision.decided_on,
            )


def adjustment_records(adjustments: Iterable[AdjustmentValue]) -> tuple[Adjustment, ...]:
    """The reasons of each group together, equal ones summed: the 837 has room for six a group."""
    amounts: dict[tuple[str, str], Decimal] = {}
    quantities: dict[tuple[str, str], Decimal] = {}
    groups: dict[str, None] = {}
    for one in adjustments:
        key = (one.group, one.carc)
        groups[one.group] = None
        amounts[key] = amounts.get(key, Decimal(0)) + one.amount
        if one.quantity is not None:
            quantities[key] = quantities.get(key, Decimal(0)) + one.quantity
    return tuple(
        Adjustment(group, reason, amount, quantities.get((group, reason)))
        for wanted in groups
        for (group, reason), amount in amounts.items()
        if group == wanted and amount
    )
