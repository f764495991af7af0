"""A prepared file as bytes: the same members and the same control number give the same bytes. Pure, and slow enough for a thread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from claimstream_schemas import ClaimSubmitted
from claimstream_schemas.values.claim_kinds import kind_of_set
from claimstream_x12 import Envelope, Finding, Group, NotWritable, TransactionSet, X12Reader, write_interchange
from claimstream_x12.claim_837 import ClaimSet, write_claims

from .claim_records import billed_claim, claim_header
from .domain.exchange_file import ExchangeFile, batch_reference, prepare_file
from .domain.submission import Submission

_ENDS_A_CLAIM = frozenset({"HL", "CLM"})


@dataclass(frozen=True)
class SentClaim:
    """Where one claim stands in a file, and its own segments."""

    control_number: str
    set_control_number: str
    segments: tuple[str, ...]


def refusals(submission: Submission, *, usage: str) -> tuple[Finding, ...]:
    """Why a submission cannot be written, or nothing: it is written alone, in a file of its own that nobody sees."""
    alone = replace(submission, set_number=1, place=1)
    file = prepare_file(
        alone.practice_id,
        alone.kind,
        submitter_id=alone.submitter_id,
        receiver_id=alone.receiver_id,
        control_number=1,
        at=alone.heard_at,
    )
    try:
        render(file, [alone], usage=usage)
    except NotWritable as refused:
        return refused.findings
    except Exception as error:  # noqa: BLE001  a submission that breaks the writer must stop no other
        return (Finding("unwritable", f"it cannot be made into X12 records: {type(error).__name__}"),)
    return ()


def render(file: ExchangeFile, members: Sequence[Submission], *, usage: str) -> bytes:
    """The interchange with one group and the sets that its members were given."""
    if file.control_number is None:
        raise ValueError("a file is rendered with its control number")
    ordered = sorted(members, key=lambda one: one.place or 0)
    created = file.created_at.replace(tzinfo=None)
    sets = [
        _render_set(file, number or 0, list(of_set))
        for number, of_set in groupby(ordered, key=lambda one: one.set_number)
    ]
    guide = kind_of_set(file.kind).guide
    envelope = Envelope("ZZ", file.submitter_id, "ZZ", file.partner_id, created, file.control_number, usage)
    group = Group("HC", file.submitter_id, file.partner_id, created, file.control_number, guide, sets)
    return write_interchange(envelope, [group])


def set_control_number(number: int) -> str:
    """ST02."""
    return f"{number:04d}"


def sent_claims(data: bytes) -> list[SentClaim]:
    """The claims of a file of ours, in its order, read back from its bytes: each from its CLM to its last segment."""
    return [claim for one_set in X12Reader(data).sets() for claim in _claims_of(one_set)]


def _claims_of(one_set: TransactionSet) -> Iterator[SentClaim]:
    control_number = ""
    segments: list[str] = []
    for segment in one_set:
        if segment.id in _ENDS_A_CLAIM:
            if segments:
                yield SentClaim(control_number, one_set.control_number, tuple(segments))
            control_number, segments = segment[1], []
        if segments or segment.id == "CLM":
            segments.append(segment.text)
    if segments:
        yield SentClaim(control_number, one_set.control_number, tuple(segments))


def _render_set(file: ExchangeFile, number: int, members: list[Submission]) -> bytes:
    events = [ClaimSubmitted.model_validate(one.document) for one in members]
    reference = batch_reference(file.control_number or 0, number)
    header = claim_header(events[0], reference=reference, created=file.created_at)
    claims = tuple(billed_claim(event) for event in events)
    return write_claims(ClaimSet(header, claims), set_control_number(number))
