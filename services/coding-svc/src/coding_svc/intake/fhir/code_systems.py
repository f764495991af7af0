"""Code systems by their addresses and OIDs, and the codes of a concept in them."""

import re

from ...domain.visit import StatedCode
from . import elements as fhir

ICD10CM = "icd10cm"
CPT, HCPCS = "cpt", "hcpcs"
PROCEDURES = (CPT, HCPCS)
_SYSTEMS = {
    "snomed.info/sct": "snomed",
    "urn:oid:2.16.840.1.113883.6.96": "snomed",
    "loinc.org": "loinc",
    "urn:oid:2.16.840.1.113883.6.1": "loinc",
    "hl7.org/fhir/sid/cvx": "cvx",
    "urn:oid:2.16.840.1.113883.12.292": "cvx",
    "urn:oid:2.16.840.1.113883.6.59": "cvx",
    "www.ama-assn.org/go/cpt": CPT,
    "urn:oid:2.16.840.1.113883.6.12": CPT,
    "bluebutton.cms.gov/resources/codesystem/hcpcs": HCPCS,
    "terminology.hl7.org/codesystem/hcpcs": HCPCS,
    "www.cms.gov/medicare/coding/hcpcsreleasecodesets": HCPCS,
    "urn:oid:2.16.840.1.113883.6.285": HCPCS,
    "urn:oid:2.16.840.1.113883.6.14": HCPCS,
    "hl7.org/fhir/sid/icd-10-cm": ICD10CM,
    "urn:oid:2.16.840.1.113883.6.90": ICD10CM,
}
"""Without http(s):// and in small letters. WHO's ICD-10 (``…/sid/icd-10``) is another list than ICD-10-CM, and no US claim carries it."""

_ADDRESS = re.compile("^https?://", re.IGNORECASE)
_ICD10CM_CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.?[0-9A-Z]{1,4})?")


def system_of(coding: fhir.Coding) -> str | None:
    """Our short name of a code's system; None of one that we do not know."""
    return _SYSTEMS.get(_ADDRESS.sub("", (coding.system or "").strip()).rstrip("/").lower())


def codes_of(concept: fhir.Concept) -> tuple[StatedCode, ...]:
    """Every coding, by our short name of its system; the EHR's own name of one that we do not know."""
    return tuple(
        StatedCode(
            system=(coding.system or "unknown") if (name := system_of(coding)) in (None, ICD10CM) else name,
            code=coding.code,
        )
        for coding in concept.coding
        if coding.code
    )


def icd10cm_codes_of(concept: fhir.Concept) -> tuple[str, ...]:
    """The ICD-10-CM codes without their dots, of which a person chose one that one alone; what has not their shape is no code."""
    found = [(coding, code) for coding in concept.coding if system_of(coding) == ICD10CM and (code := _shaped(coding))]
    chosen = [code for coding, code in found if coding.user_selected]
    return tuple(dict.fromkeys(chosen or (code for _, code in found)))


def icd10cm_of(concept: fhir.Concept) -> str | None:
    """The ICD-10-CM code; None where several differ."""
    codes = icd10cm_codes_of(concept)
    return codes[0] if len(codes) == 1 else None


def nameless_icd10cm_of(concept: fhir.Concept) -> str | None:
    """A code that looks like one of ICD-10-CM and names no system, where no other code says what it is."""
    if icd10cm_codes_of(concept):
        return None
    return next(
        (coding.code for coding in concept.coding if not coding.system and coding.code and _shaped(coding)), None
    )


def _shaped(coding: fhir.Coding) -> str | None:
    code = (coding.code or "").strip().upper()
    return code.replace(".", "") if _ICD10CM_CODE.fullmatch(code) else None
