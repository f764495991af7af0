"""A TA1, a 999 or a 277CA came: it is tied to the file and the submissions that it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

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
from ..domain.exchange_file import ExchangeFile, GroupAnswer, read_batch_reference
from ..domain.submission import Submission
from ..events import acknowledged, file_acknowledged
from ..inbound_reading import ReadSet
from ..rendering import set_control_number
from ..store import GatewayUnit
from .receive_remittance import Told

_PAYER = "PR"
_INTO_ADJUDICATION = frozenset({"A2", "A5"})
_NOT_OURS = "Ask the partner which file it answers; none of ours has this number."


async def receive_ta1(
    unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, answer: InterchangeAcknowledgment
) -> Told:
    """The partner took the interchange, or refused it whole."""
    ours = await _file_with(unit, one_set, answer.control_number)
    if ours is None:
        return Told(reason=f"it answers ISA13 {answer.control_number}, which we did not send", remedy=_NOT_OURS)
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


async def receive_999(unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, answer: GroupAcknowledgment) -> Told:
    """The partner read the sets of a file: each is accepted, or refused with every claim in it."""
    ours = await _file_with(unit, one_set, answer.control_number)
    if ours is None:
        return Told(reason=f"it answers GS06 {answer.control_number}, which we did not send", remedy=_NOT_OURS)
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


async def receive_277ca(unit: GatewayUnit, file: ExchangeFile, one_set: ReadSet, answer: ClaimStatusSet) -> Told:
    """Claims were taken into adjudication or refused; a level above them may refuse all below it."""
    batches = {outcome.batch for outcome in claim_outcomes(answer)} | {one.batch for one in batch_refusals(answer)}
    files = {batch: await _file_of_batch(unit, one_set, batch) for batch in sorted(batches)}
    practices = {found.practice_id for found in files.values() if found is not None}
    named = practices.pop() if len(practices) == 1 else None
    practice = named or await unit.practice_of(submitter=one_set.receiver)
    if practice is None:
        return Told(
            reason=f"no practice of ours is known to the partner as {one_set.receiver}",
            remedy="Load the practice, then drop the file again.",
        )
    outcomes = list(claim_outcomes(answer))
    numbers = [number for one in outcomes if (number := read_control_number(one.claim.control_number))]
    sent = await unit.submissions.with_control_numbers(practice, numbers)
    at = unit.clock.now()
    told, unknown, listed = 0, 0, set()
    for outcome in outcomes:
        submission = _submission_of(outcome, sent, files[outcome.batch])
        if submission is None:
            unknown += 1
            continue
        listed.add(submission.submission_id)
        unit.publish(acknowledged(submission, _status_verdict(outcome), at=at, file=file))
        told += 1
    for refusal in batch_refusals(answer):
        for member in await _unlisted(unit, refusal, files[refusal.batch]):
            if member.submission_id not in listed:
                unit.publish(acknowledged(member, _batch_verdict(refusal), at=at, file=file))
                told += 1
    reason = f"{unknown} of its claims are not ours" if unknown else None
    if unknown and not told:
        return Told(practice, reason=reason, remedy=_NOT_OURS)
    return Told(practice, told, reason=reason)


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
    outcome: ClaimOutcome, sent: dict[str, list[Submission]], file: ExchangeFile | None
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
