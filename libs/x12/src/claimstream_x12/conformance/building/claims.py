"""837 text: one provider bills one claim; by default of one line, with no other payer."""

from __future__ import annotations

from decimal import Decimal

from claimstream_x12.conformance.building.envelopes import a_file, text_of

_PARTIES = (
    "NM1*41*2*BAY CLINIC*****46*BAYCLINIC~PER*IC*BILLING OFFICE*TE*6175550100~NM1*40*2*FIRST PAYER*****46*FIRSTPAYER~"
    "HL*1**20*1~PRV*BI*PXC*{taxonomy}~NM1*85*2*{provider}*****XX*1999999984~N3*1 HARBOR STREET~N4*BOSTON*MA*021101234~"
    "REF*EI*123456789~HL*2*1*22*0~SBR*{sequence}*18*******{insurance}~NM1*IL*1*DOE*JANE****MI*M000001~"
    "N3*12 ELM STREET~N4*WORCESTER*MA*016010001~DMG*D8*19800517*F~NM1*PR*2*FIRST PAYER*****PI*P0001~"
)


def line(charge: str = "120", *, code: str = "99213", decisions: str = "") -> str:
    """Loop 2400 of a professional claim, with what earlier payers decided; it is numbered by its claim."""
    return f"SV1*HC:{code}*{charge}*UN*1***1~DTP*472*D8*20260901~REF*6R*ABCDEFGH2345676701{{number:02}}~{decisions}"


def professional_body(
    *lines: str,
    charge: str = "",
    frequency: str = "1",
    references: str = "",
    other_payers: str = "",
    number: str = "ABCDEFGH23456767",
) -> str:
    """What stands between ST and SE of an 837P; CLM02 is the sum of the lines unless it is given."""
    numbered = _numbered(lines or (line(),))
    parties = _PARTIES.format(
        taxonomy="207Q00000X", provider="BAY CLINIC", sequence="S" if other_payers else "P", insurance="CI"
    )
    return (
        f"BHT*0019*00*000000017*20260916*1030*CH~{parties}"
        f"CLM*{number}*{charge or _total(numbered, 'SV1', 2)}***11:B:{frequency}*Y*A*Y*Y~{references}HI*ABK:E119~"
        f"{other_payers}{numbered}"
    )


def professional(
    *lines: str,
    charge: str = "",
    frequency: str = "1",
    references: str = "",
    other_payers: str = "",
    number: str = "ABCDEFGH23456767",
) -> bytes:
    """A file of one 837P with one claim."""
    body = professional_body(
        *lines, charge=charge, frequency=frequency, references=references, other_payers=other_payers, number=number
    )
    return a_file("837P", body)


def stay(
    *charges: str, charge: str = "", frequency: str = "1", patient_status: str = "01", references: str = ""
) -> bytes:
    """A file of one 837I: a stay in hospital, with a line for each charge."""
    numbered = _numbered([f"SV2*0120**{one}*DA*3~" for one in charges or ("5400",)])
    parties = _PARTIES.format(taxonomy="282N00000X", provider="BAY HOSPITAL", sequence="P", insurance="CI")
    discharged = "" if patient_status == "30" else "DTP*096*TM*1030~"
    body = (
        f"BHT*0019*00*000000017*20260916*1030*CH~{parties}"
        f"CLM*INPATIENT2345677*{charge or _total(numbered, 'SV2', 3)}***11:A:{frequency}**A*Y*Y~{discharged}"
        f"DTP*434*RD8*20260901-20260904~DTP*435*DT*202609011030~CL1*1*1*{patient_status}~{references}"
        f"HI*ABK:I2109:::::::Y~HI*ABJ:I2109~NM1*71*1*HEALER*HELEN****XX*1999999984~{numbered}"
    )
    return a_file("837I", body)


def other_payer(
    *adjustments: str,
    paid: str | None = "80.5",
    decided_on: str = "20260910",
    after_adjustments: str = "",
    references: str = "",
) -> str:
    """Loop 2320: a payer that decided before; CAS at the claim, AMT*D unless it is None, the day unless it is empty."""
    amount = "" if paid is None else f"AMT*D*{paid}~"
    day = f"DTP*573*D8*{decided_on}~" if decided_on else ""
    return (
        f"SBR*P*18*******MB~{''.join(adjustments)}{amount}{after_adjustments}OI***Y***Y~"
        f"NM1*IL*1*DOE*JANE****MI*X000001~NM1*PR*2*EARLIER PAYER*****PI*P0002~{day}{references}"
    )


def decision(paid: str, *adjustments: str, code: str = "99213", decided_on: str = "20260910") -> str:
    """Loop 2430: what that payer decided about the line."""
    day = f"DTP*573*D8*{decided_on}~" if decided_on else ""
    return f"SVD*P0002*{paid}*HC:{code}**1~{''.join(adjustments)}{day}"


def _numbered(lines: tuple[str, ...] | list[str]) -> str:
    return "".join(f"LX*{n}~{one.format(number=n)}" for n, one in enumerate(lines, 1))


def _total(lines: str, segment: str, element: int) -> str:
    charges = [Decimal(one.split("*")[element]) for one in lines.split("~") if one.startswith(segment + "*")]
    return text_of(sum(charges, Decimal(0)))
