"""What the records of all loops have."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimstream_x12.extras import Extra


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRecord:
    """One occurrence of a loop."""

    extra: tuple[Extra, ...] = ()  # what no field holds, at its place
    position: int = field(default=0, compare=False)  # of its first segment, ST = 1
