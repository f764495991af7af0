"""What each kind of finding is: its SNIP level, and the codes by which the acknowledgments tell of it.

The codes are those of the guides 005010X231A1 (IK304, IK403, IK502, AK905), the TA1's note (TA105) and, for the 277CA,
claim status codes (STC01-1, STC01-2). SNIP levels: 1 syntax, 2 guide, 3 balance, 4 between segments, 5 code sets,
7 a partner's own rules.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding; empty codes where an acknowledgment has none for it."""

    snip: int
    segment: str = ""  # IK304
    element: str = ""  # IK403
    set: str = ""  # IK502
    group: str = ""  # AK905
    interchange: str = ""  # TA105
    status: str = "21"  # STC01-2, claim status code; 21 says that something is missing or wrong
    category: str = "A7"  # STC01-1: A6 missing, A7 wrong, A8 does not fit together


_INTERCHANGE = {
    "not-x12": Kind(1, interchange="024"),
    "isa-length": Kind(1, interchange="024"),
    "isa-version": Kind(1, interchange="017"),
    "isa-date": Kind(1, interchange="014"),
    "isa-time": Kind(1, interchange="015"),
    "isa-qualifier": Kind(1, interchange="005"),
    "isa-usage": Kind(1, interchange="020"),
    "isa-acknowledgment": Kind(1, interchange="019"),
    "isa-control": Kind(1, interchange="018"),
    "isa-separator": Kind(1, interchange="027"),
    "interchange-control": Kind(1, interchange="001"),
    "interchange-reused": Kind(1, interchange="025"),
    "group-count": Kind(1, interchange="021"),
    "truncated-interchange": Kind(1, interchange="023"),
    "truncated": Kind(1, interchange="023"),
    "outside-envelope": Kind(1, interchange="022"),
    "text-outside-interchange": Kind(1),
    "segment-too-long": Kind(1, segment="8"),
    "line-ends": Kind(1),
    "blank-before-terminator": Kind(1),
}
_GROUP = {
    "truncated-group": Kind(1, group="3", interchange="024"),
    "group-control": Kind(1, group="4"),
    "group-reused": Kind(1, group="19"),
    "set-count": Kind(1, group="5"),
    "group-code": Kind(1, group="1"),
    "group-version": Kind(1, group="2"),
    "gs-element": Kind(1, group="6"),
    "outside-set": Kind(1, group="6"),
}
_SET = {
    "truncated-set": Kind(1, set="2"),
    "set-control": Kind(1, set="3"),
    "segment-count": Kind(1, set="4"),
    "set-control-missing": Kind(1, set="7"),
    "set-control-reused": Kind(1, set="23"),
    "set-unknown": Kind(1, set="1"),
    "set-in-group": Kind(1, set="18"),
    "guide-unknown": Kind(2, set="I6"),
    "guide-mismatch": Kind(2, set="19"),
    "guide-older": Kind(2),
    "guide-newer": Kind(2),
}
_SEGMENT = {
    "segment-unknown": Kind(1, segment="1"),
    "segment-unexpected": Kind(2, segment="2"),
    "segment-missing": Kind(2, segment="3", category="A6"),
    "loop-missing": Kind(2, segment="I7", category="A6"),
    "loop-too-often": Kind(2, segment="4"),
    "segment-too-often": Kind(2, segment="5"),
    "segment-order": Kind(2, segment="7"),
    "segment-empty": Kind(1, segment="8"),
    "hierarchy": Kind(2, segment="8", element="7"),
}
_ELEMENT = {
    "element-missing": Kind(2, segment="8", element="1", category="A6"),
    "element-pair": Kind(1, segment="8", element="2", category="A6"),
    "element-excluded": Kind(1, segment="8", element="10"),
    "too-many-elements": Kind(1, segment="8", element="3"),
    "too-many-components": Kind(1, segment="8", element="13"),
    "too-many-repetitions": Kind(1, segment="8", element="12"),
    "element-short": Kind(1, segment="8", element="4"),
    "element-long": Kind(1, segment="8", element="5"),
    "element-character": Kind(1, segment="8", element="6"),
    "character-set": Kind(1, segment="8", element="6"),
    "element-number": Kind(1, segment="8", element="6"),
    "element-date": Kind(1, segment="8", element="8", status="187"),
    "element-time": Kind(1, segment="8", element="9"),
    "element-code": Kind(2, segment="8", element="7"),
    "element-not-used": Kind(2, segment="8", element="I10"),
    "element-trailing": Kind(1, segment="8", element="3"),
    "amount-negative": Kind(4, segment="8", element="I12", status="402"),
    "quantity-negative": Kind(4, segment="8", element="I12", status="476"),
    "tax-number": Kind(5, segment="8", element="I12", status="128"),
    "drug-code": Kind(5, segment="8", element="7", status="218"),
    "tooth": Kind(5, segment="8", element="7", status="244"),
    # what the typed readers say of an element
    "not-a-number": Kind(1, segment="8", element="6"),
    "not-a-date": Kind(1, segment="8", element="8", status="187"),
    "missing-element": Kind(2, segment="8", element="1", category="A6"),
    "missing-segment": Kind(2, segment="3", category="A6"),
}

KINDS: dict[str, Kind] = {**_INTERCHANGE, **_GROUP, **_SET, **_SEGMENT, **_ELEMENT}
"""Every kind by the code of its findings; the rules of balance, situations and code sets add theirs where they stand."""

PARTNER = Kind(7, segment="8", element="I12")
"""A finding whose code is a partner's rule."""


def kind_of(code: str) -> Kind:
    """The kind of a finding by its code."""
    return KINDS.get(code, PARTNER)
