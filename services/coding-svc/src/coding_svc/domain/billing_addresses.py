"""Who bills has a street address: a post box has no place in loop 2010AA (X12 RFI 1451), and the payers' payment address is not sent."""

import re
from collections.abc import Iterator

from claimstream_schemas.values.claim_kinds import KINDS
from claimstream_schemas.values.practice import Practice

_POST_BOX = re.compile(
    r"\bP\W{0,2}O\W{0,2}(?:BOX|DRAWER|BX)\b|\bPOST(?:AL)? ?(?:OFFICE)? ?BOX\b|\bPOB\b|\bLOCK ?BOX\b|^BOX +[0-9]",
    re.IGNORECASE,
)


def post_boxes(practice: Practice) -> Iterator[str]:
    """Where the document gives a post box as the address of who bills, as JSON pointers."""
    if _is_post_box(practice.address.line1):
        yield "/address/line1"
    for place, location in enumerate(practice.locations):
        bills = any(location.bills_itself(kind.name) for kind in KINDS.values())
        if bills and _is_post_box(location.address.line1):
            yield f"/locations/{place}/address/line1"


def _is_post_box(line: str) -> bool:
    return _POST_BOX.search(line) is not None
