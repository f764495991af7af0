"""How long each element of a segment may be, and which ones must stand: the standard's bounds, in our own short form.

`M2-3` is mandatory with 2 to 3 characters, `60` is optional with 1 to 60, `-` is not used by the guides we write.
A test holds these against the maps of pyx12.
"""

from __future__ import annotations

_TEXT = {
    "AAA": "M1 2 2 1",
    "AK1": "M2 M1-9 12",
    "AK2": "M3 M4-9 35",
    "AK9": "M1 M6 M6 M6 3 3 3 3 3",
    "AMT": "M3 M18 1",
    "BHT": "M4 M2 50 8 4-8 2",
    "BPR": "M1-2 M18 M1 M3 10 2 3-12 3 35 10 9 2 3-12 3 35 8",
    "CAS": "M1-2 " + " ".join(["M1-5 M18 15"] + ["5 18 15"] * 5),
    "CL1": "1 1 1-2 1",
    "CLM": "M38 M18 - - M25 1 1 1 1 1 25 2-3 - - - - - - 2 1-2",
    "CLP": "M38 M1-2 M18 M18 18 1-2 M50 2 1 - 4 15 10",
    "CR1": "2 10 1 1 2 15 55 55 80 80",
    "CR2": "9 15 2-3 2-3 2 15 15 1 1 80 80 1",
    "CR5": "1 15 1 1 80 15 15 15 80 15 15 1 1 1 1 15 1 1",
    "CR6": "M1 M8 2-3 35 8 1 1 1 8 2 15 8 8 8 2-3 35 1 8 8 8 8",
    "CRC": "M2 M1 M2-3 2-3 2-3 2-3 2-3",
    "CTP": "- - - M15 M15",
    "CTX": "M60 3 10 4 20 35",
    "DMG": "2-3 35 1",
    "DN1": "15 15 1 80",
    "DN2": "M50 M1-2 15 2-3 35 1-3",
    "DTM": "M3 M8",
    "DTP": "M3 M2-3 M35",
    "EB": "M1-2 3 1-2 1-3 50 1-2 18 10 2 15 1 1 120 12",
    "EQ": "1-2 120 3 1-3 12",
    "HCR": "M1-2 50 30 1",
    "HI": " ".join(["M60"] + ["60"] * 11),
    "HL": "M12 12 M2 1",
    "HSD": "2 15 2 6 1-2 3 1-2 1",
    "III": "1-3 30 2 264",
    "IK3": "M2-3 M10 1-4 3",
    "IK4": "M12 4 M3 99",
    "IK5": "M1 3 3 3 3 3",
    "INS": "M1 M2 3 2-3 1 4 1-2 2 1 1 2-3 35 1 2-30 2 2-3 9",
    "K3": "M80",
    "LE": "M1-4",
    "LIN": "- M2 M48",
    "LQ": "M3 M30",
    "LS": "M1-4",
    "LX": "M6",
    "MIA": "M15 18 15 18 50 18 18 18 18 18 18 18 18 18 15 18 18 18 18 50 50 50 50 18",
    "MOA": "10 18 50 50 50 50 50 18 18",
    "MPI": "M1 M2 M1 80 2 2-3 35",
    "MSG": "M264 2 9",
    "N1": "M2-3 60 2 2-80",
    "N3": "M55 55",
    "N4": "M2-30 2 3-15 2-3 1-2 30 1-3",
    "NM1": "M2-3 M1 60 35 25 10 10 1-2 2-80 2 2-3 60",
    "NTE": "M3 M80",
    "OI": "- - 1 1 - 1",
    "PAT": "2 - - - 2-3 35 2 10 1",
    "PER": "M2 60 2 256 2 256 2 256",
    "PLB": "M50 M8 " + " ".join(["M60 M18"] + ["60 18"] * 5),
    "PRV": "M1-3 2-3 50",
    "PWK": "M2 M1-2 2 2-3 1-2 2-80 80",
    "QTY": "M2 15",
    "RDM": "M1-2 60 256",
    "REF": "M2-3 M50 80 160",
    "SBR": "M1 2 50 60 3 - - - 2",
    "ST": "M3 M4-9 35",
    "STC": "M30 8 1-2 18 18 8 3 8 16 30 30 264",
    "SV1": "M120 18 2 15 2 1-2 12 18 1 1-2 1 1 1-2 2 1 1 50 3-15 18 1 1",
    "SV2": "48 120 18 2 15 10 18 1 1 1",
    "SV3": "M120 18 2 20 1 15 80 1 1 1 12",
    "SVC": "M120 M18 18 48 15 120 15",
    "SVD": "M2-80 M18 120 48 15 6",
    "TA1": "M9 M6 M4 M1 M3",
    "TOO": "1-3 30 15",
    "TRN": "M1-2 M50 10 50",
    "TS2": "18 18 18 18 18 18 15 18 18 15 15 15 15 15 18 15 18 18 18",
    "TS3": "M50 M2 M8 M15 M18" + " 18" * 17 + " 15 18",
    "UM": "M1-2 1 1-2 12 25 1-3 1 1 1 1-2",
}


def _bounds(item: str) -> tuple[bool, int, int]:
    if item == "-":
        return False, 0, 0
    least, _, most = item.lstrip("M").rpartition("-")
    return item.startswith("M"), int(least or 1), int(most)


LIMITS: dict[str, tuple[tuple[bool, int, int], ...]] = {
    segment: tuple(_bounds(item) for item in text.split()) for segment, text in _TEXT.items()
}


def is_mandatory(segment: str, element: int) -> bool:
    """Whether this element must stand wherever its segment does."""
    limits = LIMITS.get(segment, ())
    return 0 < element <= len(limits) and limits[element - 1][0]
