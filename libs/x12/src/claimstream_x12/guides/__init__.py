"""The implementation guides as tables: which loops, segments, elements and codes a transaction set may hold.

    guide = guide_for("837", "005010X222A1")
    guide.root.loops, guide.root.segments

`segments.txt` has what the base standard says of a segment (types, lengths, syntax notes); each `.guide` file has what
its guide says: usage, repeats, codes, in our own short form (README.md beside them tells how to read it).
"""

from claimstream_x12.guides.finding_guides import GUIDES, GuideName, guide_for, known_guide
from claimstream_x12.guides.tables import (
    CompositeForm,
    ElementForm,
    ElementUse,
    Guide,
    LoopUse,
    Note,
    SegmentForm,
    SegmentUse,
)

__all__ = [
    "GUIDES",
    "CompositeForm",
    "ElementForm",
    "ElementUse",
    "Guide",
    "GuideName",
    "LoopUse",
    "Note",
    "SegmentForm",
    "SegmentUse",
    "guide_for",
    "known_guide",
]
