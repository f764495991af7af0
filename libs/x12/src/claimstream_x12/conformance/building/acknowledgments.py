"""277CA, 999 and TA1 text."""

from __future__ import annotations

from claimstream_x12.conformance.building.envelopes import a_file, interchange

_SOURCE = (
    "BHT*0085*08*277000001*20260916*1030*TH~HL*1**20*1~NM1*PR*2*FIRST PAYER*****PI*P0001~TRN*1*TRACE1~"
    "DTP*050*D8*20260916~DTP*009*D8*20260917~HL*2*1*21*{more}~NM1*41*2*BAY CLINIC*****46*BAYCLINIC~TRN*2*000000017~"
)

_PROVIDER = "HL*3*2*19*1~NM1*85*2*BAY CLINIC*****XX*1999999984~TRN*1*0~"
_PATIENT = "HL*4*3*PT~NM1*QC*1*DOE*JANE****MI*M000001~"


def status(code: str, action: str, amount: str = "120") -> str:
    """An STC: category, status and entity; WQ or U; and at the claim its charge."""
    return f"STC*{code}*20260917*{action}*{amount}~"


def claim_status(*statuses: str, number: str = "ABCDEFGH23456767") -> str:
    """Loop 2200D: one claim and what is said of it."""
    return f"TRN*2*{number}~{''.join(statuses)}DTP*472*D8*20260901~"


def claim_acknowledgment(
    *claims: str,
    batch: str = "STC*A1:19:PR*20260917*WQ*120~QTY*90*1~AMT*YU*120~",
    provider: str = "STC*A1:19:PR**WQ*120~QTY*QA*1~AMT*YU*120~",
) -> bytes:
    """A file of one 277CA: what is said of the batch (2200B), of one provider (2200C) and of its claims."""
    head = _SOURCE.format(more=int(bool(claims))) + batch
    return a_file("277CA", head + (f"{_PROVIDER}{provider}{_PATIENT}{''.join(claims)}" if claims else ""))


def set_answer(code: str, control: str = "0001") -> str:
    """AK2 to IK5 of a 999: one set of ours, with a fault where it is not simply accepted."""
    fault = "" if code == "A" else "IK3*CLM*22*2300*8~IK4*2*782*7*12O.00~"
    why = "" if code == "A" else "*5"
    return f"AK2*837*{control}*005010X222A1~{fault}IK5*{code}{why}~"


def implementation_acknowledgment(*answers: str, group: str, received: int, accepted: int) -> bytes:
    """A file of one 999; `group` is AK901."""
    counts = f"{received}*{received}*{accepted}"
    return a_file("999", f"AK1*HC*17*005010X222A1~{''.join(answers)}AK9*{group}*{counts}~")


def interchange_acknowledgment(code: str, note: str, control: int = 17) -> bytes:
    """An interchange that holds one TA1 and nothing else."""
    return interchange(f"TA1*{control:09}*260916*1030*{code}*{note}~", control=900)
