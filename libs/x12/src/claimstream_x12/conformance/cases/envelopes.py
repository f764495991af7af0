"""The envelope: delimiters, many sets, line ends, counts and control numbers."""

from __future__ import annotations

from claimstream_x12.conformance.building.claims import line, professional, professional_body
from claimstream_x12.conformance.building.envelopes import group, interchange, one_set, with_delimiters
from claimstream_x12.conformance.building.remittances import payment_of_one_line, remittance, remittance_body
from claimstream_x12.conformance.cases.expecting import STRUCTURE, SUMS, Rule, anywhere, at

DELIMITERS = Rule("X12.5; pyx12 pull request 35", "The delimiters are those that the ISA says, whatever they are.")
MANY = Rule("X12.5; pyx12 pull request 35", "A file may hold many interchanges, groups and sets.")
APART = Rule("X12 999 guide, IK5", "A set is judged by itself: what is wrong in one refuses no other.")
LINES = Rule("pyx12 pull request 35", "Line ends and blank lines between segments mean nothing.")
WRAPPED = Rule(
    "X12.5", "A line end that is no delimiter is no data: a file in lines of 80 bytes reads as it was written."
)
COUNTS = Rule("X12.5, X12.6", "SE, GE and IEA count what is in them.")
CONTROL_NUMBERS = Rule(
    "X12.5, X12.6", "What closes a set, a group or an interchange has the control number of what opened it."
)

_BODY = professional_body()
_CLAIM = professional()
_PAID = remittance(payment_of_one_line())
_REMITTANCE = remittance_body(payment_of_one_line())


def _wrapped(data: bytes) -> bytes:
    """The file in lines of 80 bytes behind its ISA, as some transfers make them."""
    return data[:106] + b"\r\n".join(data[at : at + 80] for at in range(106, len(data), 80))


def _of_claims(*sets: str) -> bytes:
    return interchange(group("837P", *sets))


def _of_remittances(*sets: str, count: int | None = None, closed_by: str = "") -> bytes:
    return interchange(group("835", *sets, count=count, closed_by=closed_by))


CASES = (
    DELIMITERS.accepted("x12-5-other-delimiters-in-a-claim", with_delimiters(_CLAIM, "|", ">", "!", "\n")),
    DELIMITERS.accepted("x12-5-other-delimiters-in-a-remittance", with_delimiters(_PAID, "|", "<", "}", "'")),
    MANY.accepted(
        "x12-5-many-sets-in-a-group",
        _of_claims(*(one_set("837P", _BODY, control=f"{n:04}") for n in (1, 2, 3))),
        sets=3,
    ),
    MANY.accepted(
        "x12-5-many-groups-in-an-interchange",
        interchange(
            group("837P", one_set("837P", _BODY), control="17"), group("837P", one_set("837P", _BODY), control="18")
        ),
        sets=2,
    ),
    MANY.accepted(
        "x12-5-many-interchanges-in-a-file",
        _CLAIM + interchange(group("837P", one_set("837P", _BODY), control="18"), control=18),
        sets=2,
    ),
    MANY.accepted(
        "x12-5-interchanges-with-their-own-delimiters",
        _PAID
        + with_delimiters(
            interchange(group("835", one_set("835", _REMITTANCE), control="18"), control=18),
            "|", ">", "!", "\n",
        ),
        sets=2,
    ),
    APART.found(
        "guide-999-one-set-of-three-is-refused",
        _of_claims(
            one_set("837P", _BODY, control="0001"),
            one_set("837P", professional_body(line("120"), charge="121"), control="0002"),
            one_set("837P", _BODY, control="0003"),
        ),
        at("CLM02"), at("SV102"), levels=SUMS, in_set=1,
    ),
    LINES.accepted("pyx12-35-line-ends", _CLAIM.replace(b"~", b"~\r\n")),
    LINES.accepted("pyx12-35-blank-lines", _CLAIM.replace(b"~", b"~\n\n")),
    LINES.reads("pyx12-35-blank-lines-break-no-count", _PAID.replace(b"~", b"~\r\n\r\n"), "envelope_sound", True),
    WRAPPED.not_rejected("x12-5-wrapped-claim", _wrapped(_CLAIM)),
    WRAPPED.not_rejected("x12-5-wrapped-remittance", _wrapped(_PAID)),
    WRAPPED.reads("x12-5-wrapped-remittance-is-read", _wrapped(_PAID), "envelope_sound", True),
    COUNTS.reads("x12-5-counts-tie", _PAID, "envelope_sound", True),
    COUNTS.found(
        "x12-6-segment-count-of-a-set", _of_remittances(one_set("835", _REMITTANCE, count=99)), anywhere("SE01"), levels=STRUCTURE
    ),
    COUNTS.reads(
        "x12-6-set-count-of-a-group", _of_remittances(one_set("835", _REMITTANCE), count=2), "envelope_sound", False
    ),
    COUNTS.reads(
        "x12-5-group-count-of-an-interchange",
        interchange(group("835", one_set("835", _REMITTANCE)), count=2),
        "envelope_sound", False,
    ),
    CONTROL_NUMBERS.found(
        "x12-6-control-number-of-a-set", _of_remittances(one_set("835", _REMITTANCE, closed_by="0002")), anywhere("SE02"), levels=STRUCTURE
    ),
    CONTROL_NUMBERS.reads(
        "x12-6-control-number-of-a-group", _of_remittances(one_set("835", _REMITTANCE), closed_by="18"), "envelope_sound", False
    ),
    CONTROL_NUMBERS.reads(
        "x12-5-control-number-of-an-interchange",
        interchange(group("835", one_set("835", _REMITTANCE)), closed_by=18),
        "envelope_sound", False,
    ),
    CONTROL_NUMBERS.same_content(
        "x12-5-control-numbers-are-no-content",
        _PAID,
        interchange(group("835", one_set("835", _REMITTANCE, control="4711"), control="88"), control=99),
    ),
)  # fmt: skip
