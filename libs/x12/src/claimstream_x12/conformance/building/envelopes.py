"""ISA to IEA around sets, with every count and control number right unless a case says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

GUIDES = {
    "837P": ("837", "HC", "005010X222A1"),
    "837I": ("837", "HC", "005010X223A2"),
    "835": ("835", "HP", "005010X221A1"),
    "277CA": ("277", "HN", "005010X214"),
    "999": ("999", "FA", "005010X231A1"),
}


def one_set(kind: str, *body: str, control: str = "0001", count: int | None = None, closed_by: str = "") -> str:
    """ST to SE around a body; an 835 names its guide in the GS alone."""
    code, _, guide = GUIDES[kind]
    start = f"ST*{code}*{control}~" if kind == "835" else f"ST*{code}*{control}*{guide}~"
    text = start + "".join(body)
    return text + f"SE*{text.count('~') + 1 if count is None else count}*{closed_by or control}~"


def group(kind: str, *sets: str, control: str = "17", count: int | None = None, closed_by: str = "") -> str:
    """GS to GE around sets of one kind."""
    _, code, guide = GUIDES[kind]
    start = f"GS*{code}*BAYCLINIC*FIRSTPAYER*20260916*1030*{control}*X*{guide}~"
    return start + "".join(sets) + f"GE*{len(sets) if count is None else count}*{closed_by or control}~"


def interchange(*groups: str, control: int = 17, count: int | None = None, closed_by: int = 0) -> bytes:
    """ISA to IEA around groups, or around TA1 segments alone."""
    start = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'BAYCLINIC':15}*ZZ*{'FIRSTPAYER':15}*260916*1030*^*00501*{control:09}*0*P*:~"
    )
    groups_in = sum(one.startswith("GS*") for one in groups) if count is None else count
    return (start + "".join(groups) + f"IEA*{groups_in}*{closed_by or control:09}~").encode("ascii")


def a_file(kind: str, *body: str) -> bytes:
    """One set alone in its envelope."""
    return interchange(group(kind, one_set(kind, *body)))


def with_delimiters(data: bytes, element: str, component: str, repetition: str, segment: str) -> bytes:
    """The same file with other delimiters."""
    return data.translate(bytes.maketrans(b"*:^~", f"{element}{component}{repetition}{segment}".encode("ascii")))


def text_of(amount: Decimal) -> str:
    """An amount as X12 writes it: no zeros at the end of a fraction."""
    return f"{amount.normalize():f}"


def kind_of(data: bytes) -> str:
    """Which of the kinds a file is, by the guide in its first GS; an interchange without one is a TA1."""
    element, segment = data[3:4], data[105:106]
    start = data.find(b"GS" + element)
    guide = data[start:].partition(segment)[0].rpartition(element)[2].decode("ascii") if start > 0 else ""
    return next((kind for kind, (_, _, known) in GUIDES.items() if known == guide), "TA1")
