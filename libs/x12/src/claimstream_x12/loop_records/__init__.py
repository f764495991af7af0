"""Records that say where each of their fields stands, so that reading and writing cannot differ.

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Benefit(LoopRecord):
        information: Annotated[str, "EB01"]
        references: Annotated[tuple[Reference, ...], "REF"] = ()
        entities: Annotated[tuple[RelatedEntity, ...], Loop("2120C", bounded="2120")] = ()

Fields stand in the guide's order, which is the order of writing; `places.py` tells how a place is written down. Reading
takes a segment to the innermost open loop that has a place for it, and keeps it there as an `Extra` when none has.
"""

from claimstream_x12.loop_records.places import Level, Loop
from claimstream_x12.loop_records.reading import SetReader, found_in, read_whole
from claimstream_x12.loop_records.record import LoopRecord
from claimstream_x12.loop_records.writing import write_whole

__all__ = ["Level", "Loop", "LoopRecord", "SetReader", "found_in", "read_whole", "write_whole"]
