"""What the patterns let pass has no fault, so that nothing wrong slips through on the fast way."""

import pytest
from claimstream_x12.checking.compiling import walked
from claimstream_x12.checking.explaining import faults
from claimstream_x12.checking.matching import Fit
from claimstream_x12.delimiters import STANDARD
from claimstream_x12.guides import GUIDES, guide_for
from claimstream_x12.segments import Segment
from hypothesis import given, settings
from hypothesis import strategies as st

from ..whole_files import WHOLE_FILES

FITS = [Fit(use, STANDARD) for guide in GUIDES for use in guide_for(guide.table).all_uses()]
BY_ID: dict[str, list[Fit]] = {}
for fit in FITS:
    BY_ID.setdefault(fit.use.id, []).append(fit)
SEGMENTS = sorted(
    {segment for file in WHOLE_FILES.values() for segment in file.counted if segment.split("*")[0] in BY_ID}
)
ELEMENTS = st.one_of(
    st.sampled_from(["", "A", "AB", "-1", "12.", ".5", "1.25", "20240229", "00000101", "00000101-20260901", "000001010000", "0.5", "20230229", "20260901-20260904", "1030", "9999", "^", "A^B", ":", "A:B", "::C"]),
    st.text("ABC019.-:^ ", max_size=19),
    st.text("0123456789", min_size=1, max_size=20),
)  # fmt: skip


@st.composite
def segments(draw):
    """A segment of one of our files with some elements changed, added or left out."""
    elements = draw(st.sampled_from(SEGMENTS)).split("*")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(1, len(elements)))
        elements[at : at + draw(st.integers(0, 1))] = [draw(ELEMENTS)]
    return Segment("*".join(elements), 1, STANDARD)


@settings(max_examples=1_500, deadline=None)
@given(segments())
def test_a_segment_that_fits_its_use_has_no_fault(segment):
    for fit in BY_ID.get(segment.id, ()):
        if fit.fits(segment.text) and all(kept(segment.elements) for kept in fit.notes):
            assert list(faults(segment, fit.use)) == []


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_the_segments_of_a_file_that_is_right_go_the_fast_way(name):
    strange = [
        text for text in WHOLE_FILES[name].counted[3:-3] if not any(fit.fits(text) for fit in BY_ID[text.split("*")[0]])
    ]

    assert strange == []


def test_a_guide_is_made_ready_once_for_each_choice_of_delimiters():
    assert walked("835_x221a1", STANDARD) is walked("835_x221a1", STANDARD)
