"""Any record of a set that says where its fields stand, made by Hypothesis from what it says: as the guide allows it by form."""

import string
from datetime import date, datetime, time
from decimal import Decimal

from claimstream_x12 import Address, Amount, Contact, Dated, Party, Procedure, Quantity, Reference
from claimstream_x12.extras import Extra
from claimstream_x12.loop_records import LoopRecord
from claimstream_x12.loop_records.layout import _fields, layout_of
from claimstream_x12.loop_records.places import Elements, Level, Loop
from claimstream_x12.loop_records.writing import own_segments
from claimstream_x12.segment_limits import LIMITS, is_mandatory
from hypothesis import strategies as st

LETTERS = string.ascii_uppercase + string.digits
SHORT_CODES = st.text(LETTERS, min_size=2, max_size=2)
WORDS = (
    st.text(LETTERS + " '-./", min_size=2, max_size=12).map(lambda text: text.strip(" ") or "X").map(lambda t: t + "X")
)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
CENTS = st.integers(-9_999_999, 9_999_999).map(lambda cents: Decimal(cents) / 100)
TIMES = st.times().map(lambda moment: time(moment.hour, moment.minute))
DATES = st.builds(Dated, SHORT_CODES, DAYS, st.none() | DAYS)
MOMENTS = st.builds(datetime.combine, DAYS, TIMES)
ADDRESSES = st.builds(Address, WORDS, WORDS, st.just("MA"), st.just("021101234"), st.just("") | WORDS)
REFERENCES = st.builds(Reference, SHORT_CODES, WORDS, st.just("") | WORDS)
CONTACTS = st.builds(Contact, st.just((("TE", "6175550100"), ("EM", "A-B.C"))), st.just("") | WORDS, st.just("IC"))
PROCEDURES = st.builds(
    Procedure, WORDS, st.just(()) | st.just(("25", "RT")), st.just("HC"), st.just("") | WORDS, st.just("") | WORDS
)
WHOLE = {
    Reference: REFERENCES,
    Dated: DATES,
    Contact: CONTACTS,
    Amount: st.builds(Amount, SHORT_CODES, CENTS),
    Quantity: st.builds(Quantity, SHORT_CODES, st.integers(1, 999).map(Decimal)),
    Address: ADDRESSES,
}


@st.composite
def records(draw, kind, roles=()):
    """A record of this class with everything below it, and with segments between its own that it does not know."""
    declared = _fields(kind)
    values = {one.name: draw(_field(one, roles)) for one in declared}
    record = kind(**values)
    if not issubclass(kind, LoopRecord):
        return record
    own = sum(1 for _ in own_segments(record, lambda *_: None))
    return kind(**values, extra=draw(_extras(own))) if own else record


@st.composite
def _extras(draw, own):
    places = sorted(draw(st.lists(st.integers(1, own), max_size=1)))
    element = st.lists(st.lists(WORDS, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2).map(tuple)
    return tuple(Extra("ZZZ", draw(st.lists(element, min_size=1, max_size=3).map(tuple)), place) for place in places)


def _field(one, roles):
    if isinstance(one.place, Loop | Level):
        codes = one.place.codes if isinstance(one.place, Loop) else ()
        each = records(one.one, codes or ("L5",))
        each = each.filter(begins) if isinstance(one.place, Loop) else each
        return st.lists(each, max_size=2).map(tuple) if one.many else st.none() | each
    if isinstance(one.place, Elements):
        return _in_elements(one)
    each = _whole(one, roles)
    if one.many:
        return st.lists(each, min_size=int(one.required), max_size=2).map(tuple)
    return each if one.required else st.just("") | each if one.one is str else st.none() | each


def _whole(one, roles):
    if one.one is Party:
        return _parties(one.place.ids, roles or ("IL",))
    if one.one is str:
        return WORDS
    return WHOLE[one.one] if one.one in WHOLE else records(one.one).filter(_has_anything)


@st.composite
def _parties(draw, segments, roles):
    return Party(
        draw(st.sampled_from(roles)), "1", draw(WORDS), draw(st.just("") | WORDS).replace(" ", ""),
        id_qualifier="MI", id=draw(WORDS),
        address=draw(st.none() | ADDRESSES) if "N3" in segments else None,
        references=draw(st.just(()) | st.tuples(REFERENCES)) if "REF" in segments else (),
        contacts=draw(st.just(()) | st.tuples(CONTACTS)) if "PER" in segments else (),
    )  # fmt: skip


def _in_elements(one):
    targets = one.place.targets
    each = _in_element(one, targets[0])
    required = one.required or is_mandatory(targets[0].segment, targets[0].element)
    if one.many:
        most = len(targets) if len(targets) > 1 else 3
        return st.lists(each, min_size=int(required), max_size=most).map(tuple)
    if required:
        return each
    empty = "" if one.one is str else None
    return st.just(empty) | each


def _in_element(one, target):
    limits = LIMITS.get(target.segment, ())
    least, most = limits[target.element - 1][1:] if 0 < target.element <= len(limits) else (1, 10)
    if target.component:
        least, most = 1, 2
    if one.one is str:
        return st.text(LETTERS, min_size=max(1, least), max_size=min(most, 8))
    if one.one is Decimal:
        digits = st.integers(0, 10 ** min(most, 6) - 1)
        return CENTS if most == 18 else digits.map(lambda number: Decimal(number) / (10 if most < 15 else 1000))
    if one.one is Procedure:
        return PROCEDURES
    known = {int: st.integers(1, 9), date: DAYS, time: TIMES, datetime: MOMENTS}
    return known[one.one] if one.one in known else records(one.one)


def _has_anything(record):
    return any(getattr(record, one.name) not in ("", None, ()) for one in _fields(type(record)))


def begins(record):
    """Whether a loop's first segment has anything in it."""
    first = next(iter(own_segments(record, lambda *_: None)), None)
    return (
        first is not None
        and first[0] == layout_of(type(record)).first_segment
        and any(one not in ("", (), None) for one in first[1])
    )
