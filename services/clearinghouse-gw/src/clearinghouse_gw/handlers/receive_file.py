"""A file came in: it is kept, read, and each of its sets goes to who knows its kind. Once, whatever its name."""

from dataclasses import replace
from uuid import UUID

from claimstream_kit import Conflict, NotFound

from ..domain.exchange_file import NO_PRACTICE, ExchangeFile, RefusalCause, inbound_file
from ..inbound_reading import ASK_AGAIN, ReadFile, ReadSet, Remittance
from ..mailbox import Arrival
from ..readings import want_again
from ..remittances import payment_of
from ..store import GatewayUnit
from .receive_acknowledgment import NOT_OURS, receive_answer, what_it_answers
from .receive_remittance import ITS_COPY, Told, receive_remittance, receive_unclaimed, whose_remittance

_DECIDE = (
    "Who shares the payee's tax number may claim it (POST /files/{file}/sets/{set}/claim), the installation's operator may give it"
    " to whose it is (POST /installation/files/{file}/sets/{set}/claim); or load the practice, then drop the file again."
)


async def receive_file(unit: GatewayUnit, arrival: Arrival, digest: str, read: ReadFile) -> ExchangeFile:
    """Work on what is sound in it; what is not is refused with its reason, and stops no other set."""
    file = inbound_file(
        arrival.name,
        digest,
        size=arrival.size,
        changed_ns=arrival.changed_ns,
        kind=read.kind,
        partner_id=read.sender,
        submitter_id=read.receiver,
        at=unit.clock.now(),
    )
    known = await unit.files.get(file.practice_id, file.file_id)
    if known is not None:
        return known  # the answer to its commit was lost, or a restart has forgotten it: it is worked on already
    file = replace(file, findings=read.findings[:50])
    first = await unit.files.inbound_with_digest(digest)
    if first is not None:
        await _try_unclaimed(unit, first, read)
        reason = f"the same bytes came before as {first.name}"
        return _keep(unit, replace(file, state="duplicate", reason=reason, copy_of=first.file_id))
    outcomes = [await _receive_set(unit, file, one) for one in read.sets]
    if read.problem is not None:
        return _keep(unit, replace(file, state="refused", cause="envelope", reason=read.problem, remedy=ASK_AGAIN))
    refused = [outcome for outcome in outcomes if outcome is not None]
    if refused and len(refused) == len(read.sets):
        first_reason, remedy = refused[0].reason, refused[0].remedy
        return _keep(unit, replace(file, state="refused", cause="no-usable-set", reason=first_reason, remedy=remedy))
    return _keep(unit, file)


def refuse_file(unit: GatewayUnit, arrival: Arrival, digest: str, reason: str) -> ExchangeFile:
    """A file on which the gateway itself failed: kept and shown, so that it stops no other."""
    remedy = "Report this with the file's digest; drop the file again after the fix."
    return _refuse(unit, arrival, "gateway-failed", digest, reason, remedy)


def refuse_unreadable(unit: GatewayUnit, arrival: Arrival, error: str) -> ExchangeFile:
    """A file that the system does not let us open: shown, so that somebody sees to it and it stops no other."""
    remedy = "Let the gateway's account read the file, and write it again."
    return _refuse(unit, arrival, "unreadable", "", f"the file cannot be opened: {error}", remedy)


def refuse_obstacle(unit: GatewayUnit, arrival: Arrival) -> ExchangeFile:
    """What lies in the folder and is no file: shown once, and left alone."""
    remedy = "Take it out of the folder: files are taken as they are, and nothing is followed."
    return _refuse(unit, arrival, "obstacle", "", f"it is {arrival.obstacle}, not a file", remedy)


def refuse_too_large(unit: GatewayUnit, arrival: Arrival, largest: int) -> ExchangeFile:
    """A file beyond what is read: nothing of it was."""
    reason = f"the file has {arrival.size} bytes, more than the {largest} that are read"
    remedy = "Let the partner send it in parts; or raise CLAIMSTREAM_LARGEST_FILE and write it again."
    return _refuse(unit, arrival, "too-large", "", reason, remedy)


def put_aside(unit: GatewayUnit, arrival: Arrival) -> ExchangeFile:
    """A file that ended the process whenever it was read."""
    remedy = (
        "See what is in it, and how much memory there is; then POST /installation/files/{file}/retry, or take it away."
    )
    return _refuse(unit, arrival, "deadly", "", "the process ended twice while it read this file alone", remedy)


async def try_again(unit: GatewayUnit, file_id: UUID) -> None:
    """A file that was refused unread is looked at as if it were new."""
    file = await unit.files.get(NO_PRACTICE, file_id)
    if file is None:
        raise NotFound(f"no inbound file {file_id}")
    if file.state != "refused" or file.digest:
        raise Conflict(f"file {file_id} was read", remedy="drop it again under another name")
    unit.files.put(replace(file, changed_ns=None, remedy="It is tried again."))
    await want_again(unit, file.name)


