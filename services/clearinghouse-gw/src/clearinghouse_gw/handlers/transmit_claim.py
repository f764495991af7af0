"""Submissions leave as files, each once.

First the file gets its number and its members, in one transaction; then its bytes appear in the folder under a name made from that
number; then it is marked as sent and told. Whatever breaks in between, the name says whether it left: it is looked for before
anything is written.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from claimstream_kit.failpoints import failpoint
from claimstream_x12 import Finding

from ..domain.answers import Code, Verdict
from ..domain.batching import Route, batches, placed
from ..domain.exchange_file import ExchangeFile, prepare_file
from ..domain.submission import Submission
from ..events import acknowledged, transmitted
from ..mailbox import Mailbox, together
from ..rendering import refusals, render, sent_claims
from ..store import GatewayUnit

_MOST_AT_ONCE = 5000
_MOST_FILES_AT_ONCE = 16

AFTER_MARK = failpoint("gateway.after-mark", "a file is marked as sent, nobody has been told")


@dataclass
class Drafts:
    """The bytes of files that were rendered when they were prepared, so that they need not be rendered again to be sent.

    A file that another replica prepared, or this process before a crash, has none: the same members under the same number give the
    same bytes.
    """

    _kept: dict[tuple[ExchangeFile, tuple[UUID, ...]], bytes] = field(default_factory=dict)

    def keep(self, file: ExchangeFile, members: Sequence[Submission], data: bytes) -> None:
        """Keep a file's bytes until they are taken."""
        self._kept[_contents(file, members)] = data

    def take(self, file: ExchangeFile, members: Sequence[Submission]) -> bytes | None:
        """The bytes of exactly this file with exactly these members, if they were kept."""
        return self._kept.pop(_contents(file, members), None)

    def forget(self) -> None:
        """Everything that was prepared has been sent, or was not prepared after all."""
        self._kept.clear()


def _contents(file: ExchangeFile, members: Sequence[Submission]) -> tuple[ExchangeFile, tuple[UUID, ...]]:
    return file, tuple(member.submission_id for member in members)


async def prepare_files(
    unit: GatewayUnit, *, claims_per_file: int, claims_per_set: int, usage: str, drafts: Drafts | None = None
) -> int:
    """Give what is queued its place in files; what cannot be written is refused, and stops no other. How many files were made."""
    queued = await unit.submissions.queued(_MOST_AT_ONCE)
    wanted = list(batches(queued, largest=claims_per_file))
    numbers = await _control_numbers(unit, [route for route, _ in wanted])
    made = 0
    for (route, members), number in zip(wanted, numbers, strict=True):
        file = _file(unit, route, number)
        prepared = await asyncio.to_thread(_rendered, file, members, claims_per_set, usage)
        for submission, findings in prepared.refused:
            unit.submissions.put(submission.refuse())
            unit.publish(acknowledged(submission, _unwritable(findings), at=unit.clock.now()))
        if not prepared.members:
            continue
        unit.files.put(file)
        for member in prepared.members:
            unit.submissions.put(member)
        if drafts is not None:
            drafts.keep(file, prepared.members, prepared.data)
        made += 1
    return made


async def send_prepared(
    unit: GatewayUnit, mailbox: Mailbox, *, usage: str, drafts: Drafts | None = None
) -> list[ExchangeFile]:
    """Bring the oldest prepared files to the folder, or see that they are there already; none when nothing is left to send."""
    files = await unit.files.next_prepared(_MOST_FILES_AT_ONCE)
    outgoing = [await _outgoing(unit, file, drafts) for file in files]
    contents = await together(asyncio.to_thread(_put, mailbox, one, usage) for one in outgoing)
    return [await _mark(unit, one, data) for one, data in zip(outgoing, contents, strict=True)]


@dataclass(frozen=True)
class _Outgoing:
    """A prepared file with its members, and its bytes where they were kept; else the members have their documents."""

    file: ExchangeFile
    members: Sequence[Submission]
    draft: bytes | None


async def _outgoing(unit: GatewayUnit, file: ExchangeFile, drafts: Drafts | None) -> _Outgoing:
    members = await unit.submissions.of_file(file.practice_id, file.file_id)
    draft = drafts.take(file, members) if drafts is not None else None
    if draft is None:
        members = await unit.submissions.with_documents(members)
    return _Outgoing(file, members, draft)


async def _mark(unit: GatewayUnit, one: _Outgoing, data: bytes) -> ExchangeFile:
    sent = one.file.send(hashlib.sha256(data).hexdigest(), len(data), at=unit.clock.now())
    unit.files.put(sent)
    AFTER_MARK.reached()
    places = await asyncio.to_thread(sent_claims, data)
    for member, place in zip(one.members, places, strict=True):
        unit.submissions.put(member.send())
        unit.publish(transmitted(member, sent, place))
    return sent


def _put(mailbox: Mailbox, one: _Outgoing, usage: str) -> bytes:
    """The bytes that are in the folder under the file's name: those of before a crash, or new ones."""
    data = mailbox.sent(one.file.name)
    if data is None:
        data = one.draft if one.draft is not None else render(one.file, one.members, usage=usage)
        mailbox.archive(hashlib.sha256(data).hexdigest(), data)
        mailbox.send(one.file.name, data)
    else:
        mailbox.archive(hashlib.sha256(data).hexdigest(), data)
    return data


async def _control_numbers(unit: GatewayUnit, routes: Sequence[Route]) -> list[int]:
    """One number a file, in order; partners are locked in the order of their names."""
    wanted: dict[str, int] = {}
    for route in routes:
        wanted[route.receiver_id] = wanted.get(route.receiver_id, 0) + 1
    given = {receiver: iter(await unit.next_control_numbers(receiver, wanted[receiver])) for receiver in sorted(wanted)}
    return [next(given[route.receiver_id]) for route in routes]


def _file(unit: GatewayUnit, route: Route, control_number: int) -> ExchangeFile:
    return prepare_file(
        route.practice_id,
        route.kind,
        submitter_id=route.submitter_id,
        receiver_id=route.receiver_id,
        control_number=control_number,
        at=unit.clock.now(),
    )


@dataclass(frozen=True)
class _Rendered:
    """A file's members at their places with their bytes, and who cannot be in it."""

    members: Sequence[Submission]
    data: bytes
    refused: Sequence[tuple[Submission, tuple[Finding, ...]]] = ()


def _rendered(file: ExchangeFile, wanted: Sequence[Submission], claims_per_set: int, usage: str) -> _Rendered:
    """All of them at once; only where that fails is each one tried alone."""
    members = placed(wanted, file.file_id, claims_per_set=claims_per_set)
    try:
        return _Rendered(members, render(file, members, usage=usage))
    except Exception:
        against = [(submission, refusals(submission, usage=usage)) for submission in wanted]
        refused = [(submission, findings) for submission, findings in against if findings]
        if not refused:
            raise
    members = placed(
        [submission for submission, findings in against if not findings], file.file_id, claims_per_set=claims_per_set
    )
    return _Rendered(members, render(file, members, usage=usage) if members else b"", refused)


def _unwritable(findings: Sequence[Finding]) -> Verdict:
    """Places and rules, never the data itself: a message is read by people without a right to the claim."""
    return Verdict(
        level="gateway",
        accepted=False,
        message="; ".join(dict.fromkeys(f"{finding.place}: {finding.code}" for finding in findings))[:1000],
        remedy="Correct the claim where the message says and submit it again; it never left.",
        codes=tuple(Code(code=finding.code, place=str(finding.place)) for finding in findings[:20]),
    )
