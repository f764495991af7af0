"""Reads, checks and writes the X12 files of the claim's journey: 837, 835, 999, TA1, 277CA, 270/271, 276/277, 278."""

from claimstream_x12.delimiters import STANDARD, Delimiters
from claimstream_x12.elements import transliterate
from claimstream_x12.envelope import Envelope, Group, iter_interchange, write_interchange
from claimstream_x12.envelope_records import GroupHeader, InterchangeHeader, InterchangeRecord
from claimstream_x12.errors import Finding, NotWritable, Place, SetPassedOver, Severity, X12Error
from claimstream_x12.interchange import TransactionSet, X12Reader
from claimstream_x12.names import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dated,
    Party,
    Procedure,
    Quantity,
    Reference,
    find_reference,
)
from claimstream_x12.segments import Segment

__all__ = [
    "STANDARD",
    "Address",
    "Adjustment",
    "Amount",
    "Contact",
    "Dated",
    "Delimiters",
    "Envelope",
    "Finding",
    "Group",
    "GroupHeader",
    "InterchangeHeader",
    "InterchangeRecord",
    "NotWritable",
    "Party",
    "Place",
    "Procedure",
    "Quantity",
    "Reference",
    "Segment",
    "SetPassedOver",
    "Severity",
    "TransactionSet",
    "X12Error",
    "X12Reader",
    "find_reference",
    "iter_interchange",
    "transliterate",
    "write_interchange",
]