def _refuse(  # noqa: PLR0913  a refusal is made of this many facts
    unit: GatewayUnit, arrival: Arrival, cause: RefusalCause, digest: str, reason: str, remedy: str
) -> ExchangeFile:
    file = inbound_file(
        arrival.name,
        digest,
        size=arrival.size,
        changed_ns=arrival.changed_ns,
        kind="unknown",
        partner_id="",
        submitter_id="",
        at=unit.clock.now(),
    )
    return _keep(unit, replace(file, state="refused", cause=cause, reason=reason, remedy=remedy))


def _keep(unit: GatewayUnit, file: ExchangeFile) -> ExchangeFile:
    unit.files.put(file)
    return file


async def _try_unclaimed(unit: GatewayUnit, first: ExchangeFile, read: ReadFile) -> None:
    """The same bytes again: what waited in them for a person is told, where its practice was loaded since."""
    waiting = await unit.unclaimed_sets(first)
    for one in read.sets:
        if one.number not in waiting or not isinstance(one.content, Remittance):
            continue
        found = await whose_remittance(unit, one.content)
        if found.practice_id is not None:
            await receive_unclaimed(unit, first, one, one.content, found.practice_id)


async def _receive_set(unit: GatewayUnit, file: ExchangeFile, one: ReadSet) -> Told | None:
    """What became of a refused set; None when it was worked on, waits for a person, or is a copy of one that was worked on."""
    if isinstance(one.content, Remittance):
        return await _receive_remittance(unit, file, one, one.content)
    return await _receive_answer(unit, file, one)


async def _receive_remittance(
    unit: GatewayUnit, file: ExchangeFile, one: ReadSet, remittance: Remittance
) -> Told | None:
    """It is the payee's, whatever the envelope says."""
    found = await whose_remittance(unit, remittance)
    if one.problem is not None:
        return _record(unit, file, one, Told(found.practice_id, reason=one.problem, remedy=one.remedy), state="refused")
    practice = found.practice_id
    if practice is None:
        return await _wait_for_a_person(unit, file, one, found.reason)
    if not await unit.set_is_new(practice, one.kind, one.digest):
        return _record(unit, file, one, Told(practice, reason=ITS_COPY), state="duplicate")
    return await _settle(unit, file, one, await receive_remittance(unit, file, one, remittance, practice))


async def _receive_answer(unit: GatewayUnit, file: ExchangeFile, one: ReadSet) -> Told | None:
    """It is theirs whose file or claims it answers; of several practices, or of none, nobody's."""
    if one.problem is not None:
        return _record(unit, file, one, Told(reason=one.problem, remedy=one.remedy), state="refused")
    answered = await what_it_answers(unit, one)
    if answered.practice_id is None:
        return _record(unit, file, one, Told(reason=answered.reason, remedy=NOT_OURS), state="refused")
    if not await unit.set_is_new(answered.practice_id, one.kind, one.digest):
        return _record(unit, file, one, Told(answered.practice_id, reason=ITS_COPY), state="duplicate")
    return await _settle(unit, file, one, await receive_answer(unit, file, one, answered))


async def _settle(unit: GatewayUnit, file: ExchangeFile, one: ReadSet, told: Told) -> Told | None:
    if told.reason is not None and not told.events:
        return _record(unit, file, one, told, state="refused")
    await unit.keep_set(told.practice_id or NO_PRACTICE, one.kind, one.digest)
    return _record(unit, file, one, told, state="processed")


async def _wait_for_a_person(unit: GatewayUnit, file: ExchangeFile, one: ReadSet, reason: str | None) -> Told | None:
    before = await unit.told_to(one.kind, one.digest)
    if before is not None:
        return _record(unit, file, one, Told(before, reason=ITS_COPY), state="duplicate")
    return _record(unit, file, one, Told(reason=reason, remedy=_DECIDE), state="unclaimed")


def _record(unit: GatewayUnit, file: ExchangeFile, one: ReadSet, told: Told, *, state: str) -> Told | None:
    waiting = one.content if state == "unclaimed" and isinstance(one.content, Remittance) else None
    unit.sets.add(
        practice=told.practice_id or NO_PRACTICE,
        file_id=file.file_id,
        number=one.number,
        kind=one.kind,
        control_number=one.control_number,
        digest=one.digest,
        state=state,
        reason=told.reason,
        remedy=told.remedy,
        told=told.events,
        remittance_id=told.remittance_id,
        trace_number=told.trace_number,
        payment=payment_of(waiting) if waiting else None,
    )
    return told if state == "refused" else None
