"""Which procedures are visits (evaluation and management). Ranges are told by how a code begins: code lists of the AMA are not held here."""

from claimstream_schemas.values.claim_kinds import kind_of

from .claim import ClaimContent

OFFICE = ("9920", "9921")
"""Office and other outpatient visits."""
_VISITS = ("992", "993")
_LENGTH = 5


def is_visit(procedure: str | None) -> bool:
    """Whether it is a visit: in an office, a hospital, a home, a nursing facility, or a preventive one."""
    return procedure is not None and procedure.startswith(_VISITS) and len(procedure) == _LENGTH


def is_office_visit(procedure: str | None) -> bool:
    """Whether it is a visit for a problem in an office or to an outpatient, of which a day has one."""
    return procedure is not None and procedure.startswith(OFFICE) and len(procedure) == _LENGTH


def first_listed(content: ClaimContent) -> int | None:
    """The place of the diagnosis that stands first on the claim, from 1: the principal, else the first that has no place of its own."""
    apart = kind_of(content.kind).apart
    listed = [(number, one) for number, one in enumerate(content.diagnoses, start=1) if one.kind not in apart]
    principal = next((number for number, one in listed if one.kind == "principal"), None)
    return principal or (listed[0][0] if listed else None)
