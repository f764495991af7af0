"""How sure a condition is, and which part the encounter gives it: by code, or by the words that mean the same."""

from typing import Literal

from . import elements as fhir

Certainty = Literal["sure", "uncertain", "never"]
_SURE = ("confirmed", "confirmed present", "definite", "established", "410605003")
_UNCERTAIN = (
    "unconfirmed", "provisional", "differential", "differential diagnosis", "provisional diagnosis", "working diagnosis",
    "suspected", "probable", "probably", "possible", "likely", "questionable", "presumed", "presumptive", "rule out", "r/o",
    "still to be ruled out", "compatible with", "consistent with", "415684004", "410592001", "410590009",
)  # fmt: skip
"""The words of guideline IV.H among them; SNOMED CT's suspected, probably present, known possible."""

_NEVER = ("refuted", "entered in error", "ruled out", "excluded", "not present", "410516002", "723511001")
_CERTAINTIES: dict[str, Certainty] = {
    **dict.fromkeys(_SURE, "sure"),
    **dict.fromkeys(_UNCERTAIN, "uncertain"),
    **dict.fromkeys(_NEVER, "never"),
}

AT_ADMISSION, CHIEF_COMPLAINT, DISCHARGE, BILLING, COMORBIDITY = "AD", "CC", "DD", "billing", "CM"
PRINCIPAL = "principal"
UNSAID = "unsaid"
_USES = {
    "ad": AT_ADMISSION, "admission diagnosis": AT_ADMISSION, "admitting diagnosis": AT_ADMISSION, "admitting": AT_ADMISSION,
    "admission": AT_ADMISSION, "dd": DISCHARGE, "discharge diagnosis": DISCHARGE, "discharge": DISCHARGE,
    "final diagnosis": DISCHARGE, "final": DISCHARGE, "principal diagnosis": PRINCIPAL, "principal": PRINCIPAL,
    "primary diagnosis": PRINCIPAL, "primary": PRINCIPAL, "billing": BILLING, "billing diagnosis": BILLING,
    "cc": CHIEF_COMPLAINT, "chief complaint": CHIEF_COMPLAINT, "cm": COMORBIDITY, "comorbidity": COMORBIDITY,
    "comorbidity diagnosis": COMORBIDITY, "secondary diagnosis": COMORBIDITY, "secondary": COMORBIDITY,
    "pre op": "pre-op", "pre op diagnosis": "pre-op", "post op": "post-op", "post op diagnosis": "post-op",
    "encounter diagnosis": UNSAID, "visit diagnosis": UNSAID,
}  # fmt: skip


def certainties_of(verification: fhir.Concept | None) -> set[Certainty] | None:
    """What a verification status says; None where it says something that is not understood, or two things."""
    if verification is None or not verification.words:
        return {"sure"}
    said = {_CERTAINTIES[word] for word in verification.words if word in _CERTAINTIES}
    return said if len(said) == 1 else None


def uses_of(use: fhir.Concept | None) -> frozenset[str] | None:
    """The parts that a diagnosis plays; None where the words are not understood."""
    if use is None or not use.words:
        return frozenset({UNSAID})
    return frozenset(_USES[word] for word in use.words if word in _USES) or None
