"""The patient's share that must not be billed to the patient, and why; it has accounts of its own and is never ``receivable.patient``.

A qualified Medicare beneficiary owes no Medicare cost sharing (remarks N781 to N783; SSA 1902(n)(3)). Medicaid's patient owes what its own remittance
assigns as a copay alone (CARC 142 and 178; 42 CFR 447.52). An injury at work that was accepted is never the patient's.
"""

from collections.abc import Set as AbstractSet
from typing import Literal

Why = Literal["qmb", "medicaid", "work_injury"]

QMB_REMARKS = frozenset({"N781", "N782", "N783"})
_MEDICAID = "MC"
_WORK = "WC"
_MEDICAID_COPAY = frozenset({"142", "178"})


def why_not_billable(
    *, filing_indicator: str | None, accepted_by: AbstractSet[str], carc: str, remarks: AbstractSet[str]
) -> Why | None:
    """Why a share (PR) that a payer assigns is not the patient's to pay; None where it is.

    ``filing_indicator`` is the payer's (SBR09, CLP06), ``accepted_by`` those of the payers before that paid or assigned something; ``remarks`` are
    those of the line and the claim, and of the payers before.
    """
    if _WORK in accepted_by:
        return "work_injury"
    if filing_indicator != _MEDICAID and _MEDICAID in accepted_by:
        return "medicaid"
    if filing_indicator == _MEDICAID:
        return None if carc in _MEDICAID_COPAY else "medicaid"
    if filing_indicator == _WORK:
        return "work_injury"
    return "qmb" if remarks & QMB_REMARKS else None
