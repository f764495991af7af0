"""This library. What it reads is asked of its records; what it judges, of its checker."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from claimstream_x12 import X12Reader
from claimstream_x12.acknowledgment_999 import read_999
from claimstream_x12.checking import Checker, snip_of
from claimstream_x12.claim_837 import ClaimReader
from claimstream_x12.claim_status_277ca import batch_refusals, claim_outcomes, read_277ca
from claimstream_x12.conformance.adapter import (
    ABILITIES,
    AcknowledgedFact,
    ClaimFact,
    Facts,
    Finding,
    LineFact,
    OutcomeFact,
    PaymentFact,
    ProviderAdjustmentFact,
    RefusalFact,
    SetVerdict,
    Transfer,
)
from claimstream_x12.interchange_ta1 import read_ta1
from claimstream_x12.remittance_835 import read_remittance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claimstream_x12.checking import CodeSets
    from claimstream_x12.interchange import TransactionSet
    from claimstream_x12.names import Adjustment
    from claimstream_x12.remittance_835 import ClaimPayment, Remittance

_INTENTS = {"7": "replace", "8": "void"}
_FORWARDED = frozenset({"19", "20", "21"})
_REVERSAL = "22"
_CONTRACTUAL = ("CO", "45")
_NO_DENIALS = frozenset({"1", "2", "3", "23", "24", "45", "94", "253"})


class Own:
    """claimstream_x12 itself."""

    name = "claimstream_x12"

    def __init__(self, codes: CodeSets | None = None) -> None:
        """With a port to code sets that has the lists of CARC and RARC, or by their shapes alone."""
        self._codes = codes
        self.abilities = ABILITIES if codes is not None else ABILITIES - {"reason_lists"}

    def check(self, data: bytes) -> list[SetVerdict]:
        """Each set that the checker judged."""
        return [
            SetVerdict(
                one.code,
                one.guide,
                one.control_number,
                one.status.value,
                tuple(
                    Finding(
                        finding.place.segment,
                        finding.place.element_name,
                        snip_of(finding),
                        finding.code,
                        finding.message,
                    )
                    for finding in one.findings
                ),
            )
            for one in Checker(self._codes).check(data).sets
        ]

    def facts(self, data: bytes) -> Facts:
        """What the readers say of a file."""
        reader = X12Reader(data)
        found = _Found()
        for one_set in reader.sets():
            found.take(one_set)
        acknowledged = [read_ta1(segment) for _, segment in reader.acknowledgments]
        return Facts(
            transfers=tuple(map(_transfer, found.remittances)),
            payments=tuple(_payment(one) for remittance in found.remittances for one in remittance.claims),
            lines=tuple(_lines(found.remittances)),
            provider_adjustments=tuple(
                ProviderAdjustmentFact(one.reason, one.reference, one.amount)
                for remittance in found.remittances
                for one in remittance.provider_adjustments
            ),
            claims=tuple(found.claims),
            outcomes=tuple(found.outcomes),
            refusals=tuple(found.refusals),
            sets_acknowledged=tuple(found.sets_acknowledged),
            interchanges_acknowledged=tuple(AcknowledgedFact(one.control_number, one.accepted) for one in acknowledged),
            digests=tuple(found.digests),
            envelope_sound=found.sound and not any(finding.is_error for finding in reader.findings),
        )


class _Found:
    """What the sets of a file hold, kept apart by kind."""

    def __init__(self) -> None:
        self.remittances: list[Remittance] = []
        self.claims: list[ClaimFact] = []
        self.outcomes: list[OutcomeFact] = []
        self.refusals: list[RefusalFact] = []
        self.sets_acknowledged: list[AcknowledgedFact] = []
        self.digests: list[str] = []
        self.sound = True

    def take(self, one_set: TransactionSet) -> None:
        match one_set.code:
            case "835":
                self.remittances.append(read_remittance(one_set)[0])
            case "837":
                self.claims += _claims(one_set)
            case "277":
                status_set = read_277ca(one_set)[0]
                outcomes = claim_outcomes(status_set)
                self.outcomes += [OutcomeFact(one.claim.control_number, one.accepted) for one in outcomes]
                self.refusals += [RefusalFact(one.level) for one in batch_refusals(status_set)]
            case "999":
                answers = read_999(one_set)[0].sets
                self.sets_acknowledged += [AcknowledgedFact(one.control_number, one.accepted) for one in answers]
        self.digests.append(one_set.digest)
        self.sound = self.sound and one_set.sound


def _claims(one_set: TransactionSet) -> Iterator[ClaimFact]:
    for read in ClaimReader(one_set).claims():
        claim = read.billed.claim
        yield ClaimFact(claim.control_number, _INTENTS.get(claim.frequency, "original"), claim.reference("F8"))


def _transfer(remittance: Remittance) -> Transfer:
    header = remittance.header
    return Transfer(header.trace.number, header.trace.payer_id, header.payment.method, header.payment.amount)


def _payment(one: ClaimPayment) -> PaymentFact:
    adjustments = [*one.adjustments, *(adjustment for line in one.lines for adjustment in line.adjustments)]
    contractual = _sum(each for each in adjustments if (each.group, each.reason) == _CONTRACTUAL)
    return PaymentFact(
        control_number=one.control_number,
        charge=one.charge,
        paid=one.paid,
        patient_share=_sum(each for each in adjustments if each.group == "PR"),
        allowed=one.charge - contractual,
        denied=one.status != _REVERSAL
        and not one.paid
        and any(each.amount > 0 and each.reason not in _NO_DENIALS for each in adjustments),
        reversed=one.status == _REVERSAL,
        forwarded=one.status in _FORWARDED or one.party("TT") is not None,
    )


def _lines(remittances: list[Remittance]) -> Iterator[LineFact]:
    for line in (line for remittance in remittances for claim in remittance.claims for line in claim.lines):
        decided = line.procedure.code if line.procedure else ""
        billed = line.submitted_procedure.code if line.submitted_procedure else decided
        yield LineFact(decided, billed, line.control_number)


def _sum(adjustments: Iterator[Adjustment]) -> Decimal:
    return sum((one.amount for one in adjustments), Decimal(0))
