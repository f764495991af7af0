"""The bytes of an inbound file to what they say, set by set. Pure, and slow enough for a thread; nothing in a file raises."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import BinaryIO

from claimstream_x12 import Finding, TransactionSet, X12Reader
from claimstream_x12.acknowledgment_999 import GroupAcknowledgment, read_999
from claimstream_x12.claim_status_277ca import ClaimStatusSet, read_277ca
from claimstream_x12.interchange_ta1 import InterchangeAcknowledgment, read_ta1
from claimstream_x12.remittance_835 import ClaimPayment, ProviderAdjustment, RemittanceHeader, RemittanceReader
from pydantic import ValidationError

from .remittance_findings import deciding, without_unread_amounts
from .spooling import Spool

MOST_FINDINGS = 50


@dataclass(frozen=True)
class Plan:
    """How a remittance is told whose claims are not held in memory, worked out before a database waits for it."""

    ends: tuple[int, ...] = ()  # behind which claim each chunk ends
    total: Decimal = Decimal(0)  # of CLP04
    notes: tuple[str, ...] = ()
    error: ValidationError | None = None  # it cannot be told


@dataclass(frozen=True)
class Remittance:
    """An 835 set, as far as it is told; its claims may be many, and are read again each time that they are asked for."""

    header: RemittanceHeader
    claims: Collection[ClaimPayment]
    provider_adjustments: tuple[ProviderAdjustment, ...]
    plan: Plan | None = None


Content = GroupAcknowledgment | ClaimStatusSet | InterchangeAcknowledgment | Remittance

ASK_AGAIN = "Ask the partner to send it again; what was read of it before stays as it is."


@dataclass(frozen=True)
class ReadSet:
    """One transaction set, or one TA1, as it was understood; `problem` says why it is of no use."""

    number: int  # position in the file, from 1
    kind: str  # 999, 277CA, 835, TA1, or ST01 where the gateway has no use for it
    control_number: str  # ST02
    digest: str
    sender: str  # ISA06
    receiver: str  # ISA08
    content: Content | None = None
    problem: str | None = None
    remedy: str | None = None
    findings: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()  # TA1, verbatim


@dataclass(frozen=True)
class ReadFile:
    """A whole file; `problem` says what is wrong with its envelope."""

    sender: str
    receiver: str
    sets: tuple[ReadSet, ...]
    control_number: str = ""  # ISA13 of its first interchange
    findings: tuple[str, ...] = ()
    problem: str | None = None

    @property
    def kind(self) -> str:
        """The kinds of its sets, each once."""
        return "+".join(sorted({one.kind for one in self.sets})) or "unknown"


def read_file(data: bytes | BinaryIO) -> ReadFile:
    """Read it once from front to back; a set counts only when its interchange came whole."""
    reader, spool = X12Reader(data), Spool()
    read = [(one_set, _read_set(one_set, number, spool)) for number, one_set in enumerate(reader.sets(), start=1)]
    sets = [_with_envelope(one_set, result) for one_set, result in read]
    for number, (header, segment) in enumerate(reader.acknowledgments, start=len(sets) + 1):
        text = segment.text
        sets.append(
            ReadSet(
                number=number,
                kind="TA1",
                control_number=header.control_number,
                digest=_digest_of_sender(header.sender, text),
                sender=header.sender,
                receiver=header.receiver,
                content=read_ta1(segment),
                segments=(text,),
            )
        )
    errors = [str(finding) for finding in reader.findings if finding.is_error]
    problem = "; ".join(errors[:3]) or (None if sets else "there is no transaction set and no TA1 in it")
    first = reader.interchanges[0].header if reader.interchanges else None
    return ReadFile(
        sender=first.sender if first else "",
        receiver=first.receiver if first else "",
        control_number=first.control_number if first else "",
        sets=tuple(sets),
        findings=_shown(reader.findings),
        problem=problem,
    )


def _digest_of_sender(sender: str, text: str) -> str:
    """What a sender says: two partners who take our first file say the same words, and mean different files."""
    return hashlib.sha256(f"{sender}\x1e{text}".encode()).hexdigest()


def _shown(findings: Collection[Finding]) -> tuple[str, ...]:
    return tuple(str(finding) for finding in tuple(findings)[:MOST_FINDINGS])


def _read_remittance(one_set: TransactionSet, spool: Spool) -> tuple[Remittance, tuple[Finding, ...]]:
    reader = RemittanceReader(one_set)
    claims = spool.keep(reader.payments())
    findings = reader.findings
    claims = without_unread_amounts(claims, findings)
    return Remittance(reader.header, claims, tuple(reader.provider_adjustments)), findings


def _read_set(one_set: TransactionSet, number: int, spool: Spool) -> ReadSet:
    result = ReadSet(
        number=number,
        kind=one_set.code,
        control_number=one_set.control_number,
        digest="",
        sender=one_set.interchange.sender,
        receiver=one_set.interchange.receiver,
    )
    digest = None
    match one_set.code:
        case "999":
            group, findings = read_999(one_set)
            result = replace(result, content=group)
            digest = _digest_of_sender(one_set.interchange.sender, one_set.digest)
        case "277":
            status_set, findings = read_277ca(one_set)
            result = replace(result, kind="277CA", content=status_set)
        case "835":
            remittance, findings = _read_remittance(one_set, spool)
            result = replace(result, content=remittance)
            if unusable := deciding(findings):
                result = replace(result, problem=str(unusable), remedy=ASK_AGAIN)
        case _:
            for _segment in one_set:
                pass
            findings = tuple(one_set.findings)
            result = replace(result, problem=f"a set {one_set.code} is of no use here", remedy="Nothing is to be done.")
    return replace(result, digest=digest or one_set.digest, findings=_shown(findings))


def _with_envelope(one_set: TransactionSet, result: ReadSet) -> ReadSet:
    """A set that did not come whole, or whose interchange did not, is refused."""
    if not one_set.sound:
        problem = "; ".join(str(finding) for finding in one_set.findings)
    elif not one_set.envelope.sound:
        problem = "; ".join(str(finding) for finding in one_set.envelope.findings if finding.is_error)
    else:
        return result
    return replace(result, problem=problem or "its interchange did not come whole", remedy=ASK_AGAIN, content=None)
