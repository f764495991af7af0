"""A file that goes out or came in."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from uuid import UUID

from claimstream_schemas.values.claim_kinds import kind_of
from claimstream_schemas.values.identifiers import id_of

Direction = Literal["outbound", "inbound"]
FileState = Literal["prepared", "sent", "processed", "duplicate", "refused"]
InterchangeAnswer = Literal["accepted", "rejected"]
GroupAnswer = Literal["accepted", "partly", "rejected"]

RefusalCause = Literal["obstacle", "unreadable", "too-large", "deadly", "gateway-failed", "envelope", "no-usable-set"]

NO_PRACTICE = "-"
"""Whose an inbound file is, and a set that can be tied to no practice, or is several practices'."""

_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


@dataclass(frozen=True)
class ExchangeFile:
    """A file and what became of it. An outbound one has its control number before it has bytes."""

    practice_id: str
    file_id: UUID
    direction: Direction
    name: str
    kind: str
    state: FileState
    partner_id: str
    submitter_id: str
    created_at: datetime
    control_number: int | None = None
    digest: str | None = None
    size: int | None = None
    changed_ns: int | None = None
    settled_at: datetime | None = None
    interchange_answer: InterchangeAnswer | None = None
    group_answer: GroupAnswer | None = None
    reason: str | None = None
    remedy: str | None = None
    findings: tuple[str, ...] = ()
    copy_of: UUID | None = None  # of a duplicate the file whose sets it has
    cause: RefusalCause | None = None  # why it has just been refused, for logs and metrics; not kept

    def send(self, digest: str, size: int, *, at: datetime) -> "ExchangeFile":
        """Its bytes are in the folder."""
        return replace(self, state="sent", digest=digest, size=size, settled_at=at)


def prepare_file(  # noqa: PLR0913  a file is made of this many facts
    practice_id: str, kind: str, *, submitter_id: str, receiver_id: str, control_number: int, at: datetime
) -> ExchangeFile:
    """A file that has its number and its members, and is not written yet."""
    return ExchangeFile(
        practice_id=practice_id,
        file_id=id_of("file", practice_id, "outbound", receiver_id, control_number),
        direction="outbound",
        name=f"{control_number:09d}.{_UNSAFE.sub('-', receiver_id)}.837",
        kind=kind_of(kind).set_name,
        state="prepared",
        partner_id=receiver_id,
        submitter_id=submitter_id,
        control_number=control_number,
        created_at=at.replace(second=0, microsecond=0),  # ISA10 and GS05 have no seconds
    )


def batch_reference(control_number: int, set_number: int) -> str:
    """BHT03 of one set: what a 277CA gives back as the batch's trace."""
    return f"{control_number:09d}{set_number:04d}"


def read_batch_reference(text: str) -> tuple[int, int] | None:
    """(control number, set) of a batch's trace that we could have sent; None otherwise."""
    text = text.strip()
    if len(text) != 13 or not (text.isascii() and text.isdigit()):  # noqa: PLR2004  nine digits and four
        return None
    return int(text[:9]), int(text[9:])


def inbound_file(  # noqa: PLR0913  a file is made of this many facts
    name: str, digest: str, *, size: int, changed_ns: int, kind: str, partner_id: str, submitter_id: str, at: datetime
) -> ExchangeFile:  # fmt: skip
    """A file that came in: no practice's, its sets are. The same name with other bytes, or written again, is another one."""
    return ExchangeFile(
        practice_id=NO_PRACTICE,
        file_id=id_of("file", NO_PRACTICE, "inbound", digest, name, changed_ns),
        direction="inbound",
        name=name,
        kind=kind,
        state="processed",
        partner_id=partner_id,
        submitter_id=submitter_id,
        created_at=at,
        settled_at=at,
        digest=digest,
        size=size,
        changed_ns=changed_ns,
    )
