"""Files made wrong in any way: what Hypothesis changes in a file that was right."""

from __future__ import annotations

from hypothesis import strategies as st

from .whole_files import WHOLE_FILES

ODD_TEXTS = (
    "", " ", "-", ".", "0", "00", "1E9999999", "NaN", "-0", "9" * 40, "9" * 5000, "A", "a", "ZZ", "20260230", "XX", "7", "30",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(max_size=12),
    st.text("ABC0123456789.-+ ^:*", max_size=20),
)
SEGMENTS = (
    "HL", "NM1", "CLM", "SVC", "LX", "REF", "N3", "ZZZ", "X", "Q", "ISA", "IEA", "GS", "GE", "ST", "SE", "TA1", "É", "SV1", "HI",
)  # fmt: skip


@st.composite
def _changed(draw, segments):
    """One segment changed, dropped, doubled, moved or made up."""
    at = draw(st.integers(0, len(segments) - 1))
    elements = segments[at].split("*")
    match draw(st.sampled_from(["element", "component", "drop", "twice", "swap", "new", "cut", "cut"])):
        case "element":
            elements[draw(st.integers(0, len(elements) - 1))] = draw(TEXTS)
        case "component":
            number = draw(st.integers(0, len(elements) - 1))
            elements[number] = ":".join([elements[number], *draw(st.lists(TEXTS, max_size=3))])
        case "drop":
            return segments[:at] + segments[at + 1 :]
        case "twice":
            return segments[: at + 1] + segments[at:]
        case "swap":
            other = draw(st.integers(0, len(segments) - 1))
            moved = list(segments)
            moved[at], moved[other] = moved[other], moved[at]
            return moved
        case "new":
            made = "*".join([draw(st.sampled_from(SEGMENTS)), *draw(st.lists(TEXTS, max_size=6))])
            return [*segments[:at], made, *segments[at:]]
        case _:
            elements = elements[: draw(st.integers(0, len(elements)))]
    return [*segments[:at], "*".join(elements), *segments[at + 1 :]]


@st.composite
def mutated_files(draw, names=tuple(WHOLE_FILES)):
    """A whole file with one to four changes, as bytes; sometimes with bytes cut out or put in."""
    segments = list(WHOLE_FILES[draw(st.sampled_from(names))].counted)
    for _ in range(draw(st.integers(1, 4))):
        if segments:
            segments = draw(_changed(segments))
    data = "".join(segment + "~" for segment in segments).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 4)) == 0:
        start = draw(st.integers(0, len(data)))
        stop = draw(st.integers(start, min(len(data), start + 20)))
        data = data[:start] + draw(st.binary(max_size=5)) + data[stop:]
    return data
