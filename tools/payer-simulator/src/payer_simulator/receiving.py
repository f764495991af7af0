"""An 837 file as its receiver sees it: the envelope's soundness, its groups and sets, and its claims."""

from dataclasses import dataclass
from datetime import datetime

from claimstream_x12 import GroupHeader, InterchangeHeader, X12Reader
from claimstream_x12.claim_837 import BilledClaim, ClaimHeader, ClaimReader


@dataclass(frozen=True)
class ReceivedSet:
    """One transaction set with its claims."""

    control_number: str
    guide: str
    group: GroupHeader
    header: ClaimHeader
    claims: tuple[BilledClaim, ...]
    sound: bool


@dataclass(frozen=True)
class Received:
    """A file: one interchange with its sets, or the reason (a TA1 note code) why it is none."""

    interchange: InterchangeHeader | None
    sets: tuple[ReceivedSet, ...]
    fault: str | None

    @property
    def created(self) -> datetime:
        """When its sender made it; answers are dated by it, so that they are the same whenever they are made."""
        if self.interchange is None or self.interchange.created is None:
            return datetime(2000, 1, 1, 12, 0)  # noqa: DTZ001 - X12 writes local times without a zone
        return self.interchange.created

    @property
    def claims(self) -> tuple[BilledClaim, ...]:
        """All claims of the file."""
        return tuple(billed for one in self.sets for billed in one.claims)


NO_INTERCHANGE = "024"
CUT_OFF = "023"
INVALID_CONTENT = "024"


def receive(content: bytes) -> Received:
    """Read a file to its end."""
    reader = X12Reader(content)
    sets = []
    for one in reader.sets():
        claims = ClaimReader(one)
        billed = tuple(read.billed for read in claims.claims())
        sets.append(
            ReceivedSet(one.control_number, claims.header.guide.value, one.group, claims.header, billed, one.sound)
        )
    if not reader.interchanges:
        return Received(None, (), NO_INTERCHANGE)
    record = reader.interchanges[0]
    fault = None
    if not record.closed:
        fault = CUT_OFF
    elif not record.sound or len(reader.interchanges) > 1:
        fault = INVALID_CONTENT
    return Received(record.header, tuple(sets), fault)
