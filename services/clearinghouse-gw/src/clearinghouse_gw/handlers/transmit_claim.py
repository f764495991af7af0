"""Submissions leave as files, each once.

First the file gets its number and its members, in one transaction; then its bytes appear in the folder under a name made from that
number; then it is marked as sent and told. Whatever breaks in between, the name says whether it left: it is looked for before
anything is written.
"""

import asyncio
import hashlib
from collections.abc import Sequence

from claimstream_kit.failpoints import failpoint
from claimstream_x12 import Finding

from ..domain.answers import Code, Verdict
from ..domain.batching import Route, batches, set_number
from ..domain.exchange_file import ExchangeFile, prepare_file
from ..domain.submission import Submission
from ..events import acknowledged, transmitted
from ..mailbox import Mailbox
from ..rendering import refusals, render, sent_claims
from ..store import GatewayUnit

_MOST_AT_ONCE = 5000

AFTER_MARK = failpoint("gateway.after-mark", "a file is marked as sent, nobody has been told")


async def prepare_files(unit: GatewayUnit, *, claims_per_file: int, claims_per_set: int, usage: str) -> int:
    """Give what is queued its place in files; what cannot be written is refused, and stops no other. How many files were made."""
    queued = await unit.submissions.queued(_MOST_AT_ONCE)
    against = await asyncio.to_thread(_refusals, queued, usage)
    for submission, findings in zip(queued, against, strict=True):
        if findings:
            unit.submissions.put(submission.refuse())
            unit.publish(acknowledged(submission, _unwritable(findings), at=unit.clock.now()))
    writable = [submission for submission, findings in zip(queued, against, strict=True) if not findings]
    made = list(batches(writable, largest=claims_per_file))
    numbers = await _control_numbers(unit, [route for route, _ in made])
    for (route, members), number in zip(made, numbers, strict=True):
        _prepare(unit, route, members, number, claims_per_set=claims_per_set)
    return len(made)


async def send_next_file(unit: GatewayUnit, mailbox: Mailbox, *, usage: str) -> ExchangeFile | None:
    """Bring one prepared file to the folder, or see that it is there already; None when nothing is left to send."""
    file = await unit.files.next_prepared()
    if file is None:
        return None
    members = await unit.submissions.of_file(file.practice_id, file.file_id)
    data = await asyncio.to_thread(_put, mailbox, file, members, usage)
    digest = hashlib.sha256(data).hexdigest()
    sent = file.send(digest, len(data), at=unit.clock.now())
    unit.files.put(sent)
    AFTER_MARK.reached()
    places = await asyncio.to_thread(sent_claims, data)
    for member, place in zip(members, places, strict=True):
        unit.submissions.put(member.send())
        unit.publish(transmitted(member, sent, place))
    return sent


def _put(mailbox: Mailbox, file: ExchangeFile, members: Sequence[Submission], usage: str) -> bytes:
    """The bytes that are in the folder under the file's name: those of before a crash, or new ones."""
    data = mailbox.sent(file.name)
    if data is None:
        data = render(file, members, usage=usage)
        mailbox.archive(hashlib.sha256(data).hexdigest(), data)
        mailbox.send(file.name, data)
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


def _prepare(
    unit: GatewayUnit, route: Route, members: Sequence[Submission], control_number: int, *, claims_per_set: int
) -> None:
    file = prepare_file(
        route.practice_id,
        route.kind,
        submitter_id=route.submitter_id,
        receiver_id=route.receiver_id,
        control_number=control_number,
        at=unit.clock.now(),
    )
    unit.files.put(file)
    for place, member in enumerate(members, start=1):
        unit.submissions.put(member.prepare(file.file_id, set_number(place, largest=claims_per_set), place))


def _refusals(queued: Sequence[Submission], usage: str) -> list[tuple[Finding, ...]]:
    return [refusals(submission, usage=usage) for submission in queued]


def _unwritable(findings: Sequence[Finding]) -> Verdict:
    """Places and rules, never the data itself: a message is read by people without a right to the claim."""
    return Verdict(
        level="gateway",
        accepted=False,
        message="; ".join(dict.fromkeys(f"{finding.place}: {finding.code}" for finding in findings))[:1000],
        remedy="Correct the claim where the message says and submit it again; it never left.",
        codes=tuple(Code(code=finding.code, place=str(finding.place)) for finding in findings[:20]),
    )
