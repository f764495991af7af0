"""The first answers to a file: TA1 for the envelope, 999 for the syntax, 277CA for what was taken into adjudication."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from claimstream_x12 import Amount, Dated, Group, Party, Quantity, Reference
from claimstream_x12.acknowledgment_999 import GUIDE as GUIDE_999
from claimstream_x12.acknowledgment_999 import (
    ElementError,
    GroupAcknowledgment,
    SegmentError,
    SetAcknowledgment,
    write_999,
)
from claimstream_x12.claim_837 import BilledClaim
from claimstream_x12.claim_status_277ca import GUIDE as GUIDE_277CA
from claimstream_x12.claim_status_277ca import (
    ClaimAcknowledgment,
    ClaimStatusSet,
    LevelStatus,
    PatientAcknowledgment,
    ProviderAcknowledgment,
    ReceiverAcknowledgment,
    SourceAcknowledgment,
    Status,
    StatusCode,
    write_277ca,
)
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment, write_ta1

from .receiving import Received, ReceivedSet

ACCEPTED, REJECTED = "A", "R"
SETS_REJECTED_IN_PART = "P"
UNSOUND_SET, SEGMENT_IN_ERROR = "4", "5"
NO_TRACE = "0"
FORWARDED = StatusCode("A1", "19", "PR")
TAKEN = StatusCode("A2", "20", "PR")
RECEIVED_ONLY = StatusCode("A1", "20", "PR")
REFUSALS = {
    "A3": StatusCode("A3", "21", "IL"),
    "A6": StatusCode("A6", "21", "IL"),
    "A7": StatusCode("A7", "164", "IL"),
    "A8": StatusCode("A8", "164", "IL"),
    "no-standing-decision": StatusCode("A7", "464", "PR"),  # the payer's own claim number
    "no-replacements": StatusCode("A7", "535", "PR"),  # the frequency
}


@dataclass(frozen=True)
class Verdict:
    """What the payer says of one claim before it adjudicates: taken (with its own number), refused, or silence."""

    billed: BilledClaim
    code: StatusCode | None
    payer_claim_number: str = ""
    takes_back: str = ""  # the payer's claim number of the decision that it replaces or voids

    @property
    def taken(self) -> bool:
        """Whether the claim goes on to be adjudicated."""
        return self.code == TAKEN


def answer_envelope(received: Received, *, rejected_by_trigger: bool) -> bytes | None:
    """A TA1 where the envelope is wrong or one was asked for."""
    header = received.interchange
    if header is None:
        return None
    fault = received.fault or ("025" if rejected_by_trigger else None)
    if fault is None and not header.acknowledgment_requested:
        return None
    status = REJECTED if fault else ACCEPTED
    return write_ta1(InterchangeAcknowledgment(header.control_number, header.created, status, fault or "000"))


def answer_syntax(received: Received, rejected: frozenset[str], control_number: int) -> Group | None:
    """A group of 999s, one for each functional group of the file."""
    if received.interchange is None or not received.sets:
        return None
    sets = []
    for number, (group, members) in enumerate(groupby(received.sets, lambda one: one.group), start=1):
        sets.append(
            write_999(
                _group_acknowledgment(group.functional_code, group.control_number, list(members), rejected),
                f"{number:04d}",
            )
        )
    first = received.sets[0].group
    return Group("FA", first.receiver, first.sender, received.created, control_number, GUIDE_999, sets)


def _group_acknowledgment(
    code: str, control_number: str, sets: list[ReceivedSet], rejected: frozenset[str]
) -> GroupAcknowledgment:
    answers = tuple(_set_acknowledgment(one, rejected) for one in sets)
    accepted = sum(one.accepted for one in answers)
    status = ACCEPTED if accepted == len(sets) else SETS_REJECTED_IN_PART if accepted else REJECTED
    return GroupAcknowledgment(
        code, control_number, status, answers, len(sets), len(sets), accepted, guide=sets[0].guide
    )


def _set_acknowledgment(one: ReceivedSet, rejected: frozenset[str]) -> SetAcknowledgment:
    if not one.sound:
        return SetAcknowledgment("837", one.control_number, REJECTED, one.guide, (UNSOUND_SET,))
    if one.control_number in rejected:
        error = SegmentError("NM1", 20, "2010", "8", elements=(ElementError(9, "7"),))
        return SetAcknowledgment("837", one.control_number, REJECTED, one.guide, (SEGMENT_IN_ERROR,), (error,))
    return SetAcknowledgment("837", one.control_number, ACCEPTED, one.guide)


def answer_claims(one: ReceivedSet, verdicts: list[Verdict], reference: str) -> Iterator[ClaimStatusSet]:
    """A 277CA for each payer of the set, with its word on each claim; the clearinghouse speaks for the payers that stay silent."""
    spoken = [verdict for verdict in verdicts if verdict.code is not None and verdict.code != RECEIVED_ONLY]
    by_payer: dict[str, list[Verdict]] = {}
    for verdict in spoken:
        by_payer.setdefault(verdict.billed.subscriber.payer.id, []).append(verdict)
    for number, (payer_id, group) in enumerate(by_payer.items(), start=1):
        payer = group[0].billed.subscriber.payer
        source = Party("PR", "2", payer.name, id_qualifier="PI", id=payer_id)
        yield _status_set(one, source, group, f"{reference}{number:02d}")
    waiting = [verdict for verdict in verdicts if verdict.code == RECEIVED_ONLY]
    if waiting:
        receiver = one.header.receiver
        source = Party("AY", "2", receiver.name, id_qualifier="46", id=receiver.id)
        yield _status_set(one, source, waiting, f"{reference}00")


def _status_set(one: ReceivedSet, source: Party, verdicts: list[Verdict], reference: str) -> ClaimStatusSet:
    header = one.header
    day = header.created.date()
    submitter = Party(
        "41",
        header.submitter.kind,
        header.submitter.name,
        header.submitter.first,
        id_qualifier="46",
        id=header.submitter.id,
    )
    by_provider: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_provider.setdefault(verdict.billed.billing.party.id, []).append(verdict)
    providers = tuple(_provider(one, group) for group in by_provider.values())
    level = LevelStatus(
        trace=header.reference,
        statuses=(_level_status(one, verdicts),),
        quantities=_counts(verdicts, "90", "AA"),
        amounts=_totals(verdicts),
    )
    return ClaimStatusSet(
        reference=reference,
        created=header.created,
        sources=(
            SourceAcknowledgment(source, reference, day, day, (ReceiverAcknowledgment(submitter, level, providers),)),
        ),
    )


def _level_status(one: ReceivedSet, verdicts: list[Verdict]) -> Status:
    total = sum((verdict.billed.claim.charge for verdict in verdicts), Decimal(0))
    return Status((FORWARDED,), effective=one.header.created.date(), action="WQ", amount=total)


def _counts(verdicts: list[Verdict], accepted: str, rejected: str) -> tuple[Quantity, ...]:
    good = sum(not _is_refused(verdict) for verdict in verdicts)
    counts = ((accepted, good), (rejected, len(verdicts) - good))
    return tuple(Quantity(qualifier, Decimal(count)) for qualifier, count in counts if count)


def _totals(verdicts: list[Verdict]) -> tuple[Amount, ...]:
    good = sum((one.billed.claim.charge for one in verdicts if not _is_refused(one)), Decimal(0))
    bad = sum((one.billed.claim.charge for one in verdicts if _is_refused(one)), Decimal(0))
    return tuple(Amount(qualifier, amount) for qualifier, amount in (("YU", good), ("YY", bad)) if amount)


def _is_refused(verdict: Verdict) -> bool:
    return verdict.code not in {TAKEN, RECEIVED_ONLY}


def _provider(one: ReceivedSet, verdicts: list[Verdict]) -> ProviderAcknowledgment:
    billing = verdicts[0].billed.billing.party
    provider = Party("85", billing.kind, billing.name, billing.first, id_qualifier=billing.id_qualifier, id=billing.id)
    level = LevelStatus(
        trace=NO_TRACE,
        statuses=(replace(_level_status(one, verdicts), effective=None),),  # no date at this level
        quantities=_counts(verdicts, "QA", "QC"),
        amounts=_totals(verdicts),
    )
    return ProviderAcknowledgment(provider, level, tuple(_patient(one, verdict) for verdict in verdicts))


def _patient(one: ReceivedSet, verdict: Verdict) -> PatientAcknowledgment:
    claim, person = verdict.billed.claim, verdict.billed.patient
    member = verdict.billed.subscriber.party
    name = person.party if person else member
    patient = Party("QC", "1", name.name, name.first, name.middle, id_qualifier="MI", id=member.id)
    code = verdict.code or RECEIVED_ONLY
    action = "U" if _is_refused(verdict) else "WQ"
    status = Status((code,), effective=one.header.created.date(), action=action, amount=claim.charge)
    references = (Reference("1K", verdict.payer_claim_number),) if verdict.payer_claim_number else ()
    days = [line.service_dates for line in claim.lines if line.service_dates]
    statement = next((dated for dated in claim.dates if dated.qualifier == "434"), None)
    dates: tuple[Dated, ...] = ()
    if statement and statement.start:
        dates = (Dated("472", statement.start, statement.end or statement.start),)
    elif days:
        dates = (Dated("472", min(day[0] for day in days), max(day[1] for day in days)),)
    return PatientAcknowledgment(patient, (ClaimAcknowledgment(claim.control_number, (status,), references, dates),))


def as_sets(status_sets: list[ClaimStatusSet]) -> list[bytes]:
    """Each 277CA from ST to SE."""
    return [write_277ca(one, f"{number:04d}") for number, one in enumerate(status_sets, start=1)]


def status_group(received: Received, sets: list[bytes], control_number: int) -> Group:
    """The group that the 277CAs travel in."""
    first = received.sets[0].group
    return Group("HN", first.receiver, first.sender, received.created, control_number, GUIDE_277CA, sets)
