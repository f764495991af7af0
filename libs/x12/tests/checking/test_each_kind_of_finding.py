"""One change to a file that was right gives one finding, at exactly the segment, element and loop that was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from claimstream_x12.checking import KINDS, Checker, CodeSets, Standing
from claimstream_x12.errors import Severity
from claimstream_x12.testing import pyx12_errors

from ..whole_files import (
    BENEFITS,
    CLAIM_ACKNOWLEDGMENT,
    DENTAL,
    GROUP_ACKNOWLEDGMENT,
    INQUIRY,
    INSTITUTIONAL,
    ISA,
    KNOWN_TO_PYX12,
    PROFESSIONAL,
    REMITTANCE,
    REVIEW_REQUEST,
    SECONDARY,
    STATUS_RESPONSE,
    WHOLE_FILES,
    WholeFile,
)

TODAY = date(2026, 9, 16)


class RefusedCodes:
    """A port that knows the codes of one list to be out of force."""

    def __init__(self, code_set: str = "") -> None:
        self._code_set = code_set

    def standing(self, code_set: str, code: str, on: date | None) -> Standing:  # noqa: ARG002 — the port asks so
        return Standing.INVALID if code_set == self._code_set else Standing.UNCHECKED


@dataclass(frozen=True)
class Wrong:
    """A file with a fault, and where the finding must stand."""

    code: str
    file: WholeFile
    at: str  # how the segment begins at whose position the finding stands
    element: int = 0
    component: int = 0
    loop: str = ""
    names: str = ""  # the segment that is named, where it is another (a missing one)
    besides: tuple[str, ...] = ()  # what the same fault leads to elsewhere
    warns: bool = False
    codes: CodeSets | None = None
    position: int | None = None  # where `at` is counted otherwise: 0 for what ends with the file

    def __str__(self) -> str:
        return (
            f"{self.code} at {self.names or self.at[:14]}{self.element or ''} in {self.loop or 'the set or envelope'}"
        )


P, S, I, D = PROFESSIONAL, SECONDARY, INSTITUTIONAL, DENTAL  # noqa: E741 — the guides' own letters
R, CA, GA = REMITTANCE, CLAIM_ACKNOWLEDGMENT, GROUP_ACKNOWLEDGMENT


def isa(number: int, text: str, base: WholeFile = P) -> WholeFile:
    """The file with another element in its ISA."""
    elements = ISA.split("*")
    elements[number] = text
    return base.change("ISA*", "*".join(elements))


CLOSE = ("SE*", "GE*", "IEA*")
AGAIN = tuple(segment.replace("*17*X", "*18*X").replace("GE*1*17", "GE*1*18") for segment in P.segments[1:-1])
ENVELOPE = [
    Wrong("isa-length", isa(6, "BAYCLINIC"), "ISA*", 6, warns=True),
    Wrong("isa-version", isa(12, "00401"), "ISA*", 12),
    Wrong("isa-date", isa(9, "260230"), "ISA*", 9),
    Wrong("isa-time", isa(10, "2460"), "ISA*", 10),
    Wrong("isa-qualifier", isa(1, "99"), "ISA*", 1),
    Wrong("isa-qualifier", isa(3, "99"), "ISA*", 3),
    Wrong("isa-qualifier", isa(5, "QQ"), "ISA*", 5),
    Wrong("isa-qualifier", isa(7, "QQ"), "ISA*", 7),
    Wrong("isa-acknowledgment", isa(14, "2"), "ISA*", 14),
    Wrong("isa-usage", isa(15, "I"), "ISA*", 15),
    Wrong("isa-control", isa(13, "00000001A").change("IEA*", "IEA*1*00000001A"), "ISA*", 13),
    Wrong("isa-separator", isa(11, "U"), "ISA*", 11, warns=True),
    Wrong("interchange-control", P.change("IEA*", "IEA*1*000000018"), "IEA*", 2),
    Wrong("group-count", P.change("IEA*", "IEA*2*000000017"), "IEA*", 1),
    Wrong("truncated-interchange", P.drop("IEA*"), "ISA*", 13, position=0),
    Wrong("outside-envelope", P.change("IEA*", "IEA", "REF*ZZ*1"), "REF*ZZ*1", besides=("group-count", "interchange-control")),
    Wrong("outside-set", P.add("GS*", "REF*ZZ*1"), "REF*ZZ"),
    Wrong("group-code", P.edit("GS*", "HC", "XX"), "GS*", 1, besides=("set-in-group",)),
    Wrong("group-version", P.edit("GS*", "005010X222A1", "005010X999"), "GS*", 8, besides=("guide-mismatch",)),
    Wrong("gs-element", P.edit("GS*", "20260916", "20260230"), "GS*", 4, warns=True),
    Wrong("gs-element", P.edit("GS*", "1030", "2460"), "GS*", 5, warns=True),
    Wrong("group-control", P.change("GE*", "GE*1*18"), "GE*", 2),
    Wrong("group-control", P.drop("GS*").change("IEA*", "IEA*0*000000017"), "GE*", besides=("outside-envelope",)),
    Wrong("outside-envelope", P.drop("GS*", "GE*").change("IEA*", "IEA*0*000000017"), "ST*", position=2),
    Wrong("set-count", P.change("GE*", "GE*2*17"), "GE*", 1),
    Wrong("truncated-group", P.drop("GE*"), "IEA*"),
    Wrong("truncated-group", P.change("GE*", *AGAIN).change("IEA*", "IEA*2*000000017"), "GS*HC*BAYCLINIC*FIRSTPAYER*20260916*1030*18"),
    Wrong("truncated-set", P.drop("SE*"), "REF*6R*CHILD1", names="ST"),
    Wrong("set-control", P.change("SE*", "SE*#*0002"), "SE*", 2),
    Wrong("segment-count", P.change("SE*", "SE*99*0001"), "SE*", 1),
    Wrong("set-control-missing", P.change("ST*", "ST*837**005010X222A1").change("SE*", "SE*#*"), "ST*", 2, besides=("element-missing",)),
    Wrong("set-unknown", P.edit("ST*", "837", "850"), "ST*", 1, besides=("guide-unknown",)),
    Wrong("set-in-group", P.edit("GS*", "HC", "HP").edit("GS*", "005010X222A1", "005010X221A1"), "ST*", 1, besides=("guide-mismatch",)),
    Wrong("guide-unknown", P.edit("ST*", "005010X222A1", "005010X999").edit("GS*", "005010X222A1", "005010X999"), "ST*", 3, besides=("group-version",)),
    Wrong("guide-mismatch", P.edit("GS*", "005010X222A1", "005010X223A2"), "ST*", 3),
    Wrong("guide-older", P.edit("ST*", "X222A1", "X222").edit("GS*", "X222A1", "X222"), "ST*", 3, warns=True),
    Wrong("guide-newer", P.edit("ST*", "X222A1", "X222A2").edit("GS*", "X222A1", "X222A2"), "ST*", 3, warns=True),
]  # fmt: skip

SYNTAX = [
    Wrong("segment-unknown", P.add("REF*G1", "ZZZ*1"), "ZZZ*", loop="2300"),
    Wrong("segment-unexpected", R.add("DTM*050", "NTE*ADD*OF ANOTHER SET"), "NTE*", loop="2100"),
    Wrong("segment-unexpected", P.add("PRV*PE", "N3*1 WRONG STREET"), "N3*1 WRONG", loop="2310B"),
    Wrong("segment-unexpected", CA.add("TRN*2*BATCH0001", "SVC*HC:99213*120", "STC*A1:19*20260917*U"), "SVC*", loop="2200B", besides=("segment-missing",)),
    Wrong("segment-missing", P.drop("BHT*"), "NM1*41", names="BHT"),
    Wrong("segment-missing", P.drop("N4*BOSTON"), "REF*EI", names="N4", loop="2010AA"),
    Wrong("segment-missing", P.drop("SV1*HC:36415"), "LX*2", names="SV1", loop="2400", besides=("claim-charge",), position=28),
    Wrong("segment-missing", R.drop("PER*BL"), "N1*PE", names="PER", loop="1000A"),
    Wrong("segment-missing", GA.drop("IK5*R"), "AK9*", names="IK5", loop="2000"),
    Wrong("segment-missing", R.drop("TRN*"), "DTM*405", names="TRN"),
    Wrong("loop-missing", P.drop("NM1*40"), "SE*", names="NM1", loop="1000B"),
    Wrong("loop-missing", P.drop("NM1*PR*2*FIRST"), "HL*3*", names="NM1", loop="2010BB"),
    Wrong("loop-missing", P.cut("HL*3*").add("REF*6R*OWN2", *CLOSE).drop("LX*1", "SV1*", "DTP*472", "REF*6R*OWN1", "LX*2", "SV1*", "DTP*472", "REF*6R*OWN2").change("SE*", "SE*#*0001").change("GE*", "GE*1*17").change("IEA*", "IEA*1*000000017"), "SE*", names="LX", loop="2400"),
    Wrong("loop-too-often", P.add("NM1*40", "NM1*40*2*SECOND PAYER*****46*SECOND"), "NM1*40*2*SECOND", loop="1000B"),
    Wrong("segment-too-often", P.add("REF*G1", "REF*G1*AGAIN"), "REF*G1*AGAIN", loop="2300"),
    Wrong("segment-too-often", P.add("N3*1 HARBOR", "N3*2 HARBOR STREET"), "N3*2", loop="2010AA"),
    Wrong("segment-order", P.add("HI*ABK:E119", "DTP*431*D8*20260801"), "DTP*431", loop="2300"),
    Wrong("segment-order", P.drop("N3*1 HARBOR").add("N4*BOSTON", "N3*1 HARBOR STREET"), "N3*1", loop="2010AA"),
    Wrong("segment-unexpected", P.drop("PRV*PE", "NM1*82").add("REF*6R*OWN2", "NM1*77*2*HILL SITE", "N3*1 HILL", "N4*SALEM*MA*019700001", "HI*BG:AA"), "HI*BG", loop="2420C"),
    Wrong("segment-empty", P.add("REF*G1", "K3"), "K3", loop="2300"),
    Wrong("hierarchy", P.change("HL*2*1*22*0", "HL*5*1*22*0").change("HL*3*1", "HL*6*1*22*1").change("HL*4*3", "HL*7*6*23*0"), "HL*5", 1, loop="2000B"),
    Wrong("hierarchy", P.change("HL*4*3*23*0", "HL*4*2*23*0"), "HL*4", 2, loop="2000C"),
    Wrong("hierarchy", P.change("HL*3*1*22*1", "HL*3*1*22*0"), "HL*3", 4, loop="2000B"),
    Wrong("loop-header", BENEFITS.drop("LE*2120"), "LS*2120", loop="2110C"),
    Wrong("loop-header", BENEFITS.drop("NM1*P3"), "LS*2120", loop="2110C"),
    Wrong("element-missing", P.change("CLM*OWN0001", "CLM*OWN0001*200***11:B:1**A*Y*Y"), "CLM*", 6, loop="2300"),
    Wrong("element-missing", P.change("CLM*OWN0001", "CLM*OWN0001*200***11::1*Y*A*Y*Y"), "CLM*", 5, 2, loop="2300"),
    Wrong("element-missing", R.edit("TRN*", "*1512345678", ""), "TRN*", 3),
    Wrong("element-pair", P.edit("NM1*82", "****XX*1234567893", "*****1234567893"), "NM1*82", 8, loop="2310B"),
    Wrong("element-pair", P.edit("PER*IC", "*TE*6175550100", "*TE*6175550100*FX"), "PER*IC", 6, loop="1000A"),
    Wrong("element-pair", R.edit("CAS*CO*45*29.5", "29.5", "29.5**96"), "CAS*CO", 6, loop="2110"),
    Wrong("element-pair", REVIEW_REQUEST.edit("HI*", "E119", "E119:D8"), "HI*", 1, 4, loop="2000E"),
    Wrong("element-missing", I.edit("HI*BBR", "BBR:02703DZ:D8:20260902", "CAH:02703DZ:D8"), "HI*CAH", 1, 4, loop="2300"),
    Wrong("element-excluded", P.edit("N4*BOSTON", "*021101234", "*021101234*US***NY"), "N4*BOSTON", 7, loop="2010AA"),
    Wrong("too-many-elements", P.edit("REF*6R*OWN1", "OWN1", "OWN1****MORE"), "REF*6R*OWN1", 5, loop="2400"),
    Wrong("too-many-components", P.edit("CLM*OWN0001", "11:B:1", "11:B:1:1"), "CLM*", 5, 4, loop="2300"),
    Wrong("too-many-repetitions", INQUIRY.change("EQ*30", "EQ*" + "^".join(["30"] * 100)), "EQ*", 1, loop="2110C"),
    Wrong("element-short", P.edit("NM1*41", "BAYCLINIC", "B"), "NM1*41", 9, loop="1000A"),
    Wrong("element-long", P.edit("REF*G1", "AUTHORIZED1", "A" * 51), "REF*G1", 2, loop="2300"),
    Wrong("element-long", P.edit("SV1*HC:36415", "*80*", "*0000000000000000080*"), "SV1*HC:36415", 2, loop="2400"),
    Wrong("character-set", P.edit("NM1*82", "RENDER", "RENDÉR"), "NM1*82", 3, loop="2310B", warns=True),
    Wrong("element-character", P.edit("NM1*82", "RENDER", "REN\x07DER"), "NM1*82", 3, loop="2310B"),
    Wrong("element-character", P.edit("NM1*82", "RENDER", "REN:DER"), "NM1*82", 3, loop="2310B"),
    Wrong("element-number", P.edit("SV1*HC:36415", "*80*", "*8O*"), "SV1*HC:36415", 2, loop="2400", besides=("claim-charge",)),
    Wrong("element-number", P.edit("SV1*HC:36415", "*80*", "*+80*"), "SV1*HC:36415", 2, loop="2400"),
    Wrong("element-number", P.edit("SV1*HC:36415", "*80*", "*8E1*"), "SV1*HC:36415", 2, loop="2400", besides=("claim-charge",)),
    Wrong("element-number", P.edit("SV1*HC:36415", "*80*", "*9E9999999*"), "SV1*HC:36415", 2, loop="2400", besides=("claim-charge",)),
    Wrong("element-number", P.change("LX*1", "LX*ONE"), "LX*ONE", 1, loop="2400", besides=("line-number",)),
    Wrong("element-date", P.edit("DTP*472", "20260901", "20260931"), "DTP*472", 3, loop="2400"),
    Wrong("element-date", P.edit("DMG*", "19800517", "19800230"), "DMG*", 2, loop="2010BA"),
    Wrong("element-date", R.edit("DTM*232", "20260901", "20230229"), "DTM*232", 2, loop="2100"),
    Wrong("element-date", I.edit("DTP*434", "20260901-20260904", "20260901"), "DTP*434", 3, loop="2300"),
    Wrong("element-date", I.edit("DTP*435", "202609011030", "202609012530"), "DTP*435", 3, loop="2300"),
    Wrong("element-date", I.edit("HI*BBR", "20260902", "20269902"), "HI*BBR", 1, 4, loop="2300"),
    Wrong("element-time", I.edit("DTP*096", "1100", "2400"), "DTP*096", 3, loop="2300"),
    Wrong("element-time", P.edit("BHT*", "1030", "1060"), "BHT*", 5),
    Wrong("element-code", P.edit("CLM*OWN0001", "*Y*A*", "*Q*A*"), "CLM*", 6, loop="2300"),
    Wrong("element-code", P.edit("PER*IC", "*TE*", "*ED*"), "PER*IC", 3, loop="1000A"),
    Wrong("element-code", I.edit("HI*ABF", ":::::::Y*", ":::::::Q*"), "HI*ABF", 1, 9, loop="2300"),
    Wrong("element-code", INQUIRY.change("EQ*30", "EQ*30^QQ"), "EQ*", 1, loop="2110C"),
    Wrong("element-not-used", P.edit("CLM*OWN0001", "*200***", "*200*XX**"), "CLM*", 3, loop="2300"),
    Wrong("element-not-used", I.edit("HI*ABJ", "I2109", "I2109:D8:20260901"), "HI*ABJ", 1, 3, loop="2300", besides=("element-not-used",)),
    Wrong("element-trailing", P.edit("REF*G1", "AUTHORIZED1", "AUTHORIZED1**"), "REF*G1", 4, loop="2300", warns=True),
]  # fmt: skip

FORMS = [
    Wrong("element-pair", R.edit("CAS*CO*45*29.5", "29.5", "29.5**97**1"), "CAS*CO", 6, loop="2110"),
    Wrong("amount-negative", P.edit("SV1*HC:36415", "*80*", "*-80*").edit("CLM*OWN0001", "*200*", "*40*"), "SV1*HC:36415", 2, loop="2400"),
    Wrong("amount-negative", CA.edit("AMT*YY", "50", "-50"), "AMT*YY", 2, loop="2200B"),
    Wrong("quantity-negative", P.edit("SV1*HC:36415", "UN*1", "UN*-1"), "SV1*HC:36415", 4, loop="2400"),
    Wrong("quantity-negative", GA.edit("AK9*", "*2*2*1", "*2*2*-1"), "AK9*", 4),
    Wrong("tax-number", P.edit("REF*EI", "123456789", "12-3456789"), "REF*EI", 2, loop="2010AA"),
    Wrong("tax-number", R.edit("REF*TJ", "123456789", "12345678"), "REF*TJ", 2, loop="1000B"),
    Wrong("drug-code", P.add("REF*6R*OWN2", "LIN**N4*0002-1433-80", "CTP****10*ML"), "LIN*", 3, loop="2410"),
    Wrong("tooth", D.edit("TOO*JP", "12", "33"), "TOO*", 2, loop="2400"),
]  # fmt: skip
"""What the guides say of numbers and identifiers in notes, which pyx12 does not look at."""

CLAIMS = [
    Wrong("claim-charge", P.edit("CLM*OWN0001", "*200*", "*201*"), "CLM*OWN", 2, loop="2300"),
    Wrong("claim-charge", D.edit("SV3*AD:D1110", "*50*", "*51*"), "CLM*", 2, loop="2300"),
    Wrong("claim-charge", I.edit("SV2*0450", "*600*", "*601*"), "CLM*", 2, loop="2300"),
    Wrong("other-payer-balance", S.edit("AMT*D", "130", "140"), "AMT*D", 2, loop="2320", besides=("other-payer-balance",)),
    Wrong("other-payer-balance", S.edit("CAS*PR", "20", "21"), "AMT*D", 2, loop="2320", besides=("other-payer-balance",)),
    Wrong("line-balance", S.edit("CAS*CO*45*30", "30", "20").edit("CAS*PR*1*20", "20", "30").edit("AMT*D", "130", "120"), "SVD*P0002*90", 2, loop="2430", besides=("other-payer-balance",)),
    Wrong("claim-frequency", P.edit("CLM*OWN0001", "11:B:1", "11:B:2"), "CLM*OWN", 5, 3, loop="2300"),
    Wrong("original-reference", P.edit("CLM*OWN0001", "11:B:1", "11:B:7"), "CLM*OWN", 5, 3, loop="2300"),
    Wrong("original-reference", P.add("REF*G1", "REF*F8*PAYER77"), "REF*F8", 1, loop="2300"),
    Wrong("frequency-and-status", I.drop("DTP*096").change("CL1*", "CL1*1*1*30"), "CLM*", 5, 3, loop="2300"),
    Wrong("diagnosis-pointer", P.edit("SV1*HC:99213:25", "***1:2", "***1:3"), "SV1*HC:99213", 7, 2, loop="2400"),
    Wrong("diagnosis-pointer", D.edit("SV3*AD:D1110", "****1", "****1*****1"), "SV3*AD:D1110", 11, 1, loop="2400"),
    Wrong("line-control-twice", P.edit("REF*6R*OWN2", "OWN2", "OWN1"), "REF*6R", 2, loop="2400", position=P.position("REF*6R*OWN2")),
    Wrong("code-systems-mixed", P.edit("HI*ABK:E119", "ABF:I10", "BF:4019"), "HI*ABK", 2, 1, loop="2300"),
    Wrong("code-system-date", P.edit("HI*ABK:J069", "ABK:J069", "BK:4659"), "HI*BK", 1, 1, loop="2300"),
    Wrong("external-cause-first", P.edit("HI*ABK:J069", "J069", "W010XXA"), "HI*ABK:W01", 1, 2, loop="2300", warns=True),
    Wrong("billing-street", P.edit("N3*1 HARBOR", "1 HARBOR STREET", "PO BOX 12"), "N3*PO", 1, loop="2010AA", warns=True),
    Wrong("born-after-service", P.edit("DMG*D8*20150302", "20150302", "20260915"), "DTP*472*D8*20260902", 3, loop="2400", warns=True),
    Wrong("died-before-service", P.change("PAT*19", "PAT*19****D8*20260801"), "DTP*472*D8*20260902", 3, loop="2400", warns=True),
    Wrong("dates-contradict", P.add("CLM*OWN0001", "DTP*431*D8*20260903"), "DTP*431", 3, loop="2300", warns=True),
    Wrong("discharge-hour", I.drop("DTP*096"), "CLM*", 5, loop="2300", warns=True),
    Wrong("line-number", P.change("LX*2", "LX*3"), "LX*3", 1, loop="2400"),
    Wrong("accident-date", P.edit("CLM*OWN0001", "*Y*Y", "*Y*Y**OA"), "CLM*OWN", 11, loop="2300"),
    Wrong("accident-state", P.edit("CLM*OWN0001", "*Y*Y", "*Y*Y**AA").add("CLM*OWN0001", "DTP*439*D8*20260801"), "CLM*OWN", 11, 4, loop="2300"),
    Wrong("patient-level", P.change("SBR*P*18", "SBR*P********CI"), "CLM*OWN", loop="2300"),
    Wrong("patient-level", P.change("SBR*P********CI", "SBR*P*18*******CI").add("NM1*IL*1*ROE", "N3*7 OAK STREET", "N4*SALEM*MA*019700001", "DMG*D8*19810102*M"), "HL*3*", 4, loop="2000B"),
    Wrong("patient-person", P.drop("DMG*D8*19800517"), "NM1*IL*1*DOE", loop="2010BA"),
    Wrong("zip-plus-four", P.edit("N4*BOSTON", "021101234", "02110"), "N4*BOSTON", 3, loop="2010AA"),
    Wrong("attachment-number", P.add("CLM*OWN0001", "PWK*OZ*BM"), "PWK*", 6, loop="2300"),
    Wrong("service-date-future", P.edit("DTP*472", "20260901", "20991231"), "DTP*472", 3, loop="2400"),
    Wrong("dates-reversed", P.edit("DTP*472", "D8*20260901", "RD8*20260902-20260901"), "DTP*472", 3, loop="2400"),
    Wrong("admission-date", I.drop("DTP*435"), "CLM*", 5, loop="2300"),
    Wrong("admitting-diagnosis", I.drop("HI*ABJ"), "CLM*", 5, loop="2300"),
    Wrong("cas-group-twice", S.change("CAS*CO*45*30", "CAS*CO*45*20", "CAS*CO*59*10"), "CAS*CO*59", 1, loop="2430"),
    Wrong("decision-date", S.add("NM1*PR*2*EARLIER", "DTP*573*D8*20260910"), "DTP*573*D8*20260910", loop="2330B"),
    Wrong("other-payer-paid", S.drop("AMT*D"), "SBR*P", loop="2320"),
    Wrong("control-number-long", P.edit("CLM*", "OWN0001", "OWN000000000000000001"), "CLM*", 1, loop="2300", warns=True),
    Wrong("other-payer-unknown", S.edit("SVD*P0002*60", "P0002", "P0009").edit("AMT*D", "130", "70").edit("CAS*PR*1*20", "20", "100").edit("SVD*P0002*90", "90", "90"), "SVD*P0009", 1, loop="2430", besides=("other-payer-balance",)),
    Wrong("npi", P.edit("NM1*82", "1234567893", "1234567890"), "NM1*82", 9, loop="2310B"),
    Wrong("npi", P.edit("NM1*85", "1999999984", "1999999985"), "NM1*85", 9, loop="2010AA"),
]  # fmt: skip

REMITTANCES = [
    Wrong("service-balance", R.edit("CAS*CO*45*29.5", "29.5", "28.5").edit("CLP*OWN0001", "*120*", "*119*"), "SVC*HC:99213", 3, loop="2110"),
    Wrong("claim-balance", R.edit("CLP*OWN0001", "*120*80.5*", "*121*80.5*"), "CLP*OWN0001", 4, loop="2100"),
    Wrong("lines-balance", R.edit("SVC*HC:99213", "*120*80.5*", "*121*81.5*"), "CLP*OWN0001", 4, loop="2100"),
    Wrong("transaction-balance", R.edit("BPR*", "131.5", "132.5"), "BPR*", 2),
    Wrong("not-recognised", R.edit("CLP*OWN0001", "*1*", "*4*").add("NM1*QC", "NM1*TT*2*NEXT PAYER*****PI*P0009"), "CLP*OWN0001", 2, loop="2100", warns=True),
    Wrong("payment-negative", R.edit("BPR*", "131.5", "-1").edit("PLB*", "WO:PAYER66*9", "WO:PAYER66*141.5"), "BPR*", 2),
    Wrong("no-payment", R.edit("BPR*I", "I", "H"), "BPR*", 4),
    Wrong("no-payment", R.change("BPR*", "BPR*H*131.5*C*NON************20260920"), "BPR*", 2),
    Wrong("bank-account", R.change("BPR*", "BPR*I*131.5*C*ACH*CCP*01*011000015*DA*1234567***01*011000015*DA*7654321*20260920"), "BPR*", 10),
    Wrong("adjustment-group", R.edit("CAS*PR*3*10", "PR*3", "OA*100"), "CAS*OA", 1, loop="2110"),
    Wrong("interest", R.add("DTM*050", "AMT*I*1.25"), "BPR*", 2, warns=True),
    Wrong("interest", R.add("DTM*050", "AMT*I*1.25").edit("PLB*", "WO:PAYER66*9", "WO:PAYER66*10*L6*-1"), "PLB*", 6, warns=True),
    Wrong("no-payment", R.edit("PLB*", "*9", "*140.5").edit("BPR*", "131.5", "0"), "BPR*", 2),
    Wrong("reversal-sign", R.edit("CLP*OWN0001", "*1*120", "*22*120"), "CLP*OWN0001", 3, loop="2100", warns=True),
    Wrong("service-days", R.add("DTM*232", "DTM*233*20260831"), "DTM*232", 2, loop="2100", warns=True),
    Wrong("forwarded-to", R.edit("CLP*OWN0001", "*1*120", "*19*120"), "CLP*OWN0001", 2, loop="2100", warns=True),
    Wrong("service-date", R.drop("DTM*472*20260902"), "CLP*OWN0002", loop="2100", warns=True),
]  # fmt: skip

ANSWERS = [
    Wrong("status-category", CA.edit("STC*A7", "A7", "F2"), "STC*F2", 1, 1, loop="2200D", besides=("status-action",)),
    Wrong("status-action", CA.edit("STC*A7", "*U*", "*WQ*"), "STC*A7", 3, loop="2200D"),
    Wrong("status-action", CA.edit("STC*A2", "*WQ*", "*U*"), "STC*A2", 3, loop="2200D"),
    Wrong("acknowledgment-totals", CA.edit("QTY*90", "1", "5"), "QTY*90", 2, loop="2200B", warns=True),
    Wrong("acknowledgment-totals", CA.edit("AMT*YY", "50", "49.99"), "AMT*YY", 2, loop="2200B", warns=True),
    Wrong("acknowledgment-status", GA.change("IK5*A", "IK5*E").change("IK5*R*5", "IK5*A").change("AK9*", "AK9*E*2*2*2"), "IK5*A", 1, loop="2000"),
    Wrong("acknowledgment-status", GA.edit("AK9*", "*P*", "*A*"), "AK9*", 1),
    Wrong("acknowledgment-status", GA.edit("AK9*", "*P*", "*R*"), "AK9*", 1),
    Wrong("acknowledgment-counts", GA.edit("AK9*", "*2*2*1", "*2*2*3"), "AK9*", 4),
]  # fmt: skip

CODES = [
    Wrong("code-diagnosis", P.edit("HI*ABK:E119", "ABF:I10", "ABF:ZZZZZ"), "HI*ABK", 2, 2, loop="2300"),
    Wrong("code-diagnosis", P, "HI*ABK", 1, 2, loop="2300", besides=("code-diagnosis",) * 2, codes=RefusedCodes("icd10cm")),
    Wrong("code-procedure", P.edit("SV1*HC:36415", "36415", "XXXXX"), "SV1*HC:XXXXX", 1, 2, loop="2400"),
    Wrong("code-procedure", I.edit("HI*BBR", "02703DZ", "02703OI"), "HI*BBR", 1, 2, loop="2300"),
    Wrong("code-place", P.edit("CLM*OWN0001", "11:B:1", "1A:B:1"), "CLM*OWN", 5, 1, loop="2300"),
    Wrong("code-address", P.edit("N4*BOSTON", "*MA*", "*XX*"), "N4*BOSTON", 2, loop="2010AA"),
    Wrong("code-address", P.edit("N4*BOSTON", "021101234", "021101234*QQ"), "N4*BOSTON", 4, loop="2010AA"),
    Wrong("code-unknown", P.edit("PRV*PE", "207Q00000X", "FAMILY DOCTOR"), "PRV*PE", 3, loop="2310B", warns=True),
    Wrong("code-unknown", R.edit("CAS*CO*45*29.5", "45", "X9999"), "CAS*CO", 2, loop="2110", warns=True),
    Wrong("code-unknown", R.edit("LQ*HE", "N381", "ABCDE"), "LQ*HE", 2, loop="2110", warns=True),
]  # fmt: skip

EVERY_FAULT = [*ENVELOPE, *SYNTAX, *FORMS, *CLAIMS, *REMITTANCES, *ANSWERS, *CODES]

FOUND_ELSEWHERE = {
    "not-x12": "test_bad_input: a file without an ISA",
    "line-ends": "test_wrapped_files: a file in lines of 80 bytes",
    "blank-before-terminator": "test_wrapped_files: a blank before the terminator of ISA",
    "truncated": "test_bad_input: a file cut at every byte",
    "segment-too-long": "test_bad_input: an element of ten megabytes",
    "text-outside-interchange": "test_bad_input: words between two interchanges",
    "interchange-reused": "test_bad_input: control numbers that come twice",
    "group-reused": "test_bad_input: control numbers that come twice",
    "set-control-reused": "test_bad_input: control numbers that come twice",
    "not-a-number": "said by the typed readers, never by the checker",
    "not-a-date": "said by the typed readers, never by the checker",
    "missing-element": "said by the typed readers, never by the checker",
    "missing-segment": "said by the typed readers, never by the checker",
}


def findings_of(file: WholeFile, codes: CodeSets | None = None):
    """Every finding of a file."""
    report = Checker(codes, today=TODAY).check(file.data())
    return [*report.envelope_findings, *(finding for one in report.sets for finding in one.findings)]


@pytest.mark.parametrize("name", WHOLE_FILES)
def test_a_file_that_is_right_is_accepted_without_a_finding(name):
    report = Checker(today=TODAY).check(WHOLE_FILES[name].data())

    assert [one.status for one in report.sets] == ["accepted"]
    assert report.envelope_findings == ()
    assert not report.rejected


@pytest.mark.parametrize("name", KNOWN_TO_PYX12)
def test_pyx12_calls_the_same_files_valid(name):
    assert pyx12_errors(WHOLE_FILES[name].data()) == []


@pytest.mark.parametrize("wrong", EVERY_FAULT, ids=str)
def test_a_fault_is_found_where_it_stands(wrong):
    found = findings_of(wrong.file, wrong.codes)

    place = (
        wrong.code,
        wrong.file.position(wrong.at) if wrong.position is None else wrong.position,
        (wrong.names or wrong.at.split("*")[0])[:3],
        wrong.element,
        wrong.component,
        wrong.loop,
    )
    told = [
        (f.code, f.place.segment, f.place.segment_id, f.place.element, f.place.component, f.place.loop) for f in found
    ]
    assert place in told
    assert sorted(code for code, *_ in told) == sorted([wrong.code, *wrong.besides])


@pytest.mark.parametrize("wrong", EVERY_FAULT, ids=str)
def test_an_error_rejects_and_a_warning_does_not(wrong):
    found = findings_of(wrong.file, wrong.codes)
    rejected = Checker(wrong.codes, today=TODAY).check(wrong.file.data()).rejected

    severity = Severity.WARNING if wrong.warns else Severity.ERROR
    assert {finding.severity for finding in found if finding.code == wrong.code} == {severity}
    assert rejected is not wrong.warns


def test_every_kind_of_finding_has_its_fault_or_a_reason():
    assert {wrong.code for wrong in EVERY_FAULT} | FOUND_ELSEWHERE.keys() == KINDS.keys()
    assert not {wrong.code for wrong in EVERY_FAULT} & FOUND_ELSEWHERE.keys()


def test_every_finding_has_a_message_that_shows_no_name_and_no_birth_date():
    messages = [finding.message for wrong in EVERY_FAULT for finding in findings_of(wrong.file, wrong.codes)]

    assert all(messages)
    assert [
        message for message in messages if any(text in message for text in ("DOE", "JANE", "ROE", "19800230"))
    ] == []


def test_a_fault_in_a_set_of_another_kind_is_found_as_well():
    wrong = [
        (STATUS_RESPONSE.edit("STC*F1", "20260917", "20260931"), ("element-date", 12, "STC", 2, "2200D")),
        (REVIEW_REQUEST.edit("UM*", "HS", "QQ"), ("element-code", 12, "UM", 1, "2000E")),
    ]

    found = [
        [(f.code, f.place.segment, f.place.segment_id, f.place.element, f.place.loop) for f in findings_of(file)]
        for file, _ in wrong
    ]

    assert found == [[place] for _, place in wrong]
