"""A Medicare number has a form of its own; no other payer's does for sure."""

import re
from collections.abc import Iterator

from claimstream_schemas.values.claim import RuleFinding

from ..claim import ClaimContent
from ..rules import Rule
from ..surroundings import Surroundings

_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[0-9AC-HJKMNP-RT-Y]"
_MBI = re.compile(f"[1-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{_EITHER}[0-9]{_LETTER}{{2}}[0-9]{{2}}")


def check(rule: Rule, content: ClaimContent, around: Surroundings) -> Iterator[RuleFinding]:
    """The number of the coverage that is billed, where nobody can have it."""
    if around.place < len(content.subscribers) and not _MBI.fullmatch(content.subscribers[around.place].member_id):
        message = "the Medicare number is not eleven characters in the form of an MBI, 1EG4TE5MK73 for instance"
        yield rule.finding(message, f"subscribers/{around.place + 1}/member_id")
