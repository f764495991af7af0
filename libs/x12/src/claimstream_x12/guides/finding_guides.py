"""Which table holds for a set: by ST01, the version that ST03 or GS08 names, and for the 278 by BHT02."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache

from claimstream_x12.guides.tables import Guide, read_guide


@dataclass(frozen=True, slots=True)
class GuideName:
    """A guide by its set, the version that is written, and those that are read as well."""

    table: str
    code: str  # ST01
    version: str  # ST03, GS08
    functional_code: str  # GS01
    also_read: tuple[str, ...] = ()  # what was before, and what came after


GUIDES = (
    GuideName("837p_x222a1", "837", "005010X222A1", "HC", ("005010X222", "005010X222A2")),
    GuideName("837i_x223a2", "837", "005010X223A2", "HC", ("005010X223", "005010X223A1", "005010X223A3")),
    GuideName("837d_x224a2", "837", "005010X224A2", "HC", ("005010X224", "005010X224A1", "005010X224A3")),
    GuideName("835_x221a1", "835", "005010X221A1", "HP", ("005010X221",)),
    GuideName("999_x231a1", "999", "005010X231A1", "FA", ("005010X231",)),
    GuideName("277ca_x214", "277", "005010X214", "HN"),
    GuideName("276_x212", "276", "005010X212", "HR"),
    GuideName("277_x212", "277", "005010X212", "HN"),
    GuideName("270_x279a1", "270", "005010X279A1", "HS", ("005010X279",)),
    GuideName("271_x279a1", "271", "005010X279A1", "HB", ("005010X279",)),
    GuideName("278_request_x217", "278", "005010X217", "HI"),
    GuideName("278_response_x217", "278", "005010X217", "HI"),
)
_RESPONSE = "11"  # BHT02 of a 278 that answers


@lru_cache(maxsize=256)
def known_guide(code: str, version: str, purpose: str = "") -> GuideName | None:
    """The guide of a set by ST01, ST03 (or GS08) and, for a 278, BHT02; None when we have no such guide."""
    for guide in GUIDES:
        if guide.code == code and (version == guide.version or version in guide.also_read):
            if code == "278" and ("response" in guide.table) is not (purpose == _RESPONSE):
                continue
            return guide
    return None


@cache
def guide_for(table: str) -> Guide:
    """The guide's table, read once."""
    return read_guide(table)
