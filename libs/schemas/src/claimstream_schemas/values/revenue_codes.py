"""What the revenue code of an institutional line says of it (NUBC, UB-04 form locator 42)."""

_HIPPS = frozenset({"0022", "0023", "0024"})
"""Skilled nursing, home health and inpatient rehabilitation that are paid by group: the line's code is of HIPPS (X12 RFI 1554)."""

_ROOMS = tuple(f"{number:03}" for number in range(10, 22))
"""How the revenue codes of room and board begin: 010x to 021x."""

_LEAVE = "018"


def has_hipps_code(revenue_code: str | None) -> bool:
    """Whether the procedure of such a line is a HIPPS code, and none of HCPCS."""
    return revenue_code in _HIPPS


def is_room_and_board(revenue_code: str | None) -> bool:
    """Whether the line bills days in a bed, or days on leave from it."""
    return revenue_code is not None and revenue_code.startswith(_ROOMS)


def is_room(revenue_code: str | None) -> bool:
    """Whether the line bills days in a bed: room and board, and no leave of absence."""
    return revenue_code is not None and is_room_and_board(revenue_code) and not revenue_code.startswith(_LEAVE)
