"""What may be shown of a set to somebody who looks after files and treats nobody: who pays whom, how much, and why something is wrong.

Names what may be shown, not what must be hidden: a segment that no line of ours knows, or that stands where it should not, shows its id alone.
Hidden are all that tells of a patient (HIPAA, 45 CFR 164.514(b)(2)): names, addresses, ids of members and of claims, as CLP01, CLP07,
TRN02 of a claim, or the reference of a PLB, any REF of a claim, days of service, procedures, copies of bad elements (IK404), free text
(STC12). Hidden also are bank accounts (BPR07 to 09, 12 to 15) and an interchange's passwords (ISA02, ISA04).
"""

import re
from collections.abc import Mapping

from claimstream_x12.segments import Segment

MASK = "XXX"

Elements = dict[str, frozenset[int]]


def _only(*elements: int) -> frozenset[int]:
    return frozenset(elements)


_ALL = frozenset(range(1, 200))
_ENVELOPE: Elements = {
    "ISA": _ALL - {2, 4},
    "GS": _ALL,
    "ST": _ALL,
    "TA1": _ALL,
}
_PARTIES: Elements = {"N1": _ALL, "N3": _ALL, "N4": _ALL, "PER": _ALL, "REF": _only(1, 2)}
_HEADS: Mapping[str, Elements] = {
    "835": _PARTIES | {"BPR": _only(1, 2, 3, 4, 5, 6, 10, 11, 16), "TRN": _ALL, "CUR": _ALL, "DTM": _ALL, "LX": _ALL},
    "277": {
        "BHT": _ALL, "HL": _ALL, "NM1": _ALL, "TRN": _ALL, "DTP": _ALL, "REF": _only(1, 2), "QTY": _ALL, "AMT": _ALL,
        "STC": _only(1, 2, 3, 4, 10, 11),
    },
    "999": {"AK1": _ALL, "AK2": _ALL, "IK3": _ALL, "IK4": _only(1, 2, 3), "IK5": _ALL, "AK9": _ALL},
}  # fmt: skip
"""Above the first claim: payer, payee, receiver, provider."""
_CLAIMS: Mapping[str, Elements] = {
    "835": {
        "LX": _ALL, "TS3": _ALL, "TS2": _ALL, "CLP": _only(2, 3, 4, 5, 6, 8, 9), "CAS": _ALL, "SVC": _only(2, 3, 5, 7),
        "MIA": _ALL, "MOA": _ALL, "AMT": _ALL, "QTY": _ALL, "LQ": _ALL, "PLB": _ALL,
    },
    "277": {"HL": _ALL, "STC": _only(1, 3, 4, 10, 11), "QTY": _ALL, "AMT": _ALL},
    "999": {},
}  # fmt: skip
_BEGINS_CLAIMS = frozenset({"CLP", "TS3", "TS2", "PLB"})
_NO_PATIENT_LEVELS = frozenset({"20", "21", "19"})  # HL03: source, receiver, provider
_NO_PATIENTS = frozenset({"PR", "AY", "40", "41", "85", "1P"})  # NM101
_REFERENCES = range(3, 200, 2)  # of a PLB: reason and reference in one element
_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_PASSWORD_WIDTH = 10


class Masking:
    """The masking of one set after the other: what may be shown depends on whether it stands at a claim."""

    def __init__(self) -> None:
        """Nothing is begun."""
        self.begin("")

    def begin(self, code: str) -> None:
        """A set of this kind (ST01) begins; of a kind that we do not know nothing is shown."""
        self._code = code
        self._is_at_claims = False

    def masked(self, segment: Segment) -> str:
        """The segment's text with all but what may be shown masked; what is empty stays empty."""
        self._is_at_claims = self._stands_at_claims(segment)
        name = segment.elements[0]
        shown = self._may_be_shown(segment)
        elements = [
            self._shown(segment, number, text) if number in shown else _hidden(name, text)
            for number, text in enumerate(segment.elements[1:], start=1)
        ]
        return segment.delimiters.element.join((name if _ID.fullmatch(name) else MASK, *elements))

    def _may_be_shown(self, segment: Segment) -> frozenset[int]:
        if segment.elements[0] == "NM1" and segment[1] not in _NO_PATIENTS:
            return _only(1)
        known = _ENVELOPE | (_CLAIMS if self._is_at_claims else _HEADS).get(self._code, {})
        return known.get(segment.elements[0], _only())

    def _stands_at_claims(self, segment: Segment) -> bool:
        if segment.elements[0] == "HL":
            return segment[3] not in _NO_PATIENT_LEVELS
        return self._is_at_claims or segment.elements[0] in _BEGINS_CLAIMS

    def _shown(self, segment: Segment, number: int, text: str) -> str:
        if segment.elements[0] != "PLB" or number not in _REFERENCES:
            return text
        reason, *references = segment.components(number)
        return segment.delimiters.component.join((reason, *(_hidden("PLB", each) for each in references)))


def _hidden(name: str, text: str) -> str:
    """What is empty stays so; an ISA's elements have their width."""
    if not text.strip():
        return text
    return MASK.ljust(_PASSWORD_WIDTH) if name == "ISA" else MASK
