"""A TA1, a 999 or a 277CA came: it is tied to the file and the submissions that it answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claimstream_schemas.values.identifiers import read_control_number
from claimstream_x12.acknowledgment_999 import GroupAcknowledgment, SetAcknowledgment
from claimstream_x12.claim_status_277ca import (
    BatchRefusal,
    ClaimOutcome,
    ClaimStatusSet,
    Status,
    batch_refusals,
    claim_outcomes,
)
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment

from ..domain.answers import Code, Verdict, status_message, status_remedy
from ..domain.exchange_file import NO_PRACTICE, ExchangeFile, GroupAnswer, read_batch_reference
from ..domain.submission import Submission
from ..events import acknowledged, file_acknowledged
from ..inbound_reading import ReadSet
from ..rendering import set_control_number
from ..store import GatewayUnit
from .receive_remittance import Told

_PAYER = "PR"
_INTO_ADJUDICATION = frozenset({"A2", "A5"})
NOT_OURS = "Ask the partner which file it answers; none of ours has this number."


@dataclass(frozen=True)
class Answered:
    """What of ours an answer is about, and whose that is: nobody's (`reason` says why), or `-` where it is several practices'."""

    practice_id: str | None
    reason: str | None = None
    file: ExchangeFile | None = None
    """That a TA1 or 999 answers."""
    batches: Mapping[str, ExchangeFile | None] = field(default_factory=dict)
    """That a 277CA answers, by its references."""
    claims: Mapping[str, Sequence[Submission]] = field(default_factory=dict)
    """That a 277CA answers, by control number."""


async def what_it_answers(unit: GatewayUnit, one_set: ReadSet) -> Answered:
    """Not the envelope says whose an answer is: what it answers does."""
    match one_set.content:
        case InterchangeAcknowledgment():
            return await _file_answered(unit, one_set, "ISA13", one_set.content.control_number)
        case GroupAcknowledgment():
            return await _file_answered(unit, one_set, "GS06", one_set.content.control_number)
        case ClaimStatusSet():
            return await _claims_answered(unit, one_set, one_set.content)
        case _:
            return Answered(None, f"a set {one_set.kind} is of no use here")


async def receive_answer(unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, answered: Answered) -> Told:
    """Tell what it says of what it answers."""
    if isinstance(one_set.content, ClaimStatusSet):
        return await _receive_277ca(unit, file, one_set.content, answered)
    if isinstance(one_set.content, InterchangeAcknowledgment) and answered.file is not None:
        return await _receive_ta1(unit, file, one_set, one_set.content, answered.file)
    if isinstance(one_set.content, GroupAcknowledgment) and answered.file is not None:
        return await _receive_999(unit, file, one_set.content, answered.file)
    return Told(reason=answered.reason, remedy=NOT_OURS)


async def _file_answered(unit: GatewayUnit, one_set: ReadSet, element: str, control_number: str) -> Answered:
    ours = await _file_with(unit, one_set, control_number)
    if ours is None:
        return Answered(None, f"it answers {element} {control_number}, which we did not send")
    return Answered(ours.practice_id, file=ours)


async def _claims_answered(unit: GatewayUnit, one_set: ReadSet, answer: ClaimStatusSet) -> Answered:
    outcomes = list(claim_outcomes(answer))
    named = {outcome.batch for outcome in outcomes} | {one.batch for one in batch_refusals(answer)}
    batches = {batch: await _file_of_batch(unit, one_set, batch) for batch in sorted(named)}
    numbers = [number for one in outcomes if (number := read_control_number(one.claim.control_number))]
    claims = await unit.submissions.with_control_numbers(None, numbers)
    owners = {found.practice_id for found in batches.values() if found is not None}
    owners |= {one.practice_id for sent in claims.values() for one in sent}
    if not owners:
        return Answered(None, "none of the files and claims that it answers is ours")
    return Answered(owners.pop() if len(owners) == 1 else NO_PRACTICE, batches=batches, claims=claims)


async def _receive_ta1(
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, answer: InterchangeAcknowledgment, ours: ExchangeFile
) -> Told:
    """The partner took the interchange, or refused it whole."""
    members = await unit.submissions.of_file(ours.practice_id, ours.file_id)
    at = unit.clock.now()
    if answer.accepted:
        events = list(file_acknowledged(ours, "TA1", members, at=at)) if ours.interchange_answer is None else []
        for event in events:
            unit.publish(event)
        unit.files.put(replace(ours, interchange_answer=ours.interchange_answer or "accepted"))
        return Told(ours.practice_id, len(events))
    verdict = Verdict(
        level="ta1",
        accepted=False,
        message=f"the partner refused the file {ours.name} at its envelope (TA105 {answer.note})",
        remedy="Correct the partner's settings with its help and submit the claims again; none was filed.",
        codes=(Code(code=answer.note, place="ISA"),),
        segments=one_set.segments,
    )
    for member in members:
        unit.publish(acknowledged(member, verdict, at=at, file=file))
    unit.files.put(replace(ours, interchange_answer="rejected"))
    return Told(ours.practice_id, len(members))


async def _receive_999(unit: GatewayUnit, file: ExchangeFile, answer: GroupAcknowledgment, ours: ExchangeFile) -> Told:
    """The partner read the sets of a file: each is accepted, or refused with every claim in it."""
    members = await unit.submissions.of_file(ours.practice_id, ours.file_id)
    accepts = {
        number: answer.accepts(set_control_number(number)) for number in {one.set_number or 0 for one in members}
    }
    taken = [one for one in members if accepts[one.set_number or 0]]
    refused = [one for one in members if not accepts[one.set_number or 0]]
    at = unit.clock.now()
    events = list(file_acknowledged(ours, "999", taken, at=at)) if ours.group_answer is None else []
    for event in events:
        unit.publish(event)
    of_set = {one.control_number.lstrip("0"): one for one in answer.sets}
    for member in refused:
        found = of_set.get(str(member.set_number))
        unit.publish(acknowledged(member, _syntax_verdict(answer, found), at=at, file=file))
    said: GroupAnswer = "accepted" if not refused else "partly" if taken else "rejected"
    unit.files.put(replace(ours, group_answer=said))
    return Told(ours.practice_id, len(events) + len(refused))


async def _receive_277ca(unit: GatewayUnit, file: ExchangeFile, answer: ClaimStatusSet, answered: Answered) -> Told:
    """Claims were taken into adjudication or refused; a level above them may refuse all below it."""
    at = unit.clock.now()
    told, unknown, listed = 0, 0, set()
    for outcome in claim_outcomes(answer):
        submission = _submission_of(outcome, answered.claims, answered.batches[outcome.batch])
        if submission is None:
            unknown += 1
            continue
        listed.add(submission.submission_id)
        unit.publish(acknowledged(submission, _status_verdict(outcome), at=at, file=file))
        told += 1
    for refusal in batch_refusals(answer):
        for member in await _unlisted(unit, refusal, answered.batches[refusal.batch]):
            if member.submission_id not in listed:
                unit.publish(acknowledged(member, _batch_verdict(refusal), at=at, file=file))
                told += 1
    reason = f"{unknown} of its claims are not ours" if unknown else None
    if unknown and not told:
        return Told(answered.practice_id, reason=reason, remedy=NOT_OURS)
    return Told(answered.practice_id, told, reason=reason)


async def _file_with(unit: GatewayUnit, one_set: ReadSet, control_number: str) -> ExchangeFile | None:
    text = control_number.strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return await unit.files.sent_as(one_set.sender, one_set.receiver, int(text))


async def _file_of_batch(unit: GatewayUnit, one_set: ReadSet, batch: str) -> ExchangeFile | None:
    reference = read_batch_reference(batch)
    return await unit.files.sent_as(one_set.sender, one_set.receiver, reference[0]) if reference else None


async def _unlisted(unit: GatewayUnit, refusal: BatchRefusal, file: ExchangeFile | None) -> list[Submission]:
    """The members of the set that is refused; of one provider when only that one is."""
    reference = read_batch_reference(refusal.batch)
    if file is None or reference is None:
        return []
    members = await unit.submissions.of_file(file.practice_id, file.file_id)
    of_set = [one for one in members if one.set_number == reference[1]]
    if refusal.provider is None:
        return of_set
    whole = await unit.submissions.with_documents(of_set)
    return [one for one in whole if one.document["billing_provider"]["npi"] == refusal.provider.id]


def _submission_of(
    outcome: ClaimOutcome, sent: Mapping[str, Sequence[Submission]], file: ExchangeFile | None
) -> Submission | None:
    """The submission that was in the answered file, else the latest to this payer, else the latest."""
    ours = sent.get(read_control_number(outcome.claim.control_number) or "", [])
    of_file = [one for one in ours if file is not None and one.file_id == file.file_id]
    to_payer = [one for one in ours if one.payer_x12_id == outcome.source.id]
    return next(iter(of_file or to_payer or ours), None)


def _status_verdict(outcome: ClaimOutcome) -> Verdict:
    codes = tuple(_codes(outcome.statuses))
    by_payer = outcome.source.role == _PAYER
    adjudicated = any(code.category in _INTO_ADJUDICATION for code in codes)
    return Verdict(
        level="277ca",
        accepted=outcome.accepted,
        message=status_message(codes),
        remedy=None if outcome.accepted else status_remedy(codes),
        payer_level=by_payer and (adjudicated or not outcome.accepted),
        codes=codes,
        payer_claim_number=outcome.claim.payer_control_number or None,
        segments=outcome.claim.segments,
    )


def _batch_verdict(refusal: BatchRefusal) -> Verdict:
    codes = tuple(_codes(refusal.status.statuses))
    return Verdict(
        level="277ca",
        accepted=False,
        message=f"all claims below loop {refusal.level} are refused: {status_message(codes)}",
        remedy=status_remedy(codes),
        payer_level=refusal.source.role == _PAYER,
        codes=codes,
        segments=refusal.status.segments,
    )


def _codes(statuses: Sequence[Status]) -> Iterable[Code]:
    for status in statuses:
        for code in status.codes:
            yield Code(code.category, code.status, code.entity or None)


def _syntax_verdict(answer: GroupAcknowledgment, one: SetAcknowledgment | None) -> Verdict:
    codes = tuple(_syntax_codes(answer, one))
    status = f"IK501 {one.status}" if one is not None else f"AK901 {answer.status}"
    said = "; ".join(f"{code.place}: {code.code}" for code in codes if code.place)
    return Verdict(
        level="999",
        accepted=False,
        message=f"the partner refused the set for its syntax ({status}){': ' + said if said else ''}"[:1000],
        remedy="Correct what is named and submit the claims again; none was filed.",
        codes=codes[:50],
        segments=one.segments[:200] if one is not None else (),
    )


def _syntax_codes(answer: GroupAcknowledgment, one: SetAcknowledgment | None) -> Iterable[Code]:
    if one is None:
        yield from (Code(code=code) for code in answer.codes)
        return
    for error in one.errors:
        place = f"segment {error.position}, {error.segment_id}{' in loop ' + error.loop if error.loop else ''}"
        if error.code:
            yield Code(code=error.code, place=place)
        for element in error.elements:
            number = f"{element.element:02d}" if element.element is not None else ""
            yield Code(code=element.code, place=f"{place}, {error.segment_id}{number}")
    yield from (Code(code=code) for code in one.codes)
