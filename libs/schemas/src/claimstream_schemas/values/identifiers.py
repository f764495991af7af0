"""Identifiers: UUIDv5 of natural keys, each beginning with the practice, so that doing a thing twice meets a unique key."""

import base64
import re
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import StringConstraints

NAMESPACE = UUID("6f0d0c6e-5a57-5d39-9d1c-3a1f0f2b7c11")

PRACTICE_ID = r"^[a-z0-9][a-z0-9-]{0,39}$"
PracticeId = Annotated[str, StringConstraints(pattern=PRACTICE_ID)]
"""A practice (tenant): a short slug such as ``bay-state``."""

Npi = Annotated[str, StringConstraints(max_length=20)]
"""A National Provider Identifier as given; whether its check digit is right is a rule of claim-svc, not of the shape."""

EncounterId = UUID
ClaimId = UUID
LineId = UUID

_CONTROL_NUMBER = re.compile(r"[A-Z2-7]{16}")
_LINE_CONTROL_NUMBER = re.compile(r"([A-Z2-7]{16})(\d{2})(\d{3})")


def id_of(kind: str, practice: str, *parts: object) -> UUID:
    """The UUIDv5 of a natural key. ``kind`` and the practice are part of it; parts are joined unambiguously."""
    return uuid5(NAMESPACE, "\x1f".join([kind, practice, *(str(part) for part in parts)]))


def encounter_id(practice: str, source_system: str, ehr_encounter_id: str) -> UUID:
    """An encounter is (practice, source system, the EHR's own encounter id)."""
    return id_of("encounter", practice, source_system, ehr_encounter_id)


def line_id(encounter: UUID, practice: str, ehr_line_id: str) -> UUID:
    """A charge line is (encounter, the EHR's line id or its ordinal)."""
    return id_of("line", practice, encounter, ehr_line_id)


def claim_id(practice: str, encounter: UUID, kind: str, part: int = 1) -> UUID:
    """A claim is (encounter, professional or institutional, part): a long professional claim is split into parts."""
    return id_of("claim", practice, encounter, kind, part)


def submission_id(practice: str, claim: UUID, ordinal: int) -> UUID:
    """A submission is (claim, ordinal)."""
    return id_of("submission", practice, claim, ordinal)


def control_number(claim: UUID) -> str:
    """CLM01: 16 characters of upper-case base32 of the claim's UUID, for the claim's life (RFI 1945, 525)."""
    return base64.b32encode(claim.bytes).decode()[:16]


def line_control_number(control: str, submission: int, line: int) -> str:
    """REF*6R: control number + submission (2 digits) + line (3 digits); at most 30 characters (RFI 1684)."""
    return f"{control}{submission:02d}{line:03d}"


def read_control_number(text: str) -> str | None:
    """The CLM01 in ``text``, whatever its case and padding; None when it is not one of ours by shape."""
    match = _CONTROL_NUMBER.fullmatch(text.strip().upper())
    return match.group() if match else None


def read_line_control_number(text: str) -> tuple[str, int, int] | None:
    """(control number, submission, line) of a REF*6R that we could have sent; None otherwise."""
    match = _LINE_CONTROL_NUMBER.fullmatch(text.strip().upper())
    return (match.group(1), int(match.group(2)), int(match.group(3))) if match else None
